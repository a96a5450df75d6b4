"""What is known exactly of the parts of an answer, and what is left to be sampled."""

from dataclasses import dataclass

import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.attribution.carrying import values_of
from modelwright.predictor.attribution.shares import Shares, share_out
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.program import Program


@dataclass(frozen=True)
class LedBack:
    """An answer led back to what its parts are known of.

    Parameters
    ----------
    program
        What answers.
    output
        Which column of the answer is explained.
    shares
        Of one row, beside others.
    """

    program: Program
    output: int
    shares: Shares

    @property
    def parts(self) -> dict[str, float]:
        """What each column adds, on average over the others."""
        means = self.shares.parts[0].mean(axis=0).tolist()
        return {each.name: part for each, part in zip(self.program.inputs, means, strict=True)}

    def rest(self, columns: Columns, other: Value) -> Floats:
        """Return what the parts leave of the answers to rows between the row and others.

        The parts are those of a sum of scores; what is left is how far the answer bends from it.
        Of two ends of a way it is the same, so that its parts add up to nothing.

        Parameters
        ----------
        columns
            Rows that have some columns of the row and the rest of one of the others.
        other : ndarray of shape (rows,)
            Which one.
        """
        sources = self.shares.carried.sources
        wanted = {self.program.answer, *(source.followed for source in sources)}
        values = values_of(self.program, columns, wanted)
        left = values[self.program.answer][:, self.output].copy()
        for source in sources:
            left -= (values[source.followed] * source.slope[0][other]).sum(axis=1)
        return np.asarray(left)


def lead_back(program: Program, row: Columns, others: Columns, *, output: int) -> LedBack | None:
    """Lead the answer to a row back to scores whose parts are exact.

    Parameters
    ----------
    program
        What answers.
    row
        The columns of one row.
    others
        What it is compared with.
    output
        Which column of the answer is explained.

    Returns
    -------
    LedBack, or None
        None where the program has a step through which nothing can be led.
    """
    with np.errstate(all="ignore"):
        shares = share_out(program, row, others, outputs=np.array([output]))
    if shares is None or not np.isfinite(shares.parts).all():
        return None
    return LedBack(program, output, shares)
