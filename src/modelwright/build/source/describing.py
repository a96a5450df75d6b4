"""What the templates are told."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from modelwright.build.engine import Built
from modelwright.build.source.columns import Feature
from modelwright.build.source.literals import literal
from modelwright.build.source.members import Member
from modelwright.build.source.origin import Origin
from modelwright.data.cells import ALWAYS_MISSING, missing_numbers_of
from modelwright.data.schema import Column, Kind
from modelwright.learners.base import Rows
from modelwright.predictor.bundle import Facts
from modelwright.predictor.operations.answers import Isotonic, ScaleLogits

_TIMES = {"%S.%f": "%S%.f"}
"""Python's notation and that of polars, where they differ."""
_CATBOOST_ANSWERS = {"Logloss": "Probability", "MultiClass": "Probability", "Poisson": "Exponent"}
_FORESTS = {
    "ExtraTreesClassifier": ("extra_trees", "extremely randomised trees"),
    "ExtraTreesRegressor": ("extra_trees", "extremely randomised trees"),
    "RandomForestClassifier": ("random_forest", "trees on bootstrap samples"),
    "RandomForestRegressor": ("random_forest", "trees on bootstrap samples"),
}
_LIBRARY_NAMES = {
    "lightgbm": "LightGBM",
    "xgboost": "XGBoost",
    "catboost": "CatBoost",
    "scikit-learn": "scikit-learn",
}
_TOLERANCE, _FLOAT32_TOLERANCE = "1e-9", "1e-5"
_LINE = 100


def describe(
    built: Built, members: Sequence[Member], rows: Rows, origin: Origin, facts: Facts
) -> dict[str, Any]:
    """Return all that the templates name."""
    libraries = sorted({member.recipe.library for member in members})
    return {
        "task_kind": rows.task.kind,
        "is_classification": rows.task.is_classification,
        "is_regression": not rows.task.is_classification,
        "outputs": rows.task.n_outputs if rows.task.is_classification else 1,
        "target": origin.target,
        "threshold": built.decision.threshold,
        "question": _prose(facts.question or f"What is {origin.target}?"),
        "score": _score(facts),
        "titles": _listed(list(dict.fromkeys(member.title for member in members))),
        "library_names": _listed([_LIBRARY_NAMES[name] for name in libraries]),
        "libraries": libraries,
        "tolerance": _FLOAT32_TOLERANCE if "xgboost" in libraries else _TOLERANCE,
        "many": len(members) > 1 or len(members[0].seeds) > 1,
        **_labels(rows),
        **_features(members, origin),
        **_learners(members),
        **_scales(members),
        **_calibration(built),
        **_division(rows, origin),
    }


def _labels(rows: Rows) -> dict[str, Any]:
    classes = rows.task.classes
    truths = any(isinstance(label, bool) for label in classes)
    numbers = any(isinstance(label, int | float) for label in classes) and not truths
    texts = [_label_text(label) for label in classes]
    return {"class_texts": tuple(texts), "whole_classes": numbers, "truth_classes": truths}


def _label_text(label: object) -> str:
    if isinstance(label, bool):
        return str(label).lower()
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    return str(label)


# --- features -------------------------------------------------------------------------------


def _features(members: Sequence[Member], origin: Origin) -> dict[str, Any]:
    sets = list(dict.fromkeys(_written(member.features, origin) for member in members))
    names = _set_names(len(sets))
    every = list(chain.from_iterable(member.features for member in members))
    calls = {line.partition("(")[0] for lines in sets for line in lines}
    beside = {str(each.options.get("beside", "")) for each in every}
    has_cross = "Cross" in calls
    has_category = has_cross or "Category" in calls
    by_time = origin.split is not None and _is_moment(origin)
    classes = sorted(calls | {"Feature"} | ({"Category"} if has_cross else set()))
    return {
        "feature_sets": [
            {"name": name, "lines": lines, "ending": _ending(lines, len(sets))}
            for name, lines in zip(names, sets, strict=True)
        ],
        "feature_classes": ", ".join(classes),
        "has_quotes": any('"' in column.name for column in origin.schema),
        "has_number": "Number" in calls,
        "has_sentinels": any(
            "missing=" in line for lines in sets for line in lines if line.startswith("Number(")
        ),
        "has_truth": "Truth" in calls,
        "has_moment": "Moment" in calls,
        "has_moments_read": "Moment" in calls or by_time,
        "has_category": has_category,
        "has_cross": has_cross,
        "has_levels": "level" in beside,
        "has_mean_beside": "mean" in beside,
        "has_beside": bool(beside - {""}),
        "has_means": "mean" in beside or has_cross,
        "category_ending": _beside_words(beside),
        "missing_texts": tuple(sorted(ALWAYS_MISSING)),
        "members": [
            _member(member, names[sets.index(_written(member.features, origin))])
            for member in members
        ],
    }


def _set_names(count: int) -> list[str]:
    return ["features"] if count == 1 else [f"features_{number}" for number in range(1, count + 1)]


def _ending(lines: Sequence[str], sets: int) -> str:
    if sets == 1:
        return " of each member"
    crossed = any(line.startswith("Cross(") for line in lines)
    return ", pairs of categories among them" if crossed else " without pairs of categories"


def _beside_words(beside: set[str]) -> str:
    words = {"level": "a column per level (few levels)", "mean": "the target's mean (many levels)"}
    said = [words[each] for each in ("level", "mean") if each in beside]
    return f", with {' or '.join(said)}" if said else ""


def _written(features: Sequence[Feature], origin: Origin) -> tuple[str, ...]:
    return tuple(_feature(each, origin) for each in features)


def _feature(feature: Feature, origin: Origin) -> str:
    if feature.kind == "Cross":
        left, right = (_category(name, origin, {}) for name in feature.columns)
        return _call("Cross", [left, right])
    name = feature.columns[0]
    if feature.kind == "Category":
        return _category(name, origin, feature.options)
    column = origin.schema[name]
    if feature.kind == "Moment":
        options = {**feature.options, "format": polars_format(column.datetime_format)}
        return _call("Moment", [literal(name), *_options(options)])
    if column.kind == Kind.BOOLEAN:
        return _call("Truth", [literal(name)])
    missing = tuple(sorted(missing_numbers_of(column)))
    return _call("Number", [literal(name), *_options({"missing": missing})])


def _category(name: str, origin: Origin, options: Mapping[str, object]) -> str:
    column = origin.schema[name]
    further = {**options, "missing": column.missing_tokens, "whole": _is_whole(column)}
    return _call("Category", [literal(name), *_options(further)])


def _is_whole(column: Column) -> bool:
    return column.kind == Kind.CODED or column.source_type.startswith("Float")


def _options(options: Mapping[str, object]) -> list[str]:
    return [f"{key}={literal(value)}" for key, value in options.items() if value]


def _call(name: str, arguments: Sequence[str]) -> str:
    line = f"{name}({', '.join(arguments)})"
    if len(line) + 9 <= _LINE:
        return line
    inner = "".join(f"            {each},\n" for each in arguments)
    return f"{name}(\n{inner}        )"


def polars_format(strptime: str) -> str:
    """Return a format of Python's strptime as polars writes it.

    Examples
    --------
    >>> polars_format("%d.%m.%Y %H:%M:%S.%f")
    '%d.%m.%Y %H:%M:%S%.f'
    """
    for ours, theirs in _TIMES.items():
        strptime = strptime.replace(ours, theirs)
    return strptime


# --- members --------------------------------------------------------------------------------


def _member(member: Member, features: str) -> dict[str, Any]:
    recipe, way = member.recipe, member.way
    poisson = _is_poisson(member)
    arguments = {
        "fit": _fit_name(member),
        "settings": literal(member.settings, indent=8, taken=10),
        "rounds": str(recipe.rounds),
        "seeds": literal(member.seeds),
        "weight": literal(member.weight),
        "features": features,
    }
    if poisson:
        arguments["scales_by_mean"] = "True"
    elif (recipe.center, recipe.scale) != (0.0, 1.0):
        arguments["standardises"] = "True"
    if recipe.transform:
        arguments["log_unit"] = literal(recipe.unit)
    if way.shift:
        arguments["shift"] = literal(way.shift)
    if way.least is not None:
        arguments["least"] = literal(way.least)
    if way.most is not None:
        arguments["most"] = literal(way.most)
    if recipe.favours_small:
        arguments["favours_small"] = "True"
    return {"title": member.title, "arguments": list(arguments.items())}


def _fit_name(member: Member) -> str:
    recipe = member.recipe
    name = _FORESTS[recipe.estimator][0] if recipe.library == "scikit-learn" else recipe.library
    return f"fit_{name}"


def _is_poisson(member: Member) -> bool:
    named = (str(member.settings.get(key, "")) for key in ("objective", "loss_function"))
    return any("poisson" in each.lower() for each in named)


def _learners(members: Sequence[Member]) -> dict[str, Any]:
    libraries = {member.recipe.library for member in members}
    forests = sorted(
        {member.recipe.estimator for member in members if member.recipe.library == "scikit-learn"}
    )
    modules = [name for name in ("catboost", "lightgbm", "xgboost") if name in libraries]
    imports = [f"import {name}" for name in modules]
    imports = sorted([*imports, "import numpy as np"])
    if forests:
        imports.append(f"from sklearn.ensemble import {', '.join(forests)}")
    losses = [str(member.settings.get("loss_function", "")) for member in members]
    answers = [_CATBOOST_ANSWERS.get(loss, "RawFormulaVal") for loss in losses if loss]
    return {
        "imports": imports,
        "fits": ", ".join(sorted({_fit_name(member) for member in members})),
        "estimators": [
            {"name": _FORESTS[each][0], "title": _FORESTS[each][1], "cls": each} for each in forests
        ],
        "catboost_answer": answers[0] if answers else "",
        "in_float32": bool(libraries - {"lightgbm"}),
        "needs_columns": bool(libraries - {"scikit-learn"})
        or any(each.endswith("Regressor") for each in forests),
    }


def _scales(members: Sequence[Member]) -> dict[str, bool]:
    written = [dict(_member(member, "")["arguments"]) for member in members]
    return {
        "has_unit": any("standardises" in each for each in written),
        "has_poisson": any("scales_by_mean" in each for each in written),
        "has_log": any("log_unit" in each for each in written),
        "has_ends": any({"least", "most"} & set(each) for each in written),
        "has_small": any("favours_small" in each for each in written),
    }


# --- what comes after, and the rows that are learned from -----------------------------------


def _calibration(built: Built) -> dict[str, Any]:
    step = built.calibration.step
    if isinstance(step, ScaleLogits):
        return {"calibration": "logits", "slope": step.slope, "bias": step.bias.tolist()}
    if isinstance(step, Isotonic):
        knots = list(zip(step.x.tolist(), step.y.tolist(), strict=True))
        return {"calibration": "isotonic", "knots": knots}
    return {"calibration": ""}


def _division(rows: Rows, origin: Origin) -> dict[str, Any]:
    split = origin.split
    weights = [each.name for each in origin.schema if each.role == "weight"]
    by_time = split is not None and split.kind == "time"
    moment = by_time and _is_moment(origin)
    known = "(target >= 0)" if rows.task.is_classification else "np.isfinite(target)"
    names = {"Matrix", "read_table"} | ({"read_moments"} if moment else set())
    wanted = ["MEMBERS", "TARGET"]
    wanted += ["CLASSES"] if rows.task.is_classification else []
    wanted += ["WEIGHT"] if rows.weight is not None and weights else []
    return {
        "split": split,
        "weight_column": weights[0] if rows.weight is not None and weights else None,
        "known": known,
        "boundary_is_moment": moment,
        "boundary_words": "the boundary" if by_time else "",
        "split_format": polars_format(origin.schema[split.column].datetime_format)
        if split is not None and moment
        else "",
        "train_features": ", ".join(sorted(names, key=lambda name: (name.lower(), name))),
        "train_settings": ", ".join(sorted(wanted)),
    }


def _is_moment(origin: Origin) -> bool:
    split = origin.split
    return bool(
        split
        and split.kind == "time"
        and split.column in origin.schema
        and origin.schema[split.column].value_type == "datetime"
    )


def _score(facts: Facts) -> str:
    score = facts.holdout_score
    if score is None:
        return ""
    ends = f"{score.level:.0%} interval {score.low:.4g} to {score.high:.4g}"
    return f"{score.value:.4g} ({facts.metric}; {ends})"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _prose(text: str) -> str:
    """Return what a person wrote as one line of Markdown that is no markup."""
    escaped = text.replace("<", "&lt;").replace("`", "'").replace("|", "/")
    return " ".join(escaped.split())
