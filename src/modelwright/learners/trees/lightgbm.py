"""Models in LightGBM's text format as trees of a program."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from modelwright.learners.trees.boosting import Lesson
from modelwright.learners.trees.tables import Tree, codes_of, node_table
from modelwright.predictor.operations.trees import Trees

_SET_BIT, _LEFT_BIT = 1, 2
_WORD = 32
"""Bits in a number of a set."""
_NO_MISSING, _NAN_MISSING = 0, 2


def read_trees(model: str, lesson: Lesson) -> Trees:
    """Return the trees of a model in LightGBM's text format.

    Parameters
    ----------
    model
        What `Booster.model_to_string` returns.
    lesson
        What it learned from.

    Raises
    ------
    ValueError
        When a tree cannot be expressed: categorical splits, linear leaves, zero as missing.
    """
    trees = list_trees(model)
    per_round = lesson.trees_per_round
    return Trees(
        inputs=(lesson.encoding.output,),
        output="raw",
        comparison="<=",
        outputs=np.resize(np.arange(per_round, dtype=np.int32), len(trees)),
        base=lesson.base,
        scale=lesson.scale,
        **node_table(trees),
    )


def list_trees(model: str) -> list[Tree]:
    """Return the trees of a model in LightGBM's text format, in their order.

    Raises
    ------
    ValueError
        When a tree cannot be expressed: linear leaves, zero as missing.
    """
    return [_tree(fields) for fields in _sections(model)]


def _sections(model: str) -> Iterator[dict[str, str]]:
    """Yield the fields of each tree."""
    body = model.split("\nend of trees", 1)[0]
    for section in body.split("\nTree=")[1:]:
        yield dict(line.split("=", 1) for line in section.splitlines() if "=" in line)


def _tree(fields: Mapping[str, str]) -> Tree:
    """Return a tree: LightGBM numbers inner nodes and leaves apart; here leaves come after."""
    if fields.get("is_linear", "0") != "0":
        raise ValueError("A tree with linear leaves has no place here.")
    decisions = _numbers(fields, "decision_type", np.int64)
    # A split into known and missing is written with an infinite threshold.
    largest = np.finfo(np.float64).max
    thresholds = np.clip(_numbers(fields, "threshold", np.float64), -largest, largest)
    leaves = _numbers(fields, "leaf_value", np.float64)
    inner, none = len(thresholds), np.zeros(len(leaves))
    left, right = (
        np.where(child < 0, inner + ~child, child)
        for child in (_numbers(fields, side, np.int64) for side in ("left_child", "right_child"))
    )
    return Tree(
        feature=np.concatenate([_numbers(fields, "split_feature", np.int64), none - 1]).astype(int),
        threshold=np.concatenate([thresholds, none]),
        left=np.concatenate([left, none]).astype(np.int64),
        right=np.concatenate([right, none]).astype(np.int64),
        missing_left=np.concatenate([_missing_left(decisions, thresholds), none > 0]),
        values=np.concatenate([np.zeros(inner), leaves])[:, None],
        sets=_sets(fields, decisions, thresholds),
    )


def _sets(fields: Mapping[str, str], decisions: Any, thresholds: Any) -> dict[int, frozenset[int]]:
    """Return the codes that go left, by node: where it asks for a set, its threshold says which."""
    ends, words = (
        _numbers(fields, f"cat_{name}", np.int64) for name in ("boundaries", "threshold")
    )
    sets = {}
    for node in np.flatnonzero(decisions & _SET_BIT).tolist():
        first, last = ends[int(thresholds[node])], ends[int(thresholds[node]) + 1]
        sets[node] = codes_of(words[first:last], _WORD)
    return sets


def _missing_left(decisions: Any, thresholds: Any) -> Any:
    """Say where a missing number goes: by the bits of the decision, or where zero would go."""
    kinds = decisions >> 2
    if not ((kinds == _NO_MISSING) | (kinds == _NAN_MISSING)).all():
        raise ValueError("A tree that takes zero for missing has no place here.")
    left = np.where(kinds == _NAN_MISSING, decisions & _LEFT_BIT > 0, thresholds >= 0)
    # What is missing is in no set.
    return left & (decisions & _SET_BIT == 0)


def _numbers(fields: Mapping[str, str], name: str, dtype: Any) -> Any:
    return np.array(fields.get(name, "").split(), dtype=dtype)
