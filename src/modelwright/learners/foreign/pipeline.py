"""A fitted pipeline of scikit-learn, from raw columns to the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from modelwright.data.schema import Kind
from modelwright.data.values.cells import ALWAYS_MISSING
from modelwright.errors import InputError, LearnerError
from modelwright.learners.foreign.base import Need, order_of, refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.estimators import title_of, written
from modelwright.learners.foreign.given import Frame, names_of
from modelwright.learners.foreign.shaking import undecided
from modelwright.learners.foreign.texts import reads_list
from modelwright.learners.foreign.votes import shares_of_votes
from modelwright.predictor.operations.base import Flags, Floats
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class FittedPipeline:
    """A fitted pipeline, or a model alone.

    Parameters
    ----------
    fitted
        What was learned; its last step is a model.
    columns
        What it reads, in its order, where it was fitted without names.
    labels
        What its classes mean, in its order, where they were encoded before.
    """

    fitted: Any
    columns: Sequence[str] = ()
    labels: Sequence[str] = ()

    @property
    def title(self) -> str:
        """The class of its model."""
        return title_of(self.fitted)

    @property
    def needs(self) -> Sequence[Need]:
        """The columns that it reads, as numbers or as categories."""
        return list(self._written[0].needs.values())

    def program(self, task: Task) -> Program:
        """Return it as a program; see `Foreign.program`."""
        draft, answer = self._written
        return self.finished(draft, answer, task)

    def finished(self, draft: Draft, answer: str, task: Task) -> Program:
        """Return a draft as a program that answers a task.

        Parameters
        ----------
        draft
            Where the answer is written.
        answer
            Probabilities in the order of the model's classes, or numbers.
        task
            What the program answers.

        Raises
        ------
        LearnerError
            When the model answers something else.
        """
        if task.is_classification != self.answers_classes:
            kind = "classes" if self.answers_classes else "numbers"
            raise refuse(f"A {self.title}, which answers {kind}, for this target")
        if self.answers_classes:
            answer = draft.reordered(answer, self._order(task))
        return draft.program(task, answer)

    @property
    def answers_classes(self) -> bool:
        """Whether it answers classes; else numbers."""
        # CatBoost's numbers have classes too: none.
        return len(getattr(self.fitted, "classes_", ())) > 0

    def answers(self, rows: pl.DataFrame, task: Task) -> Floats | None:
        """Return what scikit-learn itself answers."""
        return self.answers_to(self._as_learned(rows), task)

    def answers_to(self, frame: Any, task: Task) -> Floats:
        """Return what scikit-learn itself answers to rows in the form that it learned from."""
        if not task.is_classification:
            return np.asarray(self.fitted.predict(frame), dtype=np.float64).reshape(-1, 1)
        if hasattr(self.fitted, "predict_proba"):
            told = self.fitted.predict_proba(frame)
        else:
            told = shares_of_votes(self.fitted, frame)
        return np.asarray(told, dtype=np.float64)[:, self._order(task)]

    def undecided(
        self, rows: pl.DataFrame, task: Task, *, answers: Floats, tolerance: float
    ) -> Flags:
        """Say which rows the model itself does not decide; see `Wavering`."""
        frame = self._as_learned(rows)
        return undecided(
            self.fitted,
            lambda fitted: replace(self, fitted=fitted).answers_to(frame, task),
            answers=answers,
            tolerance=tolerance,
        )

    def _order(self, task: Task) -> list[int]:
        return order_of(list(self.labels or self.fitted.classes_), task)

    @cached_property
    def _written(self) -> tuple[Draft, str]:
        draft = Draft()
        return draft, written(draft, self.fitted, self.frame)

    @property
    def frame(self) -> Frame:
        """The columns that it reads.

        Raises
        ------
        LearnerError
            When nobody says which.
        """
        names = names_of(self.fitted, self.columns)
        if not names:
            raise LearnerError(
                "The model does not say which columns it reads.",
                "Say --columns age,fare in its order, or fit it on a data frame.",
            )
        return Frame(names)

    def _as_learned(self, rows: pl.DataFrame) -> Any:
        """Return rows as the pipeline saw them when it learned: missing texts as NaN."""
        import pandas as pd

        reading, _ = self._written
        columns = {}
        for need in reading.needs.values():
            series = rows[need.name]
            if need.kind == Kind.NUMERIC:
                columns[need.name] = series.cast(pl.Float64).to_numpy()
            elif need.kind == Kind.TEXT:
                columns[need.name] = series.fill_null("").to_numpy()
            else:
                columns[need.name] = _as_learned(series, reading.levels.get(need.name, ()))
        if reads_list(self.fitted):
            return list(columns[self.frame.names[0]])
        unread = {name: np.nan for name in self.frame.names if name not in columns}
        frame = pd.DataFrame(columns).assign(**unread)[list(self.frame.names)]
        for name in reading.numbered:
            levels = list(reading.levels[name])
            known = frame[name].where(frame[name].isin(levels))
            frame[name] = pd.Categorical(known, categories=levels)
        return frame.to_numpy() if self.columns else frame


def check_model(fitted: Any, name: str) -> None:
    """Refuse what is no fitted model of one target.

    Parameters
    ----------
    fitted
        What a file held.
    name
        The file's.

    Raises
    ------
    InputError
        When it is something else.
    """
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    kind = type(fitted).__name__
    if not hasattr(fitted, "predict") or not hasattr(fitted, "get_params"):
        raise InputError(
            f"{name} holds a {kind}, which is no model of scikit-learn.",
            "Save the pipeline itself; a booster in the format of its own library.",
        )
    if type(fitted).__module__.startswith("sklearn."):
        try:
            check_is_fitted(fitted)
        except NotFittedError as error:
            raise InputError(
                f"{name} holds a {kind} that was not fitted.", "Fit it first."
            ) from error
    if getattr(fitted, "n_outputs_", 1) > 1:
        raise InputError(f"{name} holds a {kind} of several targets.", "Adopt one for each target.")


def _as_learned(series: pl.Series, categories: Sequence[Any]) -> Any:
    """Return texts as an encoder knows them: as numbers or truths where its categories are."""
    mark = next((each for each in categories if each in ALWAYS_MISSING), np.nan)
    texts = np.array([mark if each is None else each for each in series], dtype=object)
    known = [each for each in categories if each is not None and each == each]
    if not known or isinstance(known[0], str):
        return texts
    if isinstance(known[0], bool | np.bool_):
        return np.array([_TRUTHS.get(each, each) for each in texts], dtype=object)
    whole = isinstance(known[0], int | np.integer)
    return np.array([_number(each, whole=whole) for each in texts], dtype=object)


_TRUTHS = {"true": True, "True": True, "false": False, "False": False}


def _number(text: Any, *, whole: bool) -> Any:
    if not isinstance(text, str):
        return text
    kind = int if whole else float
    try:
        # A library may keep truths as numbers.
        return kind(_TRUTHS.get(text, text))
    except ValueError:
        return text
