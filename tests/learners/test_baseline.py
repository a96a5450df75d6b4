import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import SchemaError
from modelwright.learners.base import Rows
from modelwright.learners.baseline import Constant, Rule
from modelwright.predictor.storage.storage import write_program
from modelwright.tasks.task import Task
from modelwright.testing import example_rows

BINARY = Task(kind="binary", classes=("no", "yes"))
HOUR = Budget.start(3600)


def _rows(kinds: dict[str, Kind], columns: dict, target: np.ndarray, task: Task) -> Rows:
    schema = Schema(columns=tuple(Column(name=name, kind=kind) for name, kind in kinds.items()))
    return Rows(schema, columns, target, task)


def test_constant_answers_with_weighted_frequencies():
    rows = example_rows("binary", count=200, seed=0)
    program = Constant().fit(rows, budget=HOUR, seed=0).program
    share = np.average(rows.target, weights=rows.weight)
    np.testing.assert_allclose(program.run(rows.columns)[5], [1 - share, share])
    assert [each.name for each in program.inputs] == ["size"]


def test_rule_finds_the_column_that_knows():
    draw = np.random.default_rng(0)
    columns = {
        "noise": draw.normal(size=500),
        "many": np.array([str(n) for n in range(500)], dtype=object),
        "knows": draw.choice(np.array(["a", "b", None], dtype=object), size=500),
    }
    target = (columns["knows"] == "a").astype(np.int64)
    kinds = {"noise": Kind.NUMERIC, "many": Kind.CATEGORICAL, "knows": Kind.CATEGORICAL}
    program = Rule().fit(_rows(kinds, columns, target, BINARY), budget=HOUR, seed=0).program
    assert [each.name for each in program.inputs] == ["knows"]
    answers = program.run({"knows": np.array(["a", "b", None, "new"], dtype=object)})[:, 1]
    assert answers[0] > 0.9
    assert (answers[1:3] < 0.1).all()
    assert answers[3] == pytest.approx(target.mean())


def test_rule_tells_missing_numbers_from_small_ones():
    numbers = np.tile([np.nan, -5.0, 5.0, 6.0], 100)
    target = np.tile([9.0, 1.0, 2.0, 2.0], 100)
    rows = _rows({"x": Kind.NUMERIC}, {"x": numbers}, target, Task(kind="regression"))
    program = Rule().fit(rows, budget=HOUR, seed=0).program
    answers = program.run({"x": np.array([np.nan, -5.0, -1e300, 5.0, np.inf])})[:, 0]
    np.testing.assert_allclose(answers, [9, 1, 1, 2, 2], atol=0.6)
    assert answers[1] == answers[2]


def test_rule_reads_one_part_of_a_datetime():
    hours = np.arange(2_000) * 3_600_000_000
    target = ((np.arange(2_000) % 24) >= 12).astype(np.int64)
    rows = _rows({"at": Kind.DATETIME}, {"at": hours}, target, BINARY)
    program = Rule().fit(rows, budget=HOUR, seed=0).program
    assert program.steps[0].parts == ("hour",)
    assert (program.run({"at": hours})[:, 1].round() == target).all()


def test_rule_without_any_signal_is_the_constant():
    columns = {"x": np.random.default_rng(0).normal(size=60)}
    target = (np.arange(60) % 2).astype(np.int64)
    rows = _rows({"x": Kind.NUMERIC}, columns, target, BINARY)
    answers = Rule().fit(rows, budget=HOUR, seed=0).program.run(columns)
    np.testing.assert_allclose(answers, 0.5, atol=0.3)


def test_a_rule_that_was_cut_short_is_learned_again_by_the_columns_that_it_asked():
    rows = example_rows("binary", count=200, seed=0)
    cut = Rule().fit(rows, budget=Budget(0.0, started=0.0, clock=lambda: 1.0), seed=0)
    assert (cut.rounds, cut.cut_short) == (1, True)
    again = Rule().fit(rows, rounds=cut.rounds, budget=HOUR, seed=0)
    assert write_program(again.program) == write_program(cut.program)
    assert not again.cut_short


def test_no_column_at_all_is_refused():
    rows = _rows({}, {}, np.array([0, 1]), BINARY)
    with pytest.raises(SchemaError, match="no column to learn from"):
        Constant().fit(rows, budget=HOUR, seed=0)
