"""How a program can be learned again without modelwright."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Recipe:
    """The call of a library that learned a program from its matrix.

    Parameters
    ----------
    library
        ``"lightgbm"``, ``"xgboost"``, ``"catboost"`` or ``"scikit-learn"``; ``"scipy"`` for linear
        models and kernel machines, ``"numpy"`` for networks.
    estimator
        What of it learns: ``"train"``, the name of a class, or what such a model is called.
    settings
        As the library takes them; JSON values.
    rounds
        Boosting rounds, trees, epochs, or penalties of a path.
    encoding
        The value of the program that is the library's matrix; of a linear model, the sum of all
        that its columns add.
    center, scale
        The target of a regression is learned as (target - center) / scale.
    transform
        What the target was before that: ``""`` as it is, ``"log1p"`` for log(1 + target / unit).
        The last steps of the program turn answers back.
    unit
        Of that logarithm.
    favours_small
        Whether each row counts by 1 / sqrt(|target|), `Aim.favours_small`.
    drawn
        How many rows it was learned from, drawn with the seed; None for all.
    solver
        Of a linear model, `Problem.solver`, or ``"sparse descent"``.
    own_steps
        Steps of the program that the learner made itself, before the way back to the scale of the
        target was added.
    """

    library: str
    estimator: str
    settings: Mapping[str, Any]
    rounds: int
    encoding: str
    center: float = 0.0
    scale: float = 1.0
    transform: Literal["", "log1p"] = ""
    unit: float = 1.0
    favours_small: bool = False
    drawn: int | None = None
    solver: str = ""
    own_steps: int | None = None
