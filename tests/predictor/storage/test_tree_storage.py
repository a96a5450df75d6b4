import msgspec
import numpy as np
import pytest
from hypothesis import given

from fresh_kernel import matrices, same_bits, trees
from modelwright.compute.budget import Budget
from modelwright.errors import BundleError
from modelwright.learners.lightgbm import LightGBM
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.storage import tree_storage
from modelwright.predictor.storage.array_storage import ArrayWriter
from modelwright.predictor.storage.tree_storage import fill_in, thin_out
from modelwright.testing import example_rows

TABLES = ("roots", "outputs", "feature", "left", "leaves", "base")
INNER = ("threshold", "right", "missing_left")


@given(step=trees(), matrix=matrices())
def test_trees_come_back_as_far_as_they_are_read(step: Trees, matrix: np.ndarray):
    again = fill_in(thin_out(step))
    inner = step.feature >= 0
    assert all(np.array_equal(getattr(again, name), getattr(step, name)) for name in TABLES)
    for name in INNER:
        table = getattr(again, name)
        assert table.dtype == getattr(step, name).dtype
        assert np.array_equal(table[inner], getattr(step, name)[inner])
        assert not table[~inner].any()
    again.check((3,))
    with np.errstate(all="ignore"):
        assert same_bits(again.run(matrix), step.run(matrix))


def test_a_booster_takes_less_than_twenty_bytes_per_leaf():
    rows = example_rows("regression", count=2000, seed=0)
    program = LightGBM().fit(rows, rounds=60, budget=Budget.start(60), seed=0).program
    step = next(step for step in program.steps if isinstance(step, Trees))
    thin, writer = thin_out(step), ArrayWriter()
    for name in (*TABLES, *INNER):
        writer.keep(getattr(thin, name))
    assert not thin.left.size
    assert sum(array.nbytes for array in writer.kept.values()) < 20 * len(step.leaves)


THIN = Trees(
    inputs=("x",),
    output="y",
    comparison="<=",
    roots=np.zeros(1, np.int32),
    outputs=np.zeros(1, np.int32),
    feature=np.array([1, 0, 0], np.int32),
    threshold=np.zeros(1),
    left=np.zeros(0, np.int32),
    right=np.array([2], np.int32),
    missing_left=np.zeros(0, np.bool_),
    leaves=np.ones((2, 1)),
    base=np.zeros(1),
)


def test_thin_tables_are_filled_in():
    assert fill_in(THIN).check((1,)) == 1
    assert fill_in(THIN).left.tolist() == [1, 0, 1]
    assert fill_in(THIN).right.tolist() == [2, 0, 0]


@pytest.mark.parametrize(
    "changed",
    [
        {"feature": np.array([-1, 0, 0], np.int32)},
        {"feature": np.array([[1, 0, 0]], np.int32)},
        {"feature": np.array([1, 1, 0], np.int32)},
        {"feature": np.zeros(3, np.int32)},
        {"feature": np.zeros(0, np.int32)},
        {"threshold": np.zeros(3)},
        {"threshold": np.zeros((1, 1))},
        {"right": np.array([2, 2], np.int32)},
        {"right": np.array([-2], np.int32)},
        {"right": np.array([2**31 - 1], np.int32)},
        {"left": np.array([0], np.int32)},
        {"left": np.array([-1, 0, 0], np.int32)},
        {"left": np.array([2**31 - 1, 0, 0], np.int32)},
        {"left": np.array([-(2**31), 0, 0], np.int32)},
        {"left": np.array([0, 5, 0], np.int32)},
    ],
)
def test_forged_tables_are_refused(changed):
    with pytest.raises(BundleError, match="'y'"):
        fill_in(msgspec.structs.replace(THIN, **changed)).check((1,))


def test_more_nodes_than_anybody_serves_are_refused(monkeypatch):
    monkeypatch.setattr(tree_storage, "MAX_NODES", 2)
    with pytest.raises(BundleError, match="nodes"):
        fill_in(THIN)
    with pytest.raises(BundleError, match="3 nodes"):
        thin_out(msgspec.structs.replace(THIN, missing_left=np.zeros(3, np.bool_)))


def test_a_column_beyond_32_bits_is_refused():
    step = fill_in(THIN)
    far = msgspec.structs.replace(step, feature=np.array([2**31 - 1, -1, -1], np.int32))
    with pytest.raises(BundleError, match="too many columns"):
        thin_out(far)
