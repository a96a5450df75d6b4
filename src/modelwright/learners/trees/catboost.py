"""Models of CatBoost as steps of a program."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np

from modelwright.learners.trees.boosting import Lesson
from modelwright.learners.trees.symmetric import SymmetricTree, unfold
from modelwright.learners.trees.tables import Tree, node_table
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Step


def written(model: Any) -> bytes:
    """Return a model of CatBoost in its JSON format, which it writes to files only."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        return path.read_bytes()


@dataclass(frozen=True)
class SymmetricModel:
    """What a model in CatBoost's JSON format says.

    Parameters
    ----------
    loss
        What it was trained for, such as ``"Logloss"``.
    names
        The columns that it reads, in its order; empty texts where it knows none.
    labels
        Its classes in its order; empty for numbers.
    trees
        Unfolded.
    factor, start
        What the sum of leaves is multiplied with, and what each output starts from.
    """

    loss: str
    names: tuple[str, ...]
    labels: tuple[object, ...]
    trees: list[Tree]
    factor: float
    start: Floats


def read_model(model: bytes) -> SymmetricModel:
    """Return a model in CatBoost's JSON format.

    Raises
    ------
    ValueError
        When it cannot be expressed: splits of categories, trees that are not symmetric, missing
        numbers that go right.
    """
    found = msgspec.json.decode(model, type=_Model)
    if not found.oblivious_trees:
        raise ValueError("A model without symmetric trees has no place here.")
    features = found.features_info.float_features
    if any(feature.nan_value_treatment == "AsTrue" for feature in features):
        raise ValueError("A tree that sends missing numbers right has no place here.")
    factor, start = found.scale_and_bias
    return SymmetricModel(
        loss=found.model_info.params.loss_function.type,
        names=tuple(feature.feature_id for feature in features),
        labels=found.model_info.class_params.class_names,
        trees=unfold([_tree(tree, len(start)) for tree in found.oblivious_trees]),
        factor=factor,
        start=np.array(start, dtype=np.float64),
    )


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
        As `read_model` does.
    """
    found = read_model(model)
    width = lesson.trees_per_round
    rounded = RoundToFloat32(inputs=(lesson.encoding.output,), output="rounded")
    trees = Trees(
        inputs=(rounded.output,),
        output="raw",
        comparison="<=",
        outputs=np.full(len(found.trees), 0 if width == 1 else -1, dtype=np.int32),
        base=lesson.base + lesson.scale * found.start,
        scale=lesson.scale * found.factor,
        **node_table(found.trees),
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
    feature_id: str = ""


class _Features(msgspec.Struct):
    float_features: list[_Feature] = []


class _Loss(msgspec.Struct):
    type: str


class _Params(msgspec.Struct):
    loss_function: _Loss


class _Classes(msgspec.Struct, frozen=True):
    class_names: tuple[object, ...] = ()


class _Info(msgspec.Struct):
    params: _Params
    class_params: _Classes = _Classes()


class _Model(msgspec.Struct):
    features_info: _Features
    model_info: _Info
    scale_and_bias: tuple[float, list[float]]
    oblivious_trees: list[_Tree] = []


def _tree(tree: _Tree, width: int) -> SymmetricTree:
    splits = tree.splits or []
    if len(tree.leaf_values) != width << len(splits):
        raise ValueError("A tree whose leaves do not fit its questions has no place here.")
    if any(split.float_feature_index < 0 for split in splits if split.split_type == "FloatFeature"):
        raise ValueError("A tree that asks no column has no place here.")
    if any(split.split_type != "FloatFeature" for split in splits):
        raise ValueError("A tree that splits categories has no place here.")
    return SymmetricTree(
        feature=np.array([split.float_feature_index for split in splits], dtype=np.int64),
        # Borders are float32, with however many digits they are written.
        border=np.array([split.border for split in splits], dtype=np.float32).astype(np.float64),
        values=np.array(tree.leaf_values, dtype=np.float64).reshape(-1, width),
    )
