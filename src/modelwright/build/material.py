"""What a candidate is made from."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from modelwright.build.blending.further import Further
from modelwright.data.splitting.splits import SealedRows


@dataclass(frozen=True)
class Material:
    """What a candidate is made from.

    Parameters
    ----------
    training
        Prepared training rows.
    holdout
        Prepared rows that stay sealed until the program stands.
    openings
        Says how often this holdout has been opened by now.
    further
        Rows that memory does not hold, those of the holdout among them; None where there are none.
    """

    training: pl.DataFrame
    holdout: SealedRows
    openings: Callable[[], int]
    further: Further | None = None

    @property
    def holdout_rows(self) -> int:
        """Rows of the holdout, about so many where memory does not hold all."""
        held = len(self.holdout)
        drawn = held + self.training.height
        return held + round(held / max(1, drawn) * (self.further.rows if self.further else 0))
