"""The contract of learners."""

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.errors import BudgetError
from modelwright.learners.base import Learner, Rows
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program, check_program
from modelwright.predictor.storage.storage import read_program, write_program
from modelwright.tasks.task import Task, TaskKind
from modelwright.testing.examples import example_rows, hostile_columns

_BUDGET_S = 300.0


def check_learner(learner: Learner) -> None:
    """Check that a learner keeps its contract on every task that suits it.

    Its program must pass `check_program`, survive storage, answer a row alone to the same bits as
    in a batch, answer unknown and missing values and not depend on the order of columns. The same
    seed must give the same bytes, `rounds` must be honoured, and a budget that is too short must
    end in a program or a BudgetError.

    Parameters
    ----------
    learner
        The recipe to check.

    Raises
    ------
    AssertionError
        With what is broken.

    Examples
    --------
    >>> from modelwright.learners.baseline import Constant
    >>> check_learner(Constant())
    """
    kinds: tuple[TaskKind, ...] = ("binary", "multiclass", "regression")
    for kind in kinds:
        rows = example_rows(kind, count=240, seed=1)
        if learner.suits(rows.task):
            _check_fit(learner, rows, example_rows(kind, count=80, seed=2))
            _check_budget(learner, example_rows(kind, count=8_000, seed=3))


def _check_fit(learner: Learner, rows: Rows, check_rows: Rows) -> None:
    before = {name: values.copy() for name, values in rows.columns.items()}
    fitted = learner.fit(rows, check_rows=check_rows, budget=Budget.start(_BUDGET_S), seed=7)
    again = learner.fit(rows, check_rows=check_rows, budget=Budget.start(_BUDGET_S), seed=7)
    same = all(
        np.array_equal(before[n], v, equal_nan=_is_float(v)) for n, v in rows.columns.items()
    )
    _expect(same, learner, "changes the rows that it learns from")
    _expect(
        write_program(fitted.program) == write_program(again.program),
        learner,
        "gives another program for the same seed",
    )
    wanted = max(1, fitted.rounds // 2) if fitted.rounds else None
    fewer = learner.fit(rows, rounds=wanted, budget=Budget.start(_BUDGET_S), seed=7)
    _expect(fewer.rounds == (wanted or 0), learner, f"runs {fewer.rounds} rounds, not {wanted}")
    plain = Rows(rows.schema, rows.columns, rows.target, rows.task)
    unweighted = learner.fit(plain, rounds=wanted, budget=Budget.start(_BUDGET_S), seed=7)
    for each in (fitted, fewer, unweighted):
        _check_program(learner, each.program, rows)


def _check_program(learner: Learner, program: Program, rows: Rows) -> None:
    check_program(program)
    stored = read_program(*write_program(program))
    for columns in (rows.columns, hostile_columns()):
        answers = program.run(columns)
        _check_answers(learner, answers, rows.task)
        same = np.array_equal(stored.run(columns), answers)
        _expect(same, learner, "answers otherwise after it was stored")
        turned = {name: columns[name] for name in reversed(list(columns))}
        same = np.array_equal(program.run(turned), answers)
        _expect(same, learner, "depends on the order of the columns")
        for row in range(0, len(answers), 13):
            alone = program.run({n: values[row : row + 1] for n, values in columns.items()})
            same = np.array_equal(alone[0], answers[row])
            _expect(same, learner, f"answers row {row} otherwise when it comes alone")


def _check_answers(learner: Learner, answers: Floats, task: Task) -> None:
    _expect(answers.shape[1] == task.n_outputs, learner, f"answers in shape {answers.shape}")
    _expect(np.isfinite(answers).all(), learner, "answers with a number that is not finite")
    if task.is_classification:
        inside = (answers >= 0).all() and (answers <= 1).all()
        _expect(inside, learner, "answers with a probability outside 0 and 1")
        sums = np.abs(answers.sum(axis=1) - 1).max()
        _expect(sums < 1e-9, learner, "answers with probabilities that do not add up to 1")


def _check_budget(learner: Learner, rows: Rows) -> None:
    """Fit with budgets that are hardly enough; how long it takes is not asserted."""
    for seconds in (1e-9, 0.3):
        try:
            fitted = learner.fit(rows, budget=Budget.start(seconds), seed=7)
        except BudgetError:
            continue
        check_program(fitted.program)


def _is_float(values: np.ndarray) -> bool:
    return values.dtype == np.float64


def _expect(condition: object, learner: Learner, fault: str) -> None:
    if not condition:
        raise AssertionError(f"The learner {learner.name!r} {fault}.")
