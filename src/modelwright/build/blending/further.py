"""Rows beyond those in memory, as build reads them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.build.judging.rows import answered, has_answer, learning_rows
from modelwright.data.splitting.portions import CHECKED, HELD, LEARNED
from modelwright.documents import Findings
from modelwright.learners.base import Rows

BUCKETS = 1_000
"""Steps in which less than all rows can be learned from."""
_THINNING = 3
"""A stream of the seed, beside those of holdout, folds and portions."""


class Further(Protocol):
    """Rows of the table beyond those drawn; whoever builds reads them as often as it must."""

    @property
    def rows(self) -> int:
        """How many there are, those of the holdout included."""

    @property
    def memory_bytes(self) -> int:
        """What the process may take."""

    @property
    def reading_s(self) -> float:
        """About what reading all of them takes, in seconds."""

    def pieces(self) -> Iterator[tuple[pl.DataFrame, NDArray[np.int8]]]:
        """Yield prepared rows, and what each is for, in the same order each time.

        Raises
        ------
        SourceError
            When they cannot be read, or are no longer what they were.
        """


@dataclass(frozen=True)
class Survey:
    """What one reading of the rows tells.

    Parameters
    ----------
    counts : ndarray of shape (BUCKETS,)
        Rows to learn from with an answer, by bucket.
    check
        The rows that are set aside; None where there are none.
    """

    counts: NDArray[np.int64]
    check: Rows | None

    @property
    def there(self) -> int:
        """Rows to learn from."""
        return int(self.counts.sum())

    def of(self, share: float) -> int:
        """Return how many rows a share of them is."""
        return int(self.counts[: _buckets(share)].sum())


@dataclass(frozen=True)
class Stream:
    """Further rows as learners read them.

    Parameters
    ----------
    further
        Where they come from.
    findings
        Which columns may be read, and what is predicted.
    """

    further: Further
    findings: Findings

    def survey(self) -> Survey:
        """Count rows, and keep those that are set aside."""
        counts, kept = np.zeros(BUCKETS, dtype=np.int64), []
        for frame, parts, buckets in self._pieces():
            known = has_answer(frame, self.findings)
            learned = buckets[known & (parts == LEARNED)]
            counts += np.bincount(learned, minlength=BUCKETS)
            kept.append(frame.filter(pl.Series(known & (parts == CHECKED))))
        check = self._rows(pl.concat(kept)) if kept else None
        return Survey(counts, check if check is not None and len(check) else None)

    def learned(self, share: float) -> Iterator[Rows]:
        """Yield a share of the rows to learn from."""
        for frame, parts, buckets in self._pieces():
            chosen = (parts == LEARNED) & (buckets < _buckets(share))
            if len(rows := self._rows(frame.filter(pl.Series(chosen)))):
                yield rows

    def held(self) -> Iterator[pl.DataFrame]:
        """Yield the rows of the holdout that have an answer."""
        for frame, parts in self.further.pieces():
            rows = answered(frame.filter(pl.Series(parts == HELD)), self.findings)
            if rows.height:
                yield rows

    def _pieces(self) -> Iterator[tuple[pl.DataFrame, NDArray[np.int8], NDArray[np.int64]]]:
        random = np.random.default_rng([self.findings.plan.split.seed, _THINNING])
        for frame, parts in self.further.pieces():
            yield frame, parts, random.integers(0, BUCKETS, frame.height)

    def _rows(self, frame: pl.DataFrame) -> Rows:
        return learning_rows(answered(frame, self.findings), self.findings)


def _buckets(share: float) -> int:
    return round(share * BUCKETS)
