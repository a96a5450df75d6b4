"""What the templates are told."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from modelwright.build.engine import Built
from modelwright.build.source.carrying import Carried
from modelwright.build.source.features import describe_features
from modelwright.build.source.fitting import describe_fits, fit_name, module_of
from modelwright.build.source.literals import literal
from modelwright.build.source.members import Member, Members
from modelwright.build.source.origin import Origin
from modelwright.build.source.shared import shared_settings, write_settings
from modelwright.build.source.writing import polars_format, write_rise
from modelwright.learners.base import Rows
from modelwright.predictor.bundle import Facts
from modelwright.predictor.operations.answers import Isotonic, ScaleLogits
from modelwright.predictor.operations.text import TokenWeights
from modelwright.tasks.figures import figure
from modelwright.tasks.metrics import words_for

_LIBRARY_NAMES = {
    "lightgbm": "LightGBM",
    "xgboost": "XGBoost",
    "catboost": "CatBoost",
    "scikit-learn": "scikit-learn",
}
_TOLERANCE, _FLOAT32_TOLERANCE = "1e-9", "1e-5"


def describe(
    built: Built, made_of: Members, rows: Rows, origin: Origin, facts: Facts
) -> dict[str, Any]:
    """Return all that the templates name."""
    members, carried = made_of.learned, made_of.carried
    libraries = sorted({member.recipe.library for member in members})
    called = [_LIBRARY_NAMES[name] for name in libraries if name in _LIBRARY_NAMES]
    features = describe_features(members, carried, origin)
    shared = shared_settings(members)
    written = [
        _member(member, name, origin, shared)
        for member, name in zip(members, features["sets_by_member"], strict=True)
    ]
    return {
        "task_kind": rows.task.kind,
        "is_classification": rows.task.is_classification,
        "is_regression": not rows.task.is_classification,
        "outputs": rows.task.n_outputs if rows.task.is_classification else 1,
        "target": origin.target,
        "threshold": built.decision.threshold,
        "weights": built.decision.weights,
        "question": _prose(facts.question or f"What is {origin.target}?"),
        "score": _score(facts),
        "titles": _listed(list(dict.fromkeys(title for title, _, _ in _table(members, carried)))),
        "library_names": _listed(called) if called else "",
        "libraries_called": len(called),
        "libraries": libraries,
        "tolerance": _FLOAT32_TOLERANCE if "xgboost" in libraries else _TOLERANCE,
        "many": len(members) + len(carried) > 1 or len(members[0].seeds) > 1,
        "has_folds": any(member.fold is not None for member in members),
        **_labels(rows),
        **features,
        "members": written,
        "shared": [
            (name, f"fit_{name.lower()}", literal(each, taken=len(name) + 3))
            for name, each in shared.items()
        ],
        "carried": [
            {
                "title": each.title,
                "file": f"{each.name}.json",
                "weight": each.weight,
                "reads": reads,
            }
            for each, reads in zip(carried, features["reads"], strict=True)
        ],
        "table": _table(members, carried),
        **_texts(carried, features),
        **describe_fits(members, rows.task),
        "trend_times": sorted({each.kind for member in members for each in member.times}),
        "settings_imports": _settings_imports(members, carried, features),
        "one_thread": features["has_topics"]
        or any(member.recipe.library in ("scipy", "numpy") for member in members),
        **_scales(written),
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


def _table(members: Sequence[Member], carried: Sequence[Carried]) -> list[tuple[str, str, str]]:
    """Return title, weight and treatment of each member, for people."""
    rows = []
    for member in members:
        times = "" if len(member.seeds) == 1 else f" with {len(member.seeds)} seeds"
        of_fold = "" if member.fold is None else ", from the rows of a fold: time was short"
        rows.append((member.title, f"{member.weight:.2f}", f"learned again{times}{of_fold}"))
    for (title, reason), alike in groupby(carried, key=lambda each: (each.title, each.reason)):
        weights = [each.weight for each in alike]
        times = "" if len(weights) == 1 else f" with {len(weights)} seeds"
        rows.append(
            (title, f"{sum(weights):.2f}", f"carried over as it was learned{times}: {reason}")
        )
    return rows


def _texts(carried: Sequence[Carried], features: Mapping[str, Any]) -> dict[str, Any]:
    operations = sorted(frozenset().union(*(each.operations for each in carried)))
    weights = [step for each in carried for step in each.steps if isinstance(step, TokenWeights)]
    in_lines = features["has_line_words"] or features["has_line_characters"]
    return {
        "operations": operations,
        "has_line_tokens": in_lines,
        "has_texts": features["has_topics"] or in_lines or bool(weights),
        "has_rarity": features["has_topics"] or in_lines,
        "has_runs_of_characters": features["has_line_characters"]
        or features["has_topic_runs"]
        or any(step.analyzer == "character" for step in weights),
    }


# --- members --------------------------------------------------------------------------------


def _member(
    member: Member, features: str, origin: Origin, shared: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    recipe, way = member.recipe, member.way
    poisson = _is_poisson(member)
    arguments = {
        "fit": fit_name(member),
        "settings": write_settings(member, shared, indent=8, taken=10),
        "rounds": str(recipe.rounds),
        **({} if member.fold is None else {"fold": literal(member.fold)}),
        "seeds": literal(member.seeds),
        "weight": literal(member.weight),
        "features": features,
    }
    if recipe.drawn is not None:
        arguments["drawn"] = literal(recipe.drawn)
    if poisson:
        arguments["scales_by_mean"] = "True"
    elif (recipe.center, recipe.scale) != (0.0, 1.0):
        arguments["standardises"] = "True"
    if way.rise:
        arguments["trend"] = write_rise(way.rise, origin, indent=8)
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


def _settings_imports(
    members: Sequence[Member], carried: Sequence[Carried], features: Mapping[str, Any]
) -> list[tuple[str, list[str]]]:
    """Return each module that settings import from, with what of it."""
    names: dict[str, set[str]] = {"model": {"Member"}}
    if carried:
        names["carried"] = {"CarriedOver"}
    for module, found in features["classes"].items():
        names[module] = found
    for member in members:
        names.setdefault(module_of(member), set()).add(fit_name(member))
        if member.way.rise:
            names["model"].add("Trend")
    return [(module, sorted(names[module])) for module in sorted(names) if names[module]]


def _is_poisson(member: Member) -> bool:
    named = (str(member.settings.get(key, "")) for key in ("objective", "loss_function"))
    return any("poisson" in each.lower() for each in (*named, member.recipe.estimator))


def _scales(members: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    written = [dict(member["arguments"]) for member in members]
    return {
        "has_unit": any("standardises" in each for each in written),
        "has_poisson": any("scales_by_mean" in each for each in written),
        "has_trend": any("trend" in each for each in written),
        "has_log": any("log_unit" in each for each in written),
        "has_ends": any({"least", "most"} & set(each) for each in written),
        "has_small": any("favours_small" in each for each in written),
        "has_drawn": any("drawn" in each for each in written),
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
    moment = by_time and origin.is_by_moment
    known = "(target >= 0)" if rows.task.is_classification else "np.isfinite(target)"
    wanted = ["MEMBERS", "TARGET"]
    wanted += ["CLASSES"] if rows.task.is_classification else []
    wanted += ["WEIGHT"] if rows.weight is not None and weights else []
    return {
        "split": split,
        "weight_column": weights[0] if rows.weight is not None and weights else None,
        "known": known,
        "boundary_is_moment": moment,
        "split_format": polars_format(origin.schema[split.column].datetime_format)
        if split is not None and moment
        else "",
        "train_settings": wanted,
    }


def _score(facts: Facts) -> str:
    score = facts.holdout_score
    if score is None:
        return ""
    ends = f"{score.level:.0%} interval {figure(score.low)} to {figure(score.high)}"
    words = words_for(facts.metric)
    title = facts.metric if words is None else words[0]
    return f"{figure(score.value)} ({title}; {ends})"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _prose(text: str) -> str:
    """Return what a person wrote as one line of Markdown that is no markup."""
    escaped = text.replace("<", "&lt;").replace("`", "'").replace("|", "/")
    return " ".join(escaped.split())
