"""Models of CatBoost as steps of a program."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np

from modelwright.learners.boosting import Lesson
from modelwright.learners.symmetric_trees import SymmetricTree, unfold
from modelwright.learners.tree_tables import node_table
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Step


def written(model: Any) -> bytes:
    """Return a model of CatBoost in its JSON format, which it writes to files only."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        return path.read_bytes()


def read_steps(model: bytes, lesson: Lesson) -> tuple[Step, ...]:
    """Return the steps to the raw score of a model in CatBoost's JSON format.

    Parameters
    ----------
    model
        What `written` returns.
    lesson
        What it learned from.

    Raises
    ------
    ValueError
        When it cannot be expressed: splits of categories, trees that are not symmetric, missing
        numbers that go right.
    """
    found = msgspec.json.decode(model, type=_Model)
    if not found.oblivious_trees:
        raise ValueError("A model without symmetric trees has no place here.")
    if any(
        feature.nan_value_treatment == "AsTrue" for feature in found.features_info.float_features
    ):
        raise ValueError("A tree that sends missing numbers right has no place here.")
    width = lesson.trees_per_round
    factor, start = found.scale_and_bias
    rounded = RoundToFloat32(inputs=(lesson.encoding.output,), output="rounded")
    trees = Trees(
        inputs=(rounded.output,),
        output="raw",
        comparison="<=",
        outputs=np.full(len(found.oblivious_trees), 0 if width == 1 else -1, dtype=np.int32),
        base=lesson.base + lesson.scale * np.array(start, dtype=np.float64),
        scale=lesson.scale * factor,
        **node_table(unfold([_tree(tree, width) for tree in found.oblivious_trees])),
    )
    return (rounded, trees)


class _Split(msgspec.Struct):
    split_type: str
    float_feature_index: int = -1
    border: float = 0.0


class _Tree(msgspec.Struct):
    leaf_values: list[float]
    splits: list[_Split] | None = None


class _Feature(msgspec.Struct):
    nan_value_treatment: str


class _Features(msgspec.Struct):
    float_features: list[_Feature] = []


class _Model(msgspec.Struct):
    features_info: _Features
    scale_and_bias: tuple[float, list[float]]
    oblivious_trees: list[_Tree] = []


def _tree(tree: _Tree, width: int) -> SymmetricTree:
    splits = tree.splits or []
    if any(split.split_type != "FloatFeature" for split in splits):
        raise ValueError("A tree that splits categories has no place here.")
    return SymmetricTree(
        feature=np.array([split.float_feature_index for split in splits], dtype=np.int64),
        # Borders are float32, with however many digits they are written.
        border=np.array([split.border for split in splits], dtype=np.float32).astype(np.float64),
        values=np.array(tree.leaf_values, dtype=np.float64).reshape(-1, width),
    )
