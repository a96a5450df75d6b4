"""Contract tests for whoever adds to modelwright.

Each `check_` function raises AssertionError with a sentence where an extension breaks what the
rest of the house relies on. Call it from a test of your own.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME, Columns
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import BudgetError
from modelwright.learners.base import Learner, Rows
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.base import Emitter
from modelwright.predictor.emitters.parity import Parity, prove
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program, check_program
from modelwright.predictor.storage import read_program, write_program
from modelwright.tasks.task import Task, TaskKind

EXAMPLE_SCHEMA = Schema(
    columns=(
        Column(name="size", kind=Kind.NUMERIC),
        Column(name="age", kind=Kind.NUMERIC),
        Column(name="member", kind=Kind.BOOLEAN),
        Column(name="city", kind=Kind.CATEGORICAL),
        Column(name="shop", kind=Kind.CODED),
        Column(name="since", kind=Kind.DATETIME),
        Column(name="note", kind=Kind.TEXT),
        Column(name="same", kind=Kind.CONSTANT),
    )
)
_BUDGET_S = 300.0
_WORDS = ("late", "early", "again", "Zürich", "refund", "thanks", "Straße", "don't", "42", "日本")


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


def example_rows(kind: TaskKind, *, count: int, seed: int) -> Rows:
    """Return made-up rows of every kind of column, with missing values and a target to learn.

    Parameters
    ----------
    kind
        Of the task.
    count
        How many rows, at least 10.
    seed
        The same seed gives the same rows.

    Examples
    --------
    >>> len(example_rows("regression", count=10, seed=0))
    10
    """
    draw = np.random.default_rng(seed)
    columns = _example_columns(draw, count)
    size = np.nan_to_num(columns["size"])
    signal = size + (columns["city"] == "Bern") - 2.0 * (columns["shop"] == "7")
    signal += draw.normal(scale=0.5, size=count)
    weight = draw.uniform(0.5, 2.0, size=count)
    if kind == "regression":
        return Rows(EXAMPLE_SCHEMA, columns, 1000.0 + 50.0 * signal, Task(kind=kind), weight)
    classes = ("no", "yes") if kind == "binary" else ("low", "middle", "high")
    edges = np.quantile(signal, np.arange(1, len(classes)) / len(classes))
    target = np.searchsorted(edges, signal).astype(np.int64)
    return Rows(EXAMPLE_SCHEMA, columns, target, Task(kind=kind, classes=classes), weight)


def hostile_columns() -> Columns:
    """Return rows of `EXAMPLE_SCHEMA` as no training row looks: unknown, missing, extreme."""
    numbers = (np.nan, 0.0, -0.0, np.inf, -np.inf, 1e300, -1e300, 5e-324)
    texts = (None, "", "never seen", "\x00", "late " * 500, "🙂", "7 ", "bern")
    moments = (MISSING_DATETIME, 0, -62_135_596_800_000_000, 253_402_300_799_999_999)
    pick = list(product(range(8), range(8)))
    values = {
        "number": np.array([numbers[left] for left, _ in pick]),
        "string": np.array([texts[right] for _, right in pick], dtype=object),
        "datetime": np.array([moments[left % 4] for left, _ in pick], dtype=np.int64),
    }
    return {column.name: values[column.value_type].copy() for column in EXAMPLE_SCHEMA}


def check_emitter(emitter: Emitter, bundles: Sequence[Bundle], *, rows: int = 2000) -> list[Parity]:
    """Check that an emitter keeps its contract, on bundles that somebody gives.

    The same bundle must give the same bytes; the folder must have a README that names the bundle,
    and the recorded rows; and what is not refused must answer as the interpreter does.

    Parameters
    ----------
    emitter
        To check.
    bundles
        To write.
    rows
        To compare for each.

    Returns
    -------
    list of Parity
        One for each bundle. Where a program is absent, only what can be checked without was.

    Raises
    ------
    AssertionError
        With what is broken.
    """
    return [_check_form(emitter, bundle, rows) for bundle in bundles]


def _check_form(emitter: Emitter, bundle: Bundle, rows: int) -> Parity:
    name = f"The emitter {emitter.name!r}"
    parity = prove(emitter, bundle, rows=rows)
    if parity.refused:
        assert parity.refused.endswith("."), f"{name} gives no sentence as its reason."
        return parity
    files = emitter.emit(bundle)
    assert files == emitter.emit(bundle), f"{name} gives other bytes for the same bundle."
    assert {"README.md", "cases.rows"} <= set(files), f"{name} lacks a README or recorded rows."
    assert bundle.hash.encode() in files["README.md"], f"{name} does not name the bundle."
    assert parity.absent or parity.proven, f"{name} answers otherwise: {parity}."
    return parity


def _example_columns(draw: np.random.Generator, count: int) -> Columns:
    cities = np.array(["Bern", "Genf", "Basel", "Chur", "Thun", None], dtype=object)
    shops = np.array([str(number) for number in range(30)], dtype=object)
    words = np.array(_WORDS, dtype=object)
    size, age = draw.normal(size=(2, count))
    size[draw.random(count) < 0.1] = np.nan
    since = draw.integers(0, 60 * 365 * 86_400, size=count) * 1_000_000
    since[draw.random(count) < 0.05] = MISSING_DATETIME
    notes = [" ".join(draw.choice(words, size=draw.integers(1, 6))) for _ in range(count)]
    return {
        "size": size,
        "age": np.round(40 + 12 * age),
        "member": draw.integers(0, 2, size=count).astype(np.float64),
        "city": draw.choice(cities, size=count, p=[0.4, 0.2, 0.15, 0.1, 0.05, 0.1]),
        "shop": draw.choice(shops, size=count),
        "since": since,
        "note": np.array([note if len(note) > 5 else None for note in notes], dtype=object),
        "same": np.full(count, "x", dtype=object),
    }


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
    for seconds in (1e-9, 1.0):
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
