"""Beyond: how a column goes on beyond what training had, as training itself went on.

A month, a season and a year bring values that training has not had yet, and so does all that rises
with time. That is known level by level, and of numbers by the side and by how far.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Value


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """A side on which the numbers of training went on.

    Parameters
    ----------
    share
        The part of a window that lay beyond all earlier rows, as several windows reached it.
    end
        The farthest number that may still come.
    """

    share: float
    end: float


class Beyond(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much of a window of training was what no earlier row had had.

    Parameters
    ----------
    levels
        The part with levels that were new, as several windows reached it.
    below, above
        Of numbers; None on a side on which they did not go on.
    """

    levels: float = 0.0
    below: Side | None = None
    above: Side | None = None

    def going_on(self, numbers: Value, *, minimum: float | None, maximum: float | None) -> float:
        """Return the part of numbers that lie beyond bounds, of no more and no farther than may.

        Parameters
        ----------
        numbers : ndarray of shape (rows,)
            NaN missing.
        minimum, maximum
            The bounds; None where there is none.

        Examples
        --------
        >>> risen = Beyond(above=Side(share=0.5, end=20.0))
        >>> risen.going_on(np.array([-999.0, 3.0, 12.0, 999.0]), minimum=0.0, maximum=9.0)
        0.25
        """
        part = 0.0
        if self.below is not None and minimum is not None:
            part += _part(self.below, (numbers < minimum) & (numbers >= self.below.end))
        if self.above is not None and maximum is not None:
            part += _part(self.above, (numbers > maximum) & (numbers <= self.above.end))
        return part


def _part(side: Side, is_beyond: NDArray[np.bool_]) -> float:
    return min(side.share, float(is_beyond.mean())) if len(is_beyond) else 0.0
