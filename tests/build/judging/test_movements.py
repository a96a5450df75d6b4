import numpy as np
import pytest

from build_examples import make_rows
from modelwright.build.judging.movements import measure_movements
from modelwright.compute.budget import Budget
from modelwright.learners.registry import LEARNERS


def measure(program, columns, *, seconds=60.0):
    return measure_movements(program, columns, budget=Budget.start(seconds), seed=0)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_signal_moves_answers_more_than_the_noise(kind):
    program = LEARNERS["linear"].fit(make_rows(kind), budget=Budget.start(60), seed=0).program
    found = measure(program, make_rows(kind, seed=1).columns)
    first, *rest = found.columns
    assert first.column == "signal"
    assert first.mean > 5 * max(each.mean for each in rest)
    assert (found.rows, found.others) == (200, 50)
    assert found.exact  # Of three columns every combination is tried.
    assert (found.of is None) == (kind != "binary")
    if kind != "multiclass":
        assert first.rises > 0.9
    assert len(first.parts) == len(first.places) == 60
    by_name = {each.column: each for each in found.columns}
    assert by_name["colour"].rises is None
    assert set(by_name["colour"].places) == {None}


def test_the_parts_that_are_kept_are_those_of_a_line():
    program = (
        LEARNERS["linear"].fit(make_rows("regression"), budget=Budget.start(60), seed=0).program
    )
    columns = make_rows("regression", seed=1).columns
    found = measure(program, columns)
    draw = np.random.default_rng(0).permutation(len(columns["signal"]))
    others, rows = draw[:50], draw[50:250]
    kept = {name: values[rows] for name, values in columns.items()}
    usual = program.run({name: values[others] for name, values in columns.items()}).mean()
    added = sum(np.array(each.parts) for each in found.columns)
    assert usual + added == pytest.approx(program.run(kept)[:60, 0], abs=5e-3)


def test_without_time_or_rows_nothing_is_said():
    rows = make_rows("regression")
    program = LEARNERS["linear"].fit(rows, budget=Budget.start(60), seed=0).program
    assert measure(program, rows.columns, seconds=1e-9) is None
    assert measure(program, {name: values[:20] for name, values in rows.columns.items()}) is None
