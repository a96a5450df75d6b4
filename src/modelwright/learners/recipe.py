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
    transform
        What the target was before that: ``""`` as it is, ``"log1p"`` for log(1 + target / unit).
        The last steps of the program turn answers back.
    unit
        Of that logarithm.
    favours_small
        Whether each row counts by 1 / sqrt(|target|), `Aim.favours_small`.
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
