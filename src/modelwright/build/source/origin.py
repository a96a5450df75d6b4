"""What the table was that a model learned from."""

from dataclasses import dataclass

from modelwright.data.schema import Schema
from modelwright.data.splitting.splits import Split


@dataclass(frozen=True)
class Origin:
    """A table, and which of its rows were learned from.

    Parameters
    ----------
    schema
        All columns, with the target, the weight and whatever divides the rows.
    target
        The column that is predicted.
    split
        How the holdout was taken off; None where all rows were learned from.
    has_decimal_commas
        Whether its file writes numbers with them.
    has_lines_around
        Whether its file has titles above the names or totals below the rows.
    encoding
        Of its file, as Python calls it.
    is_workbook
        Whether its file is one of Excel or OpenDocument.
    """

    schema: Schema
    target: str
    split: Split | None = None
    has_decimal_commas: bool = False
    has_lines_around: bool = False
    encoding: str = "utf-8"
    is_workbook: bool = False

    @property
    def is_by_moment(self) -> bool:
        """Whether the holdout begins at a moment, not at a number."""
        split = self.split
        return bool(
            split
            and split.kind == "time"
            and split.column in self.schema
            and self.schema[split.column].value_type == "datetime"
        )
