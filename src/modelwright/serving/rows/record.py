"""What is asked: rows by column, as they were sent."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Record: TypeAlias = Mapping[str, Any]
"""A row, by column, as it was sent."""

Related: TypeAlias = Mapping[str, Sequence[Record]]
"""Raw rows of related tables, by table."""
