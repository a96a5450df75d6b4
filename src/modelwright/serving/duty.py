"""In which role a bundle answers."""

from dataclasses import dataclass

from modelwright.data.schema import Column, Schema
from modelwright.workspace.ledger.rows import Role


@dataclass(frozen=True)
class Duty:
    """In which role a bundle answers.

    Parameters
    ----------
    role
        As in the ledger.
    beside
        Columns that only another bundle reads, which is tried or was champion before: requests may
        have them, so that clients may change before the model does, and after it.
    """

    role: Role = "champion"
    beside: tuple[Column, ...] = ()

    def widened(self, schema: Schema) -> Schema:
        """Return the columns that requests may have."""
        return Schema(columns=(*schema.columns, *self.beside)) if self.beside else schema


ALONE = Duty()
"""There is no other bundle."""
