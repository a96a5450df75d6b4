"""How a program can be learned again without modelwright."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """The call of a library that learned a program from its matrix.

    Parameters
    ----------
    library
        ``"lightgbm"``, ``"xgboost"``, ``"catboost"`` or ``"scikit-learn"``.
    estimator
        What of it learns: ``"train"``, or the name of a class.
    settings
        As the library takes them; JSON values.
    rounds
        Boosting rounds, trees or iterations.
    encoding
        The value of the program that is the library's matrix.
    center, scale
        The target of a regression is learned as (target - center) / scale.
    """

    library: str
    estimator: str
    settings: Mapping[str, Any]
    rounds: int
    encoding: str
    center: float = 0.0
    scale: float = 1.0
