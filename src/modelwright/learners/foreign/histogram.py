"""Gradient boosting on histograms of scikit-learn, as trees."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.given import Frame, Given
from modelwright.learners.foreign.sets import Coded, without_sets
from modelwright.learners.trees.tables import Tree, codes_of, node_table
from modelwright.predictor.operations.trees import Trees

_LARGEST = np.finfo(np.float64).max
_WORD = 32
"""Bits in a number of a set."""


def histogram_score(draft: Draft, model: Any, given: Given) -> str:
    """Write a HistGradientBoosting model on what it reads and return its raw score.

    scikit-learn has no public way to its trees, so that another version may keep them elsewhere.

    Raises
    ------
    LearnerError
        When it keeps its trees elsewhere.
    """
    try:
        rounds, start = model._predictors, np.ravel(model._baseline_prediction)
        trees = [_tree(each.nodes, each.raw_left_cat_bitsets) for one in rounds for each in one]
        places, levels = _categories(model)
    except AttributeError as error:
        name = type(model).__name__
        raise refuse(f"A {name} of this version of scikit-learn", f"It has no {error}.") from error
    coded = _coded(given, levels)
    trees = [_of_columns(tree, places) for tree in trees]
    matrix, trees = without_sets(draft, trees, given, coded)
    columns = len(rounds[0])
    return draft.add(
        Trees,
        matrix,
        comparison="<=",
        outputs=np.resize(np.arange(columns, dtype=np.int32), len(trees)),
        base=np.asarray(start, dtype=np.float64),
        **node_table(trees),
    )


def _categories(model: Any) -> tuple[Sequence[int], dict[int, Sequence[Any]]]:
    """Return the columns as its trees number them, those of categories first, and their levels."""
    if model.is_categorical_ is None:
        return range(model.n_features_in_), {}
    flags = np.asarray(model.is_categorical_)
    places = np.concatenate([np.flatnonzero(flags), np.flatnonzero(~flags)]).tolist()
    encoder = model._preprocessor.named_transformers_["encoder"]
    return places, dict(zip(places, encoder.categories_, strict=False))


def _coded(given: Given, levels: Mapping[int, Sequence[Any]]) -> Coded:
    if isinstance(given, Frame):
        return Coded(levels=levels, known={})
    return Coded(levels={}, known={place: _whole(each) for place, each in levels.items()})


def _whole(levels: Sequence[Any]) -> Sequence[int]:
    known = [float(each) for each in levels if each == each]
    if not all(each.is_integer() for each in known):
        raise refuse("A HistGradientBoosting model whose categories are no whole numbers")
    return [int(each) for each in known]


def _of_columns(tree: Tree, places: Sequence[int]) -> Tree:
    """Return a tree that asks columns by their place among all."""
    feature = np.where(tree.feature < 0, -1, np.asarray(places)[tree.feature])
    return replace(tree, feature=feature)


def _tree(nodes: Any, bits: Any) -> Tree:
    asks = np.flatnonzero(nodes["is_categorical"] & ~nodes["is_leaf"]).tolist()
    leaf = nodes["is_leaf"].astype(np.bool_)
    return Tree(
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int64),
        # A split into known and missing is written with an infinite threshold.
        threshold=np.clip(nodes["num_threshold"].astype(np.float64), -_LARGEST, _LARGEST),
        left=nodes["left"].astype(np.int64),
        right=nodes["right"].astype(np.int64),
        missing_left=nodes["missing_go_to_left"].astype(np.bool_),
        values=nodes["value"].astype(np.float64)[:, None],
        sets={node: codes_of(bits[nodes["bitset_idx"][node]], _WORD) for node in asks},
    )
