"""What lies around the question's table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelwright.data.relations.table import RelatedTable


@dataclass(frozen=True)
class Surroundings:
    """What lies around the question's table.

    Parameters
    ----------
    rows
        The raw training rows, in the order of the prepared ones.
    tables
        Related tables.
    folder
        The workspace, where a metric of the person's own may be.
    """

    rows: pl.DataFrame
    tables: tuple[RelatedTable, ...]
    folder: Path = Path()

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """Raw related tables by name."""
        return {table.name: table.frame for table in self.tables}
