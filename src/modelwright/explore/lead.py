"""Lead: how much less error a build of a minute is foreseen to have than the quick model.

Where columns tell little, no model can make much of them, so the lead is a part of what the quick
model had over a constant answer. Of many classes its few trees learn each one little.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_PART, _SPREAD = 0.07, 0.9
"""Of what is told, the part that a build adds for each doubling of the classes, and the spread of
its logarithm: set on 31 public tables and builds of 60 s (`docs/explain/outlook.md`)."""
_NOISE = 0.06
"""By how much the logarithm of an error strays where nothing more can be told."""


@dataclass(frozen=True)
class Lead:
    """What the lead follows from.

    Parameters
    ----------
    told
        The logarithm of a constant answer's error beside that of the quick model: what the columns
        tell.
    classes
        Of the target; 2 for a number.

    Examples
    --------
    >>> little, much = Lead(told=0.05), Lead(told=2.0)
    >>> [round(float(np.median(each.drawn(4_000))), 1) for each in (little, much)]
    [-0.0, -0.1]
    """

    told: float = 1.0
    classes: int = 2

    def drawn(self, count: int) -> Floats:
        """Draw logarithms of a build's error beside the quick model's.

        Parameters
        ----------
        count
            How many.
        """
        part, stray = np.random.default_rng(2).normal(size=(2, count))
        usual = _PART * max(self.told, 0.0) * np.log2(max(self.classes, 2))
        return np.asarray(_NOISE * stray - usual * np.exp(_SPREAD * part))
