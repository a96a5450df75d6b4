"""What formulas tell of a target beyond the columns that they read, and which ones are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME
from modelwright.errors import LearnerError
from modelwright.learners.base import Rows
from modelwright.learners.columns.bins import bin_numbers, learn_edges
from modelwright.learners.columns.levels import levels_of
from modelwright.learners.columns.moments import varies
from modelwright.learners.columns.target_means import Outcomes, draw_folds, outcomes_of
from modelwright.learners.columns.told import centred, explained, some_of, told
from modelwright.learners.encoding import MATRIX, Part, require_time
from modelwright.learners.features.base import Feature
from modelwright.learners.features.formula import OWN, Formula, bare
from modelwright.learners.features.registry import known_features
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task

MOST_KEPT = 8
_LEAST_GAIN = 5e-4
_BY_CHANCE, _BY_CHANCE_OF_MANY = 15.0, 4.0
"""Divided by the rows. Of formulas of numbers that tell nothing, one in a hundred gains more than
15 / n (measured, n = 500 and 3,000), and what looks best of m about 4 ln(m) / n more."""
_BINS = 32
_NUMBERS = Task(kind="regression")


@dataclass(frozen=True)
class Offer:
    """A formula, and what it tells.

    Parameters
    ----------
    formula
        One number of each row.
    gain
        Share of the target's variance that it explains out of fold beyond what the columns that it
        reads explain one by one.
    least
        What it must gain to be kept.
    """

    formula: Formula
    gain: float
    least: float

    @property
    def pays(self) -> bool:
        """Whether it gains more than chance would."""
        return self.gain > self.least

    def __str__(self) -> str:
        """Return it as a sentence."""
        verdict = "kept" if self.pays else "left out"
        return f"{bare(self.formula.text)}: {self.gain:.2%} (at least {self.least:.2%}), {verdict}."


def offers_of(
    rows: Rows, features: Iterable[Feature], *, budget: Budget | None = None, seed: int = 0
) -> list[Offer]:
    """Return what features offer for some rows, the best first.

    Parameters
    ----------
    rows
        To learn from.
    features
        Formulas that do not fit the rows, or tell none apart, are left out.
    budget
        The time there is; None for any.
    seed
        Draws the folds.

    Raises
    ------
    BudgetError
        When the time ends.
    LearnerError
        When a feature proposes something else than formulas.
    """
    taken = some_of(len(rows))
    chosen = rows.take(np.arange(len(rows))[taken])
    values = {
        formula.text: (formula, values_of(formula, chosen)) for formula in _all(rows, features)
    }
    values = {text: found for text, found in values.items() if varies(found[1])}
    if not values:
        return []
    least = max(_LEAST_GAIN, (_BY_CHANCE + _BY_CHANCE_OF_MANY * log(len(values))) / len(chosen))
    judge = _Judge(chosen, outcomes_of(chosen), draw_folds(len(chosen), seed=seed))
    offers = []
    for formula, numbers in values.values():
        if budget is not None:
            require_time(budget)
        offers.append(Offer(formula, judge.gain(formula, numbers), least))
    return sorted(offers, key=lambda each: (-each.gain, each.formula.text))


def own_parts(rows: Rows, *, budget: Budget, seed: int) -> list[Part]:
    """Return the columns that registered features add to a matrix; few, and only what pays.

    Parameters
    ----------
    rows
        To learn from.
    budget
        The time there is.
    seed
        Draws the folds.

    Raises
    ------
    BudgetError
        When the time ends.
    LearnerError
        When a feature proposes something else than formulas.
    """
    known = known_features()
    if not known:
        return []
    features = [known[name] for name in sorted(known)]
    paying = [each for each in offers_of(rows, features, budget=budget, seed=seed) if each.pays]
    formulas = [each.formula for each in paying[:MOST_KEPT]]
    return [Part(each.steps, each.output, (bare(each.text),)) for each in formulas]


def formulas_in(programs: Iterable[Program]) -> tuple[str, ...]:
    """Return the texts of the formulas that learners' programs read, each once.

    Parameters
    ----------
    programs
        As learners returned them; what is made of several programs has other names.
    """
    names = (
        name
        for program in programs
        for step in program.steps
        if step.output == MATRIX
        for name in step.inputs
    )
    return tuple(
        dict.fromkeys(bare(name.removeprefix(OWN)) for name in names if name.startswith(OWN))
    )


def values_of(formula: Formula, rows: Rows) -> Floats:
    """Return the number of each row, of shape (n,)."""
    program = Program(
        task=_NUMBERS, inputs=formula.reads, steps=formula.steps, answer=formula.output
    )
    return program.run(rows.columns)[:, 0]


def _all(rows: Rows, features: Iterable[Feature]) -> list[Formula]:
    """Return the formulas that fit the rows, each once."""
    found: dict[str, Formula] = {}
    for feature in features:
        for formula in feature.propose(rows.schema, rows.columns):
            if not isinstance(formula, Formula):
                raise LearnerError(
                    f"The feature {feature.name!r} proposes {formula!r}, which is no formula.",
                    "Make formulas of number(), days(), lookup() and the others of "
                    "modelwright.learners.features.",
                )
            if formula.fits(rows.schema):
                found.setdefault(formula.text, formula)
    return list(found.values())


@dataclass(frozen=True)
class _Judge:
    """Says what formulas tell."""

    rows: Rows
    outcomes: Outcomes
    fold: NDArray[np.int8]

    def gain(self, formula: Formula, numbers: Floats) -> float:
        weight = self.outcomes.weight
        truth = centred(self.outcomes.values, weight)
        apart = [self._column(each) for each in formula.reads]
        together = [*apart, self._numbers(numbers)]
        return explained(together, truth, weight) - explained(apart, truth, weight)

    def _column(self, read: Input) -> Floats:
        """Return what a raw column tells."""
        values = self.rows.columns[read.name]
        if read.type == "string":
            levels = levels_of(self.rows, read.name)
            return told(levels.codes, self.outcomes, self.fold, levels.size)
        if read.type == "datetime":
            values = np.where(values == MISSING_DATETIME, np.nan, values.astype(np.float64))
        return self._numbers(values)

    def _numbers(self, numbers: Floats) -> Floats:
        edges = learn_edges(numbers, limit=_BINS)
        return told(bin_numbers(numbers, edges), self.outcomes, self.fold, len(edges) + 1)
