"""How rows go from a spool into a ledger: many with one commit, and a bad one alone stays out."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from modelwright.workspace.ledger.rows import Gap, Prediction

_UNFIT = (sqlite3.Error, ValueError, TypeError, OverflowError)
"""What is raised for a row that the database cannot hold."""


class Destination(Protocol):
    """What rows are moved into."""

    def append(self, rows: Sequence[Prediction]) -> int:
        """Write predictions, all or none, and return how many were new."""


@dataclass
class Moved:
    """What became of rows.

    Parameters
    ----------
    repeated
        How many were there already.
    unfit
        What those leave that the ledger cannot hold; None where it holds all.
    """

    repeated: int = 0
    unfit: Gap | None = None


def move_rows(
    rows: Iterator[Prediction], ledger: Destination, *, rows_per_commit: int = 500
) -> Moved:
    """Write rows into a ledger.

    Raises
    ------
    WorkspaceError
        When the ledger cannot be written; giving the same rows again completes the work.
    """
    moved = Moved()
    while page := list(islice(rows, rows_per_commit)):
        try:
            moved.repeated += len(page) - ledger.append(page)
        except _UNFIT:
            _move_singly(page, ledger, moved)
    return moved


def _move_singly(rows: Sequence[Prediction], ledger: Destination, moved: Moved) -> None:
    for row in rows:
        try:
            moved.repeated += 1 - ledger.append([row])
        except _UNFIT as error:
            moved.unfit = Gap.of([row], str(error)).joined(moved.unfit)
