"""LightGBM on rows that come as a stream: each piece is put into bins, and only bins are held."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import lightgbm
import numpy as np
from lightgbm.basic import LightGBMError
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.compute.parallel import cores
from modelwright.errors import BudgetError, InputError
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.boosting import USUAL_RATE, Lesson, prepare
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.lightgbm_trees import read_trees
from modelwright.learners.watch import Watch
from modelwright.predictor.operations.base import Floats

_AT_ONCE = 50_000
_PROBE_ROUNDS = 3
_PATIENCE = 20
_LOOK = 5
"""Rounds after which the rows that are set aside are asked."""
_SPENT = 0.8
"""Of the time, for rounds, as the first ones foresee them."""
_MOST_HASTE = 4.0
_BINS_OF_A_BYTE = 256
_BYTES_BESIDE_BINS = 24
"""Of a row: its label, its weight, and its place among the rows that a tree draws."""
_BYTES_OF_OUTPUT = 24
"""Of a row for each tree of a round: its score, the gradient and the second derivative."""


def bytes_of_row(lesson: Lesson, bins: int) -> int:
    """Return what a row takes in so many bins a column while trees learn from it.

    Parameters
    ----------
    lesson
        Of the sample.
    bins
        Of a column.
    """
    cell = 1 if bins < _BINS_OF_A_BYTE else 2
    columns = lesson.encoding.width * cell
    return columns + _BYTES_BESIDE_BINS + _BYTES_OF_OUTPUT * lesson.trees_per_round


@dataclass(frozen=True)
class Recorded:
    """What a fit took, so that it can be done again.

    Parameters
    ----------
    rounds
        Of boosting.
    rate
        What each tree counts for.
    """

    rounds: int
    rate: float


@dataclass(frozen=True)
class Streamed:
    """Rows in bins, for one or several learners of one encoding.

    Parameters
    ----------
    lesson
        Encoding, unit and loss, learned from the rows of the sample.
    train, check
        What is learned from, the sample first; what tells where to stop.
    """

    lesson: Lesson
    train: lightgbm.Dataset
    check: lightgbm.Dataset

    def fit(
        self,
        learner: LightGBM,
        *,
        usual_rounds: int,
        recorded: Recorded | None,
        budget: Budget,
        seed: int,
    ) -> tuple[Fitted, Recorded]:
        """Grow trees until the rows set aside gain nothing or the time is over.

        Parameters
        ----------
        learner
            With its parameters.
        usual_rounds
            That the sample took. Where the time allows fewer, each counts for more.
        recorded
            Do again what was done before, however long it takes; None to find it.
        budget
            The time for rounds.
        seed
            For the learner.

        Raises
        ------
        BudgetError
            When the time ends before the first round.
        InputError
            When LightGBM refuses the rows.
        """
        settings = learner.settings_for(self.lesson, seed)
        try:
            if recorded is None:
                threads, pace_s = self._pace(settings)
                allowed = max(1.0, _SPENT * budget.remaining_s / pace_s)
                settings["learning_rate"] *= min(max(1.0, usual_rounds / allowed), _MOST_HASTE)
                settings["num_threads"] = threads
                booster, watch = self._boost(settings, budget)
                recorded = Recorded(watch.best, settings["learning_rate"])
            else:
                settings["learning_rate"] = recorded.rate
                booster = lightgbm.Booster(settings, self.train)
                for _ in range(recorded.rounds):
                    booster.update()
        except LightGBMError as error:
            raise InputError(f"LightGBM could not learn from the stream: {error}.") from error
        trees = read_trees(booster.model_to_string(num_iteration=recorded.rounds), self.lesson)
        return Fitted(self.lesson.program((trees,)), recorded.rounds, by_chance=True), recorded

    def _pace(self, settings: Mapping[str, Any]) -> tuple[int, float]:
        """Return how many threads are quickest, and the seconds of a round.

        On a busy machine threads that meet after every node wait for each other longer than one
        takes alone. The trees are the same with any number.
        """
        paces = {}
        for threads in sorted({1, cores()}):
            probe = lightgbm.Booster({**settings, "num_threads": threads}, self.train)
            began = time.monotonic()
            for _ in range(_PROBE_ROUNDS):
                probe.update()
            paces[threads] = (time.monotonic() - began) / _PROBE_ROUNDS
        return min(paces.items(), key=lambda each: each[1])

    def _boost(self, settings: dict[str, Any], budget: Budget) -> tuple[lightgbm.Booster, Watch]:
        booster = lightgbm.Booster(settings, self.train)
        booster.add_valid(self.check, "check")
        patience = round(_PATIENCE * max(1.0, USUAL_RATE / settings["learning_rate"]))
        watch = Watch(budget.reserve(0.1 * budget.remaining_s), patience)
        while watch.rounds < self.lesson.size.rounds:
            if booster.update():
                break
            looks = (watch.rounds + 1) % _LOOK == 0
            if watch.stops(float(booster.eval_valid()[0][2]) if looks else None):
                break
        if not watch.best:
            raise BudgetError("There was no time for a single round.")
        return booster, watch


def lesson_for(learner: LightGBM, sample: Rows, *, budget: Budget, seed: int) -> Lesson:
    """Return the encoding, the unit and the size of trees that a sample tells.

    Parameters
    ----------
    learner
        Says whether categories are crossed.
    sample
        Rows in memory.
    budget
        The time there is.
    seed
        Of the encoding.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    return prepare(
        sample,
        None,
        1,
        most_leaves=learner.leaves,
        crosses=learner.crosses,
        budget=budget,
        seed=seed,
    )


def stream_into_bins(
    lesson: Lesson,
    binning: Mapping[str, Any],
    further: Iterable[Rows],
    *,
    count: int,
    sample: Rows,
    check: Rows,
    budget: Budget,
) -> Streamed:
    """Put rows into bins, a piece at a time.

    The bins are those of the sample. Target means are learned from the sample too: for the rows
    that are streamed from none of them, for its own rows out of fold.

    Parameters
    ----------
    lesson
        What `lesson_for` returned for the sample.
    binning
        As `binning_of` returns it.
    further, count
        More rows to learn from, as pieces, and how many there are.
    sample
        Rows in memory.
    check
        Rows in memory that nothing is learned from.
    budget
        The time there is.

    Raises
    ------
    BudgetError
        When the time ends.
    InputError
        When LightGBM refuses the rows.
    """
    params, labels = dict(binning), _Labels(lesson)
    matrix = lesson.train.matrix
    known = lightgbm.Dataset(matrix, labels.of(sample), params=params).construct()
    pieces = (_encoded(lesson, labels, piece, budget) for piece in further)
    spans = [_Spans(len(sample), iter([matrix])), _Spans(count, pieces)]
    del matrix
    try:
        # Labels are known when all rows have been read.
        train = lightgbm.Dataset(
            spans, np.zeros(len(sample) + count, np.float32), reference=known, params=params
        ).construct()
        train.set_label(np.concatenate(labels.targets))
        if sample.weight is not None:
            train.set_weight(np.concatenate(labels.weights))
    except LightGBMError as error:
        raise InputError(f"LightGBM could not read the stream: {error}.") from error
    held = lightgbm.Dataset(
        lesson.encoding.matrix(check.columns),
        lesson.unit.apply(check),
        weight=check.weight,
        reference=train,
        params=params,
    )
    return Streamed(lesson, train, held.construct())


def _encoded(lesson: Lesson, labels: "_Labels", piece: Rows, budget: Budget) -> Floats:
    if budget.remaining_s <= 0:
        raise BudgetError("The time was too short to read all rows.")
    labels.of(piece)
    return lesson.encoding.matrix(piece.columns)


@dataclass(frozen=True)
class _Labels:
    """Targets and weights of the rows that have been read, in their order."""

    lesson: Lesson
    targets: list[NDArray[np.float32]] = field(default_factory=list)
    weights: list[NDArray[np.float32]] = field(default_factory=list)

    def of(self, rows: Rows) -> NDArray[np.float32]:
        weight = np.ones(len(rows)) if rows.weight is None else rows.weight
        self.targets.append(self.lesson.unit.apply(rows).astype(np.float32))
        self.weights.append(weight.astype(np.float32))
        return self.targets[-1]


class _Spans(lightgbm.Sequence):  # type: ignore[misc]  # the library tells no types
    """Matrices of any height as spans of one; LightGBM asks for each span once, in order."""

    batch_size = _AT_ONCE

    def __init__(self, count: int, matrices: Iterator[Floats]) -> None:
        self._count = count
        self._matrices = matrices
        self._rest: Floats | None = None

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, wanted: Any) -> Any:
        """Return the next rows, as many as a slice has."""
        kept = [] if self._rest is None else [self._rest]
        missing = wanted.stop - wanted.start - sum(map(len, kept))
        while missing > 0:
            matrix = next(self._matrices, None)
            if matrix is None:
                raise InputError("The stream ended before all rows had come.")
            kept.append(matrix)
            missing -= len(matrix)
        whole = np.ascontiguousarray(np.concatenate(kept) if len(kept) > 1 else kept[0])
        end = wanted.stop - wanted.start
        self._rest = whole[end:] if len(whole) > end else None
        return np.ascontiguousarray(whole[:end])
