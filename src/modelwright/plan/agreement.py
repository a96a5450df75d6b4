"""How much rows that stand together agree in the target, beyond chance."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.tasks.task import Task

CERTAIN = 4.0
"""Standard errors above which an agreement is no chance, however many columns are tried."""


@dataclass(frozen=True)
class Agreement:
    """How alike the answers of paired rows are.

    Parameters
    ----------
    excess
        0 as by chance, 1 wholly alike: the correlation of ranks, or Cohen's kappa of classes.
    errors
        The same in standard errors of independent rows.
    """

    excess: float = 0.0
    errors: float = 0.0

    @property
    def is_certain(self) -> bool:
        """Whether rows depend on each other beyond doubt."""
        return self.errors >= CERTAIN


@dataclass(frozen=True)
class Answers:
    """The known answers of a table, in a form in which pairs are compared.

    Parameters
    ----------
    values
        Classes, or ranks of numbers: one enormous value must not decide.
    known : ndarray of bool, shape (rows,)
        Which rows of the table have an answer.
    """

    values: NDArray[Any]
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, truth: NDArray[Any], task: Task) -> "Answers":
        """Take coded answers of shape (rows,); -1 or NaN where missing."""
        if task.is_classification:
            return cls(truth[truth >= 0], truth >= 0)
        known = np.isfinite(truth)
        return cls(pl.Series(truth[known]).rank().to_numpy(), known)

    def among_neighbours(self, keys: pl.Series, *, seed: int) -> Agreement:
        """Return how much rows agree that are next to each other in the order of a key.

        Rows of one key are shuffled, so that the order of the table is of no account. Rows
        without a key are left out.
        """
        codes, values = self._with_key(keys)
        order = _in_order(codes, seed)
        return self._agreement(values[order][:-1], values[order][1:])

    def within(self, keys: pl.Series, *, seed: int) -> Agreement:
        """Return how much rows of one key agree, each compared with one other of its key."""
        codes, values = self._with_key(keys)
        order = _in_order(codes, seed)
        same = np.flatnonzero(codes[order][:-1] == codes[order][1:])
        return self._agreement(values[order][same], values[order][same + 1])

    def among_rows(self) -> Agreement:
        """Return how much rows agree that are next to each other in the table."""
        return self._agreement(self.values[:-1], self.values[1:])

    def _with_key(self, keys: pl.Series) -> tuple[NDArray[Any], NDArray[Any]]:
        codes = keys.rank("dense").fill_null(0).to_numpy()[self.known]
        return codes[codes > 0], self.values[codes > 0]

    def _agreement(self, left: NDArray[Any], right: NDArray[Any]) -> Agreement:
        """Compare pairs; what chance would do is taken from the paired rows alone."""
        if len(left) < 2:
            return Agreement()
        if self.values.dtype.kind != "i":
            left, right = left - left.mean(), right - right.mean()
            spread = float(left.std() * right.std())
            excess = float((left * right).mean()) / spread if spread else 0.0
            return Agreement(excess, excess * len(left) ** 0.5)
        size = int(self.values.max()) + 1
        shares = np.bincount(left, minlength=size) * np.bincount(right, minlength=size)
        chance = float(shares.sum()) / len(left) ** 2
        if chance == 1.0:
            return Agreement()
        more = float((left == right).mean()) - chance
        error = (chance * (1 - chance) / len(left)) ** 0.5
        return Agreement(more / (1 - chance), more / error if error else 0.0)


def _in_order(codes: NDArray[Any], seed: int) -> NDArray[np.intp]:
    chance = np.random.default_rng(seed).random(len(codes))
    return np.argsort(codes + chance)  # codes are whole: one sort where two keys would take two
