"""What explains an alarm."""

from typing import Literal

import msgspec

CauseKind = Literal[
    "missing values",
    "unit change",
    "swapped columns",
    "stuck values",
    "new categories",
    "renamed categories",
    "repeated rows",
    "shifted clock",
    "late labels",
    "unusual volume",
    "stale rows",
    "mixed-up rows",
    "no answer",
    "training-serving skew",
    "broken rule",
    "covariate drift",
    "concept drift",
    "probabilities off",
]
"""What may be the cause of an alarm."""


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """What explains an alarm, with its evidence.

    Parameters
    ----------
    columns
        The columns at fault; empty where rows, labels or answers are.
    sentence
        The evidence.
    is_worse
        Whether it was told before, and has clearly grown worse since.
    """

    kind: CauseKind
    columns: tuple[str, ...] = ()
    sentence: str
    is_worse: bool = False
