"""How much rows that stand together agree."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.plan.agreement import Answers
from modelwright.tasks.task import Task

CLASSES = Task(kind="multiclass", classes=("a", "b", "c"))
NUMBERS = Task(kind="regression")


def drawn(task, rows=4_000, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 3, rows) if task.is_classification else rng.lognormal(3, 2, rows)


@pytest.mark.parametrize("task", [CLASSES, NUMBERS])
@pytest.mark.parametrize("seed", range(20))
def test_independent_rows_do_not_agree(task, seed):
    answers = Answers.of(drawn(task, seed=seed), task)
    keys = pl.Series(np.random.default_rng(seed + 100).integers(0, 500, 4_000))
    for found in (
        answers.within(keys, seed=seed),
        answers.among_neighbours(keys, seed=seed),
        answers.among_rows(),
    ):
        assert not found.is_certain
        assert abs(found.excess) < 0.1


@pytest.mark.parametrize("task", [CLASSES, NUMBERS])
def test_rows_of_one_key_agree(task):
    keys = np.random.default_rng(5).integers(0, 500, 4_000)
    answers = Answers.of(drawn(task, rows=500)[keys], task)
    found = answers.within(pl.Series(keys), seed=0)
    assert found.excess == pytest.approx(1.0, abs=1e-9)
    assert found.errors > 30
    assert not answers.among_rows().is_certain


@pytest.mark.parametrize("task", [CLASSES, NUMBERS])
def test_sorted_rows_agree_with_their_neighbours(task):
    answers = Answers.of(np.sort(drawn(task)), task)
    assert answers.among_rows().excess > 0.9


def test_one_enormous_number_decides_nothing():
    values = drawn(NUMBERS)
    values[:2] = 1e12
    assert not Answers.of(values, NUMBERS).among_rows().is_certain


@given(
    truth=st.lists(st.integers(-1, 2), max_size=30),
    keys=st.lists(st.one_of(st.none(), st.sampled_from(["x", "y", "z"])), max_size=30),
)
def test_any_table_can_be_measured(truth, keys):
    rows = min(len(truth), len(keys))
    answers = Answers.of(np.array(truth[:rows], dtype=np.int64), CLASSES)
    found = answers.within(pl.Series(keys[:rows], dtype=pl.String), seed=0)
    assert np.isfinite([found.excess, found.errors]).all()
    assert found.excess <= 1.0 + 1e-9
