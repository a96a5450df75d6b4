"""Numbers as ramps: how far each has come through the pieces of its range."""

import numpy as np

from modelwright.predictor.operations.base import Floats, Integers, Operation, Value


class Ramps(Operation, frozen=True, kw_only=True, tag="ramps"):
    """Say for each piece of a column's range how much of it lies below the number, from 0 to 1.

    A linear form of ramps is a line with a bend at each end of a piece. Gorishniy, Rubachev and
    Babenko, "On embeddings for numerical features in tabular deep learning" (2022).

    Parameters
    ----------
    source
        The column that each ramp reads.
    start, length
        Of its piece.
    """

    source: Integers
    start: Floats
    length: Floats

    def check(self, widths: tuple[int, ...]) -> int:
        shape = self.source.shape
        self.require(self.source.ndim == 1, "the columns are not a list")
        self.require(self.start.shape == self.length.shape == shape, "one piece per ramp is needed")
        inside = (self.source >= 0).all() and (self.source < widths[0]).all()
        self.require(inside, "a ramp reads a column that is not there")
        self.require(np.isfinite(self.start).all(), "a start is not finite")
        self.require(np.isfinite(self.length).all(), "a length is not finite")
        self.require((self.length > 0).all(), "a length is not above zero")
        return len(self.source)

    def run(self, *values: Value) -> Floats:
        with np.errstate(over="ignore"):
            risen = (values[0].take(self.source, axis=1) - self.start) / self.length
        return np.minimum(np.maximum(risen, 0.0), 1.0)
