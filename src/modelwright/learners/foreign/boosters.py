"""Boosters of LightGBM, XGBoost and CatBoost as steps to the answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np

from modelwright.errors import LearnerError
from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.given import Frame, Given, matrix_of
from modelwright.learners.foreign.sets import Coded, without_sets
from modelwright.learners.foreign.zeros import without_zeros
from modelwright.learners.trees import lightgbm as lightgbm_trees
from modelwright.learners.trees import xgboost as xgboost_trees
from modelwright.learners.trees.catboost import read_model
from modelwright.learners.trees.tables import node_table
from modelwright.predictor.operations.answers import LinkKind
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees

_LIGHTGBM_LINKS: dict[str, LinkKind | None] = {
    "binary": "sigmoid",
    "cross_entropy": "sigmoid",
    "multiclass": "softmax",
    "poisson": "exponential",
    "gamma": "exponential",
    "tweedie": "exponential",
    **dict.fromkeys(
        ("regression", "regression_l1", "huber", "fair", "quantile", "mape"),
    ),
}
_XGBOOST_LINKS: dict[str, LinkKind | None] = {
    "binary:logistic": "sigmoid",
    "multi:softprob": "softmax",
    "multi:softmax": "softmax",
    "count:poisson": "exponential",
    "reg:gamma": "exponential",
    "reg:tweedie": "exponential",
    **dict.fromkeys(
        ("reg:squarederror", "reg:absoluteerror", "reg:pseudohubererror", "reg:quantileerror"),
    ),
}
"""What an objective makes of the sum of leaves; None for nothing."""
_CATBOOST_LINKS: dict[str, LinkKind | None] = {
    "Logloss": "sigmoid",
    "CrossEntropy": "sigmoid",
    "MultiClass": "softmax",
    "Poisson": "exponential",
    "Tweedie": "exponential",
    **dict.fromkeys(("RMSE", "MAE", "Quantile", "MAPE", "Huber", "Expectile", "LogCosh")),
}
_OF_LOGARITHM = frozenset({"reg:gamma", "reg:tweedie"})
"""Objectives whose base score is written before the logarithm, beside those of the learner."""


def lightgbm_answer(draft: Draft, model: str, given: Given) -> str:
    """Write a model in LightGBM's text format and return its answer.

    Raises
    ------
    LearnerError
        When a part of it has no place in a program.
    """
    if "\nend of trees" not in model:
        raise LearnerError("The file of LightGBM ends before its last tree.", "Save it again.")
    head = model.split("\nTree=", 1)[0]
    name, *settings = _said(head, "objective").split() or [""]
    if name not in _LIGHTGBM_LINKS or "sqrt" in settings:
        raise refuse(f"LightGBM with the objective {' '.join([name, *settings]) or 'none'}")
    try:
        trees = lightgbm_trees.list_trees(model)
    except ValueError as error:
        raise LearnerError(f"{error}", "Train it without.") from error
    coded = _coded(draft, given, _lightgbm_levels(model, head))
    # LightGBM cuts off what is behind the point, so that -0.5 is the code 0.
    coded = replace(coded, least=np.nextafter(-1.0, 0.0))
    matrix, trees = without_sets(draft, trees, given, coded)
    columns = int(_said(head, "num_tree_per_iteration") or 1)
    slope = next((float(each[8:]) for each in settings if each.startswith("sigmoid:")), 1.0)
    averaged = "average_output" in head.splitlines()
    raw = draft.add(
        Trees,
        matrix,
        comparison="<=",
        outputs=np.resize(np.arange(columns, dtype=np.int32), len(trees)),
        base=np.zeros(columns),
        scale=slope / (len(trees) / columns if averaged else 1.0),
        **node_table(trees),
    )
    link = _LIGHTGBM_LINKS[name]
    return raw if link is None else draft.link(raw, link)


def _used_trees(learner: dict[str, Any], every: int) -> int:
    """Return how many trees answer: those up to the best round, where a model knows one."""
    best = learner.get("attributes", {}).get("best_iteration")
    if best is None:
        return every
    model = learner["gradient_booster"]["model"]
    parallel = int(model["gbtree_model_param"].get("num_parallel_tree", 1))
    outputs = max(1, int(learner["learner_model_param"]["num_class"]))
    return min(every, (int(best) + 1) * parallel * outputs)


def catboost_answer(draft: Draft, model: bytes, given: Given) -> str:
    """Write a model in CatBoost's JSON format and return its answer.

    Raises
    ------
    LearnerError
        When a part of it has no place in a program.
    """
    try:
        found = read_model(model)
    except ValueError as error:
        raise LearnerError(f"{error}", "Train it on encoded categories.") from error
    if found.loss not in _CATBOOST_LINKS:
        raise refuse(f"CatBoost with the loss {found.loss}")
    columns = len(found.start)
    raw = draft.add(
        Trees,
        draft.add(RoundToFloat32, matrix_of(draft, given)),
        comparison="<=",
        outputs=np.full(len(found.trees), 0 if columns == 1 else -1, dtype=np.int32),
        base=found.start,
        scale=found.factor,
        **node_table(found.trees),
    )
    link = _CATBOOST_LINKS[found.loss]
    return raw if link is None else draft.link(raw, link)


def lightgbm_names(model: str) -> list[str]:
    """Return the names of the columns that a model in LightGBM's text format reads."""
    return _said(model.split("\nTree=", 1)[0], "feature_names").split()


def lightgbm_classes(model: str) -> int:
    """Return how many classes such a model answers; 0 for numbers."""
    head = model.split("\nTree=", 1)[0]
    link = _LIGHTGBM_LINKS.get(_said(head, "objective").split(" ")[0])
    return {"sigmoid": 2, "softmax": int(_said(head, "num_class") or 0)}.get(link or "", 0)


def xgboost_answer(draft: Draft, model: bytes, given: Given) -> str:
    """Write a model in XGBoost's JSON format and return its answer.

    Raises
    ------
    LearnerError
        When a part of it has no place in a program.
    """
    learner = msgspec.json.decode(model)["learner"]
    objective, booster = learner["objective"]["name"], learner["gradient_booster"]
    if objective not in _XGBOOST_LINKS:
        raise refuse(f"XGBoost with the objective {objective}")
    if booster["name"] != "gbtree":
        raise refuse(f"XGBoost with the booster {booster['name']}")
    if any(weight != 1.0 for weight in booster["model"].get("weight_drop", ())):
        # How later versions write it.
        raise refuse("XGBoost with the booster dart")
    columns = max(1, int(learner["learner_model_param"]["num_class"]))
    start = xgboost_trees.base_score(learner, columns)
    if objective in _OF_LOGARITHM:
        start = np.log(start)
    try:
        trees = xgboost_trees.list_trees(booster["model"])
    except ValueError as error:
        raise LearnerError(f"{error}", "Train it with one tree for each class.") from error
    trees = trees[: _used_trees(learner, len(trees))]
    levels = _xgboost_levels(learner)
    matrix, trees = without_sets(draft, trees, given, _coded(draft, given, levels))
    rounded = draft.add(RoundToFloat32, matrix)
    if isinstance(given, str) and given in draft.sparse:
        rounded, trees = without_zeros(draft, rounded, trees)
    raw = draft.add(
        Trees,
        rounded,
        comparison="<",
        outputs=np.array(booster["model"]["tree_info"][: len(trees)], dtype=np.int32),
        base=start,
        scale=1.0,
        **node_table(trees),
    )
    link = _XGBOOST_LINKS[objective]
    return raw if link is None else draft.link(raw, link)


def xgboost_names(model: bytes) -> list[str]:
    """Return the names of the columns that a model in XGBoost's JSON format reads."""
    learner = msgspec.json.decode(model)["learner"]
    return list(learner.get("feature_names") or [])


def xgboost_classes(model: bytes) -> int:
    """Return how many classes such a model answers; 0 for numbers."""
    learner = msgspec.json.decode(model)["learner"]
    link = _XGBOOST_LINKS.get(learner["objective"]["name"])
    number = int(learner["learner_model_param"]["num_class"])
    return {"sigmoid": 2, "softmax": number}.get(link or "", 0)


def _coded(draft: Draft, given: Given, levels: Mapping[int, Sequence[Any]]) -> Coded:
    if isinstance(given, Frame):
        names = {given.names[place]: each for place, each in levels.items()}
        draft.levels.update(names)
        draft.numbered.update(names)
    return Coded(levels=levels, known={})


def _lightgbm_levels(model: str, head: str) -> dict[int, Sequence[Any]]:
    """Return the levels of the columns that pandas had as categories.

    The file tells them one column after another, and not of which columns.
    """
    found = re.search(r"^pandas_categorical:(\[.*\])$", model, re.MULTILINE)
    levels = msgspec.json.decode(found[1]) if found else []
    infos = _said(head, "feature_infos").split()
    sets = [place for place, info in enumerate(infos) if info[0] not in "[n"]
    perhaps = [place for place, info in enumerate(infos) if info[0] != "["]
    places = sets if len(sets) == len(levels) else perhaps
    if levels and len(places) != len(levels):
        raise refuse("LightGBM with ordered categories, or with some that pandas did not have,")
    return dict(zip(places, levels, strict=True)) if levels else {}


def _xgboost_levels(learner: dict[str, Any]) -> dict[int, Sequence[Any]]:
    """Return the levels of the columns that were categories of a data frame."""
    told = learner["gradient_booster"]["model"].get("cats", {}).get("enc", [])
    levels = {place: _xgboost_texts(each) for place, each in enumerate(told)}
    return {place: each for place, each in levels.items() if each}


def _xgboost_texts(told: dict[str, Any]) -> Sequence[Any]:
    """Return the levels of a column: numbers as they are, texts cut out of all their bytes."""
    if "offsets" not in told:
        return list(told["values"])
    ends, letters = told["offsets"], bytes(each % 256 for each in told["values"])
    return [letters[first:last].decode() for first, last in pairwise(ends)]


def _said(head: str, name: str) -> str:
    found = re.search(rf"^{name}=(.*)$", head, re.MULTILINE)
    return found[1] if found else ""
