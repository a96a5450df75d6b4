"""How members learn: what the templates of learners, linear models and networks are told."""

from collections.abc import Sequence
from typing import Any

from modelwright.build.source.members import Member
from modelwright.tasks.task import Task

_CATBOOST_ANSWERS = {"Logloss": "Probability", "MultiClass": "Probability", "Poisson": "Exponent"}
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
    by_module: dict[str, list[Member]] = {"learners": [], "linear": [], "network": []}
    for member in members:
        by_module[module_of(member)].append(member)
    return {
        **_learners(by_module["learners"]),
        **_linear(by_module["linear"], task),
        **_networks(by_module["network"]),
    }


def module_of(member: Member) -> str:
    """Return the module of the project in which a member's fit is."""
    return "network" if member.is_network else "linear" if member.is_linear else "learners"


def fit_name(member: Member) -> str:
    """Return the function of the project that lets a member learn."""
    recipe = member.recipe
    if recipe.library == "scikit-learn":
        return f"fit_{_FORESTS[recipe.estimator][0]}"
    if member.is_network:
        return "fit_network"
    return f"fit_{recipe.estimator if member.is_linear else recipe.library}"


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
    models = [_LINEAR[name] for name in sorted({member.recipe.estimator for member in members})]
    names = sorted({member.recipe.estimator for member in members})
    solvers = {member.recipe.solver for member in members}
    return {
        "has_linear": bool(members),
        "raw_outputs": task.n_outputs if task.kind == "multiclass" else 1,
        "line_models": [
            {"name": name, "title": title, "loss": loss, "answer": answer}
            for name, (title, loss, answer) in zip(names, models, strict=True)
        ],
        "line_losses": [loss for _, loss, _ in models],
        "line_answers": sorted({answer for _, _, answer in models}),
        "by_squares": bool(solvers - {"sparse descent"}),
        "sparsely": "sparse descent" in solvers,
        "rounds_off": "rounded descent" in solvers,
        "few_rows": "descent over rows" in solvers,
    }


def _networks(members: Sequence[Member]) -> dict[str, Any]:
    settings = members[0].settings if members else {}
    return {
        "has_network": bool(members),
        "has_circles": any("circles" in member.settings for member in members),
        "has_embedding": any(each.kind == "Code" for member in members for each in member.features),
        "net_losses": sorted({member.recipe.estimator for member in members}),
        "net_smoothing": settings.get("smoothing"),
        "net_level": settings.get("level"),
    }
