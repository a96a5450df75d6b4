"""Values as a MySQL or MariaDB server writes them, turned into columns chunk by chunk."""

from collections import Counter
from collections.abc import Sequence
from enum import Enum
from typing import Self

import polars as pl

from modelwright.data.sources.base import Reading
from modelwright.data.sources.columns import listed

_TIME = r"^(-?)(\d+):(\d\d):(\d\d(?:\.\d+)?)$"


class Kind(Enum):
    """What a column holds; the values are type codes of the MySQL protocol."""

    WHOLE = (1, 2, 3, 8, 9, 13)
    """TINYINT, SMALLINT, INT, BIGINT, MEDIUMINT, YEAR."""
    NUMBER = (0, 5, 246)
    """DECIMAL before MySQL 5, DOUBLE, DECIMAL."""
    FLOAT = (4,)
    MOMENT = (7,)
    """TIMESTAMP."""
    DATE = (10, 14)
    TIME = (11,)
    DATETIME = (12,)
    BIT = (16,)
    GEOMETRY = (255,)
    TEXT = ()
    """Everything else; a column of bytes is found by its values."""

    @classmethod
    def of(cls, code: int) -> Self:
        """Return the kind of a type code.

        Examples
        --------
        >>> Kind.of(10)
        <Kind.DATE: (10, 14)>
        """
        return next((kind for kind in cls if code in kind.value), cls.TEXT)


class Chunks:
    """A table that grows by rows of text.

    Parameters
    ----------
    names, kinds
        Of the columns.

    Examples
    --------
    >>> chunks = Chunks(["age", "since"], [Kind.WHOLE, Kind.DATE])
    >>> chunks.add([("30", "2024-01-31"), (None, "0000-00-00")])
    >>> chunks.reading().frame.rows()
    [(30, datetime.date(2024, 1, 31)), (None, None)]
    >>> chunks.reading().facts
    ("1 value of 'since' is no date, such as '0000-00-00', and was read as missing.",)
    """

    def __init__(self, names: Sequence[str], kinds: Sequence[Kind]) -> None:
        self._columns = dict(zip(names, kinds, strict=True))
        self._parts: dict[str, list[pl.Series]] = {name: [] for name in names}
        self._no_dates: Counter[str] = Counter()
        self.add([])

    def add(self, rows: Sequence[Sequence[str | bytes | None]]) -> None:
        """Append rows."""
        columns = zip(*rows, strict=True) if rows else ((),) * len(self._columns)
        for (name, kind), values in zip(self._columns.items(), columns, strict=True):
            self._parts[name].append(self._typed(name, kind, values))

    def reading(self) -> Reading:
        """Return the table so far, and sentences about what was read as missing or in UTC."""
        facts = [
            f"{count} {'value' if count == 1 else 'values'} of {name!r} "
            f"{'is no date' if count == 1 else 'are no dates'}, such as '0000-00-00', and "
            f"{'was' if count == 1 else 'were'} read as missing."
            for name, count in self._no_dates.items()
        ]
        moments = [name for name, kind in self._columns.items() if kind is Kind.MOMENT]
        if moments:
            facts.append(f"Timestamps in {listed(moments)} were read in UTC.")
        columns = [_joined(parts) for parts in self._parts.values()]
        return Reading(pl.DataFrame(columns), tuple(facts))

    def _typed(self, name: str, kind: Kind, values: Sequence[str | bytes | None]) -> pl.Series:
        if kind is Kind.TEXT and any(isinstance(value, bytes) for value in values):
            return pl.Series(name, values, dtype=pl.Binary)
        text = pl.Series(name, values, dtype=pl.String)
        typed = _typed(text, kind)
        if lost := typed.null_count() - text.null_count():
            self._no_dates[name] += lost
        return typed


def _typed(text: pl.Series, kind: Kind) -> pl.Series:
    match kind:
        case Kind.WHOLE | Kind.BIT:
            whole = text.cast(pl.Int64, strict=False)
            # A BIGINT UNSIGNED reaches twice as far.
            return whole if whole.null_count() == text.null_count() else text.cast(pl.UInt64)
        case Kind.NUMBER:
            return text.cast(pl.Float64)
        case Kind.FLOAT:
            return text.cast(pl.Float64).cast(pl.Float32)
        case Kind.DATE:
            return text.str.to_date("%Y-%m-%d", strict=False)
        case Kind.DATETIME:
            return _moments(text)
        case Kind.MOMENT:
            return _moments(text).dt.replace_time_zone("UTC")
        case Kind.TIME:
            return _seconds(text)
    return text


def _moments(text: pl.Series) -> pl.Series:
    return text.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)


def _seconds(text: pl.Series) -> pl.Series:
    parts = text.str.extract_groups(_TIME).struct
    hours, minutes, seconds = (parts.field(str(group)).cast(pl.Float64) for group in (2, 3, 4))
    sign = parts.field("1").replace_strict({"-": -1.0, "": 1.0}, return_dtype=pl.Float64)
    return (sign * (hours * 3600 + minutes * 60 + seconds)).alias(text.name)


def _joined(parts: Sequence[pl.Series]) -> pl.Series:
    """Return the chunks as one column, of the widest type among them."""
    found = {part.dtype for part in parts if len(part)}
    widest = next((kind for kind in (pl.UInt64, pl.Binary) if kind in found), parts[0].dtype)
    return pl.concat([part.cast(widest) for part in parts])
