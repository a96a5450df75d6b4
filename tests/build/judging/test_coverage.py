import msgspec
import numpy as np
import pytest

from build_examples import Known, make_rows
from modelwright.build.certainty.conformal import fit_coverage
from modelwright.build.judging.coverage import measure_coverage


def covered(kind):
    """Return a program with its coverage, learned from rows of the same kind."""
    rows = make_rows(kind, count=2_000)
    program = Known().program(rows.task)
    found = fit_coverage(rows.task, rows.target, program.run(rows.columns))
    return msgspec.structs.replace(program, coverage=found.coverage)


def measured(kind, *, count=3_000, strength=2.0, groups=None):
    rows = make_rows(kind, count=count, seed=7, strength=strength)
    program = covered(kind)
    answers = program.run(rows.columns)
    return measure_coverage(program, answers, rows.target, groups=groups)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_each_level_is_measured_with_its_interval(kind):
    every = measured(kind)
    assert [each.level for each in every] == [0.8, 0.9, 0.95]
    for each in every:
        assert each.share.low < each.share.value < each.share.high
        assert each.share.value > each.level - 0.03
        assert "3,000 new" in each.share.method
    sizes = [each.size for each in every]
    assert sizes == sorted(sizes)
    assert kind == "regression" or 1 <= sizes[0] <= sizes[-1] <= 3


def test_ranges_are_as_wide_as_the_noise_asks():
    _, nine, _ = measured("regression")
    assert nine.share.contains(0.9)
    assert nine.size == pytest.approx(2 * 1.645, rel=0.1)


def test_a_world_that_changed_is_seen():
    _, nine, _ = measured("regression", strength=5.0)
    assert nine.share.high < 0.8


def test_rows_of_a_group_are_one_observation():
    rows = 3_000
    _, single, _ = measured("regression", count=rows)
    _, grouped, _ = measured("regression", count=rows, groups=np.arange(rows) // 100)
    assert grouped.share.value == single.share.value
    assert grouped.share.method.startswith("bootstrap over groups")


@pytest.mark.parametrize("count", [1, 5])
def test_few_rows_have_wide_intervals(count):
    _, nine, _ = measured("regression", count=count)
    assert 0 <= nine.share.low < nine.share.high <= 1


def test_nothing_stated_nothing_measured():
    rows = make_rows("regression")
    program = Known().program(rows.task)
    assert measure_coverage(program, program.run(rows.columns), rows.target) == ()
