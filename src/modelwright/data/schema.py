"""The columns of a table: what each one holds and what it is for.

This module needs no data-frame library, because the server reads it too.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cached_property
from typing import Literal, Self

import msgspec

from modelwright.errors import SchemaError, nearest


class Kind(StrEnum):
    """What a column holds."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"
    CODED = "coded categorical"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    TEXT = "text"
    ID = "id"
    CONSTANT = "constant"


class Role(StrEnum):
    """What a column is for."""

    FEATURE = "feature"
    TARGET = "target"
    ID = "id"
    GROUP = "group"
    TIME = "time"
    WEIGHT = "weight"
    IGNORED = "ignored"


ValueType = Literal["number", "string", "datetime"]
"""How a column travels once it is conformed: float64, string, or microseconds since 1970 in UTC."""

_VALUE_TYPES: dict[Kind, ValueType] = {
    Kind.NUMERIC: "number",
    Kind.BOOLEAN: "number",
    Kind.DATETIME: "datetime",
}
_SEVERAL = " number"
"""How the units of `forms.PLACES` and `forms.COMMA_PLACES` end."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a table.

    Parameters
    ----------
    name
        As the source writes it.
    kind
        What it holds.
    role
        What it is for.
    source_type
        The type that the source declares, as text.
    missing_tokens
        Texts that stand for a missing value in this column, beside null.
    datetime_format
        The strptime format of a datetime that the source keeps as text; empty for ISO 8601.
    unit
        What stands beside its numbers where they are texts, such as ``"kg"``; ``"h:mm"`` for times
        of day, which are read as hours; or one of `forms.FORMS`; empty for plain numbers.
    reason
        Why this kind and role were inferred, as a sentence with the evidence.

    Examples
    --------
    >>> Column(name="age", kind=Kind.NUMERIC).value_type
    'number'
    """

    name: str
    kind: Kind
    role: Role = Role.FEATURE
    source_type: str = ""
    missing_tokens: tuple[str, ...] = ()
    datetime_format: str = ""
    unit: str = ""
    reason: str = ""

    @property
    def cell(self) -> str:
        """The name of the table's column in whose cells it stands, which may hold several."""
        if self.unit.endswith(_SEVERAL):
            return self.name.removesuffix(f" ({self.unit[0]})")
        return self.name

    @property
    def value_type(self) -> ValueType:
        """How the column travels once it is conformed."""
        return _VALUE_TYPES.get(self.kind, "string")

    @property
    def has_zone(self) -> bool:
        """Whether the source keeps its moments with a time zone.

        Examples
        --------
        >>> zoned = "Datetime(time_unit='us', time_zone='UTC')"
        >>> Column(name="at", kind=Kind.DATETIME, source_type=zoned).has_zone
        True
        """
        return "time_zone='" in self.source_type


class Schema(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The columns of a table, in its order.

    Examples
    --------
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> schema["age"].kind.value
    'numeric'
    >>> schema["agee"]
    Traceback (most recent call last):
    ...
    modelwright.errors.SchemaError: There is no column 'agee'. Did you mean 'age'?
    >>> [column.name for column in schema.among(["height", "age"])]
    ['age']
    """

    columns: tuple[Column, ...]

    def __getitem__(self, name: str) -> Column:
        place = self._places.get(name)
        if place is None:
            raise SchemaError(f"There is no column {name!r}.", nearest(name, self.names))
        return self.columns[place]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._places

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def _places(self) -> dict[object, int]:
        # A table may have thousands of columns, and each is asked for many times.
        return {name: place for place, name in reversed(list(enumerate(self.names)))}

    @property
    def features(self) -> tuple[Column, ...]:
        """The columns that a model reads."""
        return self.with_role(Role.FEATURE)

    def with_role(self, role: Role) -> tuple[Column, ...]:
        """Return the columns of one role."""
        return tuple(column for column in self.columns if column.role == role)

    def the(self, role: Role) -> Column | None:
        """Return the one column of a role that at most one column has, or None."""
        return next(iter(self.with_role(role)), None)

    def select(self, names: tuple[str, ...]) -> Self:
        """Return the schema of some columns, in the order given."""
        return msgspec.structs.replace(self, columns=tuple(self[name] for name in names))

    def among(self, names: Iterable[str]) -> tuple[Column, ...]:
        """Return the columns whose names are among some, in the order of the table."""
        places = {self._places[name] for name in names if name in self._places}
        return tuple(self.columns[place] for place in sorted(places))

    def assign(self, role: Role, *names: str) -> Self:
        """Return a schema in which the columns named have another role."""
        for name in names:
            self[name]
        columns = (
            msgspec.structs.replace(column, role=role) if column.name in names else column
            for column in self.columns
        )
        return msgspec.structs.replace(self, columns=tuple(columns))
