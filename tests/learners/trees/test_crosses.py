import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import InputError
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.trees.crosses import FEWEST_ROWS, encode_with_crosses
from modelwright.learners.trees.encoding import encode_for_trees
from modelwright.learners.trees.rows import other_rows
from modelwright.predictor.program import check_program
from modelwright.predictor.storage.storage import write_program
from modelwright.tasks.task import Task

NAMES = ("a", "b", "c")
SCHEMA = Schema(columns=tuple(Column(name=name, kind=Kind.CATEGORICAL) for name in NAMES))


def _rows(kind: str = "regression", *, count: int = FEWEST_ROWS, together: bool = True) -> Rows:
    """Return rows whose target depends on a and b together; c says nothing."""
    draw = np.random.default_rng(count)
    codes = {name: draw.integers(0, 5, size=count) for name in NAMES}
    columns = {name: np.array(list("vwxyz"), dtype=object)[each] for name, each in codes.items()}
    signal = draw.normal(size=count) + 2.0 * together * ((codes["a"] + codes["b"]) % 2)
    if kind == "regression":
        return Rows(SCHEMA, columns, signal, Task(kind=kind))
    classes = ("no", "yes") if kind == "binary" else ("low", "middle", "high")
    target = np.digitize(signal, np.arange(1, len(classes))).astype(np.int64)
    return Rows(SCHEMA, columns, target, Task(kind=kind, classes=classes))


def _encode(rows: Rows):
    return encode_with_crosses(rows, budget=Budget.start(60), seed=0)


@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_a_pair_that_says_more_together_becomes_a_column(kind):
    rows = _rows(kind)
    encoded = _encode(rows)
    assert encoded.encoding.names[-1] == "'a' & 'b' (mean of target)"
    assert sum("&" in name for name in encoded.encoding.names) == 1
    inside = (rows.columns["a"] == "v") & (rows.columns["b"] == "w")
    columns = {name: np.array(["v", "v", None], dtype=object) for name in NAMES}
    columns["b"] = np.array(["w", "new", "w"], dtype=object)
    means = encoded.encoding.matrix(columns)[:, -1]
    assert means[0] == pytest.approx(rows.target[inside].mean(), abs=0.1)
    np.testing.assert_allclose(means[1:], rows.target.mean())


def test_rows_that_are_learned_from_do_not_see_their_own_target():
    rows = _rows()
    encoded = _encode(rows)
    plain = encoded.encoding.matrix(rows.columns)
    assert not np.array_equal(encoded.matrix[:, -1], plain[:, -1])
    np.testing.assert_array_equal(encoded.matrix[:, :-1], plain[:, :-1])
    np.testing.assert_array_equal(other_rows(encoded, rows).matrix, plain)


@pytest.mark.parametrize(
    "rows",
    [_rows(count=FEWEST_ROWS - 1), _rows(together=False), _rows("multiclass")],
    ids=["few rows", "no pair", "three classes"],
)
def test_nothing_is_added_where_no_pair_is_worth_it(rows):
    plain = encode_for_trees(rows, budget=Budget.start(60), seed=0)
    assert _encode(rows) is plain
    learner = LightGBM(leaves=4, crosses=True)
    with pytest.raises(InputError, match="No two categories"):
        learner.fit(rows, budget=Budget.start(60), seed=0)
    # All rows may have no such pair where the folds had one.
    known = learner.fit(rows, rounds=2, budget=Budget.start(60), seed=0)
    without = LightGBM(leaves=4).fit(rows, rounds=2, budget=Budget.start(60), seed=0)
    assert write_program(known.program) == write_program(without.program)


def test_a_booster_learns_from_crosses():
    rows, check = _rows(), _rows(count=500)
    learner = LightGBM(leaves=4, rate=0.3, crosses=True)
    fitted = learner.fit(rows, check_rows=check, budget=Budget.start(60), seed=0)
    check_program(fitted.program)
    again = learner.fit(rows, rounds=fitted.rounds, budget=Budget.start(60), seed=0)
    assert write_program(again.program) == write_program(fitted.program)
    answers = fitted.program.run(check.columns)[:, 0]
    assert np.corrcoef(answers, check.target)[0, 1] > 0.6
