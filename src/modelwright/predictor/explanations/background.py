"""The rows that a row is compared with: real ones that the bundle recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from modelwright.data.records import Columns, RecordReader
from modelwright.errors import BundleError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats

_REAL = "row "
"""Recorded rows of the training data are called ``row 1``, ``row 2`` and so on."""


@dataclass(frozen=True)
class Background:
    """Recorded rows of a bundle.

    Parameters
    ----------
    records
        As clients send them.
    columns
        The columns that the program reads, each of shape (rows,).
    answers : ndarray of shape (rows, outputs)
        What the program answers.
    """

    records: Sequence[Mapping[str, Any]]
    columns: Columns
    answers: Floats

    def __len__(self) -> int:
        return len(self.answers)

    def at(self, place: int) -> Columns:
        """Return the columns of one row."""
        return {name: values[place : place + 1] for name, values in self.columns.items()}

    def differing(self, row: Columns, place: int) -> list[str]:
        """Return the columns in which one of its rows differs from another row."""
        pairs = ((name, row[name][0], self.columns[name][place]) for name in row)
        return [name for name, mine, theirs in pairs if not _same(mine, theirs)]


def background_of(bundle: Bundle) -> Background:
    """Return the real rows that a bundle recorded.

    Raises
    ------
    BundleError
        When there are none.
    """
    cases = [case for case in bundle.cases if case.name.startswith(_REAL)]
    if not cases:
        raise BundleError("The bundle records no rows to compare with.", "Build it again.")
    records = [case.record for case in cases]
    read = RecordReader(bundle.schema)(records)
    return Background(
        records=records,
        columns={each.name: read[each.name] for each in bundle.program.inputs},
        answers=np.array([case.expected for case in cases]),
    )


def mixed(row: Columns, other: Columns, taken: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return rows with some columns of one row and the others of another.

    Parameters
    ----------
    row, other
        Columns of one row each.
    taken
        For each column, in which of the new rows it is the first row's.
    """
    return {
        name: np.where(taken[name], row[name][0], other[name][0]).astype(row[name].dtype)
        for name in taken
    }


def _same(left: object, right: object) -> bool:
    return left == right or (left != left and right != right)
