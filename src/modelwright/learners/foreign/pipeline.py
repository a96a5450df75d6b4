"""A fitted pipeline of scikit-learn, from raw columns to the answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from modelwright.data.schema import Kind
from modelwright.errors import LearnerError
from modelwright.learners.foreign.base import Need, order_of, refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.estimators import answer
from modelwright.learners.foreign.levels import ENCODERS, encode
from modelwright.learners.foreign.scaling import transform
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task

_PASSES = (None, "passthrough")


@dataclass(frozen=True)
class FittedPipeline:
    """A fitted pipeline, or a model alone.

    Parameters
    ----------
    fitted
        What was learned; its last step is a model.
    """

    fitted: Any

    @property
    def title(self) -> str:
        """The class of its model."""
        return type(_steps(self.fitted)[-1]).__name__

    @property
    def needs(self) -> Sequence[Need]:
        """The columns that it reads, as numbers or as categories."""
        draft = Draft()
        self._matrix(draft)
        return list(draft.needs.values())

    def program(self, task: Task) -> Program:
        """Return it as a program; see `Foreign.program`."""
        draft = Draft()
        matrix = self._matrix(draft)
        return draft.program(task, answer(draft, _steps(self.fitted)[-1], matrix, task))

    def answers(self, rows: pl.DataFrame, task: Task) -> Floats | None:
        """Return what scikit-learn itself answers."""
        frame = self._frame(rows)
        if not task.is_classification:
            return np.asarray(self.fitted.predict(frame), dtype=np.float64).reshape(-1, 1)
        order = order_of(list(self.fitted.classes_), task)
        return np.asarray(self.fitted.predict_proba(frame), dtype=np.float64)[:, order]

    def _matrix(self, draft: Draft) -> str:
        *before, _ = _steps(self.fitted)
        names = _names(self.fitted)
        if before and type(before[0]).__name__ == "ColumnTransformer":
            matrix, before = _columns(draft, before[0]), before[1:]
        elif before and type(before[0]).__name__ in ENCODERS:
            matrix, before = encode(draft, before[0], names, ()), before[1:]
        else:
            matrix = _numbers(draft, names)
        for transformer in before:
            if transformer not in _PASSES:
                matrix = transform(draft, transformer, matrix)
        return matrix

    def _frame(self, rows: pl.DataFrame) -> Any:
        """Return rows as the pipeline saw them when it learned: missing texts as NaN."""
        import pandas as pd

        columns = {}
        texts = _categories(self.fitted)
        for need in self.needs:
            series = rows[need.name]
            if need.kind == Kind.NUMERIC:
                columns[need.name] = series.cast(pl.Float64).to_numpy()
            else:
                columns[need.name] = _as_learned(series, texts.get(need.name, ()))
        names = [name for name in _names(self.fitted) if name in columns]
        return pd.DataFrame(columns)[names]


def _steps(fitted: Any) -> list[Any]:
    """Return the steps of a pipeline, nested ones laid flat; a model alone is one step."""
    if type(fitted).__name__ != "Pipeline":
        return [fitted]
    return [inner for _, step in fitted.steps for inner in _steps(step)]


def _names(fitted: Any) -> list[str]:
    names = getattr(fitted, "feature_names_in_", None)
    if names is None:
        raise LearnerError(
            "The model does not say which columns it reads.",
            "Fit it on a data frame with named columns.",
        )
    return [str(name) for name in names]


def _numbers(draft: Draft, names: Sequence[str]) -> str:
    return draft.beside([draft.column(name, Kind.NUMERIC) for name in names])


def _columns(draft: Draft, transformer: Any) -> str:
    """Write a ColumnTransformer: each part reads some raw columns, and they stand side by side."""
    values = []
    for _, part, columns in transformer.transformers_:
        names = _chosen(transformer, columns)
        if part == "drop" or not names:
            continue
        values.append(_part(draft, _steps(part), names))
    if not values:
        raise refuse("A ColumnTransformer without columns")
    return draft.beside(values)


def _part(draft: Draft, steps: Sequence[Any], names: Sequence[str]) -> str:
    first, *rest = steps
    if type(first).__name__ in ENCODERS:
        value = encode(draft, first, names, ())
    elif rest and type(rest[0]).__name__ in ENCODERS:
        if type(first).__name__ != "SimpleImputer" or first.add_indicator:
            raise refuse(f"A {type(first).__name__} before an encoder")
        value, rest = encode(draft, rest[0], names, list(first.statistics_)), rest[1:]
    else:
        value, rest = _numbers(draft, names), [*steps]
    for transformer in rest:
        if transformer not in _PASSES:
            value = transform(draft, transformer, value)
    return value


def _chosen(transformer: Any, columns: Any) -> list[str]:
    names = _names(transformer)
    if isinstance(columns, str):
        return [columns]
    if isinstance(columns, slice):
        return names[columns]
    chosen = list(columns)
    if chosen and isinstance(chosen[0], bool | np.bool_):
        return [name for name, taken in zip(names, chosen, strict=True) if taken]
    return [each if isinstance(each, str) else names[each] for each in chosen]


def _categories(fitted: Any) -> dict[str, Sequence[Any]]:
    """Return the categories that encoders learned, by column."""
    return dict(_encoded(fitted))


def _encoded(fitted: Any) -> Iterator[tuple[str, Sequence[Any]]]:
    for step in _steps(fitted):
        if type(step).__name__ in ENCODERS:
            yield from zip(_names(step), step.categories_, strict=True)
        if type(step).__name__ == "ColumnTransformer":
            for _, part, columns in step.transformers_:
                names = _chosen(step, columns)
                for inner in () if isinstance(part, str) else _steps(part):
                    if type(inner).__name__ in ENCODERS:
                        yield from zip(names, inner.categories_, strict=True)


def _as_learned(series: pl.Series, categories: Sequence[Any]) -> Any:
    """Return texts as an encoder knows them: as numbers where its categories are."""
    texts = np.array([np.nan if each is None else each for each in series], dtype=object)
    known = [each for each in categories if each is not None and each == each]
    if not known or isinstance(known[0], str):
        return texts
    whole = isinstance(known[0], int | np.integer)
    return np.array([_number(each, whole=whole) for each in texts], dtype=object)


def _number(text: Any, *, whole: bool) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return int(text) if whole else float(text)
    except ValueError:
        return text
