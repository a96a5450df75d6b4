"""Rows with a known signal, and learners whose answers are known beforehand."""

from dataclasses import dataclass

import numpy as np

from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.splitting.splits import Split, folds_of
from modelwright.errors import BudgetError
from modelwright.learners.base import Fitted, Rows
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task

SCHEMA = Schema(
    columns=(
        Column(name="signal", kind=Kind.NUMERIC),
        Column(name="noise", kind=Kind.NUMERIC),
        Column(name="colour", kind=Kind.CATEGORICAL),
    )
)
TASKS = {
    "binary": Task(kind="binary", classes=("no", "yes")),
    "multiclass": Task(kind="multiclass", classes=("low", "middle", "high")),
    "regression": Task(kind="regression"),
}


def make_rows(kind="binary", *, count=400, seed=0, strength=2.0, weight=None):
    """Return rows whose answer follows `signal`; with a strength of 0 it follows nothing."""
    draw = np.random.default_rng(seed)
    signal, noise, error = draw.normal(size=(3, count))
    columns = {
        "signal": signal,
        "noise": noise,
        "colour": draw.choice(np.array(["red", "blue", None], dtype=object), size=count),
    }
    answer = strength * signal + error
    if kind == "regression":
        return Rows(SCHEMA, columns, answer, TASKS[kind], weight)
    edges = np.quantile(answer, [0.5] if kind == "binary" else [1 / 3, 2 / 3])
    return Rows(SCHEMA, columns, np.searchsorted(edges, answer), TASKS[kind], weight)


def make_folds(rows, folds=5):
    kind = "stratified" if rows.task.is_classification else "random"
    return folds_of(_Height(len(rows)), Split(kind=kind, folds=folds), rows.target)


@dataclass(frozen=True)
class _Height:
    """All that folds without a column ask of a frame."""

    height: int


@dataclass(frozen=True)
class Known:
    """A learner that learns nothing: it answers with a slope times a column.

    It is cut short by a budget below `needs_s`, and fails without even `least_s`.
    """

    name: str = "known"
    title: str = "Known answers"
    slope: float = 2.0
    column: str = "signal"
    rounds: int = 0
    needs_s: float = 0.0
    least_s: float = 0.0

    def suits(self, task):
        return True

    def fit(self, rows, *, check_rows=None, rounds=None, budget, seed, **how):
        if budget.seconds < self.least_s:
            raise BudgetError(f"{self.title} takes {self.least_s} s.")
        return Fitted(
            self.program(rows.task),
            rounds=rounds or self.rounds,
            cut_short=budget.seconds < self.needs_s,
        )

    def program(self, task):
        outputs = 1 if task.kind == "binary" else task.n_outputs
        slopes = np.linspace(-self.slope, self.slope, outputs) if outputs > 1 else [self.slope]
        raw = Linear(
            inputs=(f"column:{self.column}",),
            output="raw",
            weights=np.array([slopes], dtype=np.float64),
            # The middle class is the likeliest where the column says nothing.
            bias=np.where(np.asarray(slopes) == 0, self.slope, 0.0),
        )
        links = {"binary": ("sigmoid",), "multiclass": ("softmax",), "regression": ()}[task.kind]
        return Program(
            task=task,
            inputs=(Input(name=self.column, type="number"),),
            steps=(raw, *(Link(inputs=("raw",), output="answer", kind=link) for link in links)),
            answer="answer" if links else "raw",
        )


def ignore(sentence):
    """Be told what happens, and say nothing."""
