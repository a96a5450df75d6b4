"""What a feature is: formulas that somebody who knows the subject proposes.

Training calls `propose` for the rows of each fold, and keeps the formulas that say something of the
target out of fold. It shows no target: what is learned from it would know the answers of the rows
that a model learns from. The same rows must give the same formulas. A formula whose columns a table
lacks, or has with values of another type, is left out, so that a feature may be installed for good.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.learners.features.formula import Formula


class Feature(Protocol):
    """Proposes formulas."""

    @property
    def name(self) -> str:
        """Identifier; that of its entry point."""

    @property
    def title(self) -> str:
        """What people read."""

    def propose(self, schema: Schema, columns: Columns) -> Iterable[Formula]:
        """Return formulas that may say something of a target.

        Parameters
        ----------
        schema
            The features of the table.
        columns
            One array for each, of the rows that are learned from: float64 with NaN for missing,
            texts with None, datetimes as microseconds since 1970.
        """


@dataclass(frozen=True)
class PlainFeature:
    """Formulas that are the same for all rows.

    Parameters
    ----------
    name, title
        As `Feature` has them.
    formulas
        What it proposes.
    """

    name: str
    title: str
    formulas: tuple[Formula, ...]

    def propose(self, schema: Schema, columns: Columns) -> Iterable[Formula]:
        """Return the formulas."""
        return self.formulas
