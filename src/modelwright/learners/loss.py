"""What a learner is asked to keep small."""

from dataclasses import dataclass
from typing import Literal

LossKind = Literal["proper", "squared", "absolute", "quantile", "poisson"]


@dataclass(frozen=True)
class Loss:
    """The loss of an answer, by what the person's metric rewards.

    Parameters
    ----------
    kind
        ``"proper"`` for classes: log-loss. For numbers ``"squared"`` asks for the mean,
        ``"absolute"`` for the median, ``"quantile"`` for a quantile and ``"poisson"`` for the mean
        of a number that is never negative and varies the more the larger it is.
    level
        Of the quantile, between 0 and 1.

    A learner that has no such loss learns the mean; the folds show what that costs.
    """

    kind: LossKind = "squared"
    level: float = 0.5
