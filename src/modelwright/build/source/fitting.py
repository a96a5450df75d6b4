"""How members learn: what the templates of learners, linear models and networks are told."""

from collections.abc import Sequence
from typing import Any

from modelwright.build.source.members import Member
from modelwright.tasks.task import Task

_CATBOOST_ANSWERS = {"Logloss": "Probability", "MultiClass": "Probability", "Poisson": "Exponent"}
_MODULES = ("learners", "linear", "kernel", "network")
_FORESTS = {
    "ExtraTreesClassifier": ("extra_trees", "extremely randomised trees"),
    "ExtraTreesRegressor": ("extra_trees", "extremely randomised trees"),
    "RandomForestClassifier": ("random_forest", "trees on bootstrap samples"),
    "RandomForestRegressor": ("random_forest", "trees on bootstrap samples"),
}
_LINEAR = {
    "logistic_regression": ("a logistic regression", "class_loss", "probabilities"),
    "ridge_regression": ("a ridge regression", "squared_loss", "numbers"),
    "quantile_regression": ("a quantile regression", "quantile_loss", "numbers"),
    "poisson_regression": ("a Poisson regression", "count_loss", "means_of_counts"),
}
"""What people call a linear model, its loss, and what becomes of its raw scores."""


def describe_fits(members: Sequence[Member], task: Task) -> dict[str, Any]:
    """Return what the templates are told of how members learn."""
    by_module: dict[str, list[Member]] = {name: [] for name in _MODULES}
    for member in members:
        by_module[module_of(member)].append(member)
    lines, machines = by_module["linear"], by_module["kernel"]
    return {
        **_learners(by_module["learners"]),
        **_linear(lines, task),
        **_kernel_machines(machines),
        **_losses(lines, machines),
        **_networks(by_module["network"]),
        "has_scaling": bool(machines or by_module["network"]),
        "has_circles": any("circles" in member.settings for member in members),
    }


def module_of(member: Member) -> str:
    """Return the module of the project in which a member's fit is."""
    if member.is_kernel_machine:
        return "kernel"
    return "network" if member.is_network else "linear" if member.is_linear else "learners"


def fit_name(member: Member) -> str:
    """Return the function of the project that lets a member learn."""
    recipe = member.recipe
    if recipe.library == "scikit-learn":
        return f"fit_{_FORESTS[recipe.estimator][0]}"
    if member.is_network:
        return "fit_network"
    by_estimator = member.is_linear or member.is_kernel_machine
    return f"fit_{recipe.estimator if by_estimator else recipe.library}"


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
        "has_learners": bool(members),
        "estimators": [
            {"name": _FORESTS[each][0], "title": _FORESTS[each][1], "cls": each} for each in forests
        ],
        "catboost_answer": answers[0] if answers else "",
        "in_float32": bool(libraries - {"lightgbm"}),
        "needs_columns": bool(libraries - {"scikit-learn"})
        or any(each.endswith("Regressor") for each in forests),
    }


def _linear(members: Sequence[Member], task: Task) -> dict[str, Any]:
    solvers = {member.recipe.solver for member in members}
    return {
        "has_linear": bool(members),
        "raw_outputs": task.n_outputs if task.kind == "multiclass" else 1,
        **_models("line", members),
        "by_squares": bool(solvers - {"sparse descent"}),
        "sparsely": "sparse descent" in solvers,
        "rounds_off": "rounded descent" in solvers,
        "few_rows": "descent over rows" in solvers,
    }


def _kernel_machines(members: Sequence[Member]) -> dict[str, Any]:
    return {"has_kernel": bool(members), **_models("kernel", members)}


def _models(kind: str, members: Sequence[Member]) -> dict[str, Any]:
    """Return what fits are called, with their losses and what becomes of their raw scores."""
    names = sorted({member.recipe.estimator for member in members})
    models = [_LINEAR[name.removeprefix("kernel_")] for name in names]
    return {
        f"{kind}_models": [
            {"name": name, "title": title, "loss": loss, "answer": answer}
            for name, (title, loss, answer) in zip(names, models, strict=True)
        ],
        f"{kind}_losses": sorted({loss for _, loss, _ in models}),
        f"{kind}_answers": sorted({answer for _, _, answer in models}),
    }


def _losses(lines: Sequence[Member], machines: Sequence[Member]) -> dict[str, Any]:
    """Return what is told of losses that linear models and kernel machines share."""
    estimators = {each.recipe.estimator.removeprefix("kernel_") for each in (*lines, *machines)}
    solvers = {member.recipe.solver for member in lines}
    over_rows = solvers & {"descent over rows"}
    matrix = {"Matrix"} if machines or over_rows else set()
    design = {"Design"} if lines and (not over_rows or "sparse descent" in solvers) else set()
    return {
        "has_losses": bool(estimators),
        "losses": sorted({_LINEAR[name][1] for name in estimators}),
        "answers": sorted({_LINEAR[name][2] for name in estimators}),
        "descends": bool(machines) or bool(solvers - {"sparse descent"}),
        "designs": " | ".join(sorted(matrix | design)),
    }


def _networks(members: Sequence[Member]) -> dict[str, Any]:
    settings = members[0].settings if members else {}
    return {
        "has_network": bool(members),
        "has_embedding": any(each.kind == "Code" for member in members for each in member.features),
        "net_losses": sorted({member.recipe.estimator for member in members}),
        "net_smoothing": settings.get("smoothing"),
        "net_level": settings.get("level"),
    }
