from dataclasses import replace

import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.trees.encoding import encode_for_trees, encode_other_rows
from modelwright.learners.trees.rows import CodeBlock, digest, other_rows
from modelwright.testing import EXAMPLE_SCHEMA, example_rows, hostile_columns


def _learned(kind: str = "regression", *, count: int = 300):
    rows = example_rows(kind, count=count, seed=0)
    return rows, encode_for_trees(rows, budget=Budget.start(60), seed=0)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_other_rows_are_what_the_program_makes_of_them(kind):
    rows, learned = _learned(kind)
    others = example_rows(kind, count=90, seed=1)
    for columns in (others.columns, hostile_columns()):
        target = np.resize(others.target, len(columns["size"]))
        held = other_rows(learned, Rows(EXAMPLE_SCHEMA, columns, target, rows.task))
        np.testing.assert_array_equal(held.matrix, learned.encoding.matrix(columns))


def test_the_matrix_is_made_anew_and_is_the_same():
    _, learned = _learned()
    first, second = learned.matrix, learned.matrix
    assert first is not second
    np.testing.assert_array_equal(first, second)


def test_codes_take_two_bytes_a_row():
    _, learned = _learned()
    packed = [block.packed for block in learned.blocks if isinstance(block, CodeBlock)]
    assert packed
    assert all(codes.nbytes == 2 * len(codes) for codes in packed)


def test_learners_of_the_same_rows_share_the_encoding():
    rows, learned = _learned()
    assert encode_for_trees(rows, budget=Budget.start(60), seed=0) is learned
    assert encode_for_trees(rows, budget=Budget.start(60), seed=1) is not learned
    held = encode_other_rows(learned, rows, rows)
    assert encode_other_rows(learned, rows, rows) is held


def test_digests_tell_targets_weights_and_tasks_apart():
    rows, _ = _learned(count=30)
    binary = example_rows("binary", count=30, seed=0)
    keys = {
        digest(each)
        for each in (
            rows,
            binary,
            replace(rows, target=rows.target + 1),
            replace(rows, weight=None),
            replace(rows, weight=rows.weight + 1),
        )
    }
    assert len(keys) == 5
    assert digest(rows.take(np.arange(30))) == digest(rows)
