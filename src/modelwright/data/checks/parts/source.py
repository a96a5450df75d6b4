"""A source is checked a few columns or rows at a time, so that memory holds no whole table."""

from collections.abc import Sequence

from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.columns import check_columns
from modelwright.data.checks.parts.pieces import (
    Looking,
    Room,
    check_pieces,
    is_divisible,
    look_here,
)
from modelwright.data.contracts.contract import CheckReport, Contract, check_table
from modelwright.data.sources.base import Source
from modelwright.data.sources.parquet import ParquetFiles, read_columns
from modelwright.errors import InputError

_CELLS = 4_000_000
"""Of a part; a number takes eight bytes as it was read, and eight as the checks see it."""

_USUAL = Room()

_Parts = list[tuple[list[str], list[int]]]


def check_source(source: Source, contract: Contract, *, room: Room = _USUAL) -> CheckReport:
    """Check what a source reads against a contract, as `check_table` does.

    Of Parquet only the columns that a rule asks for are read: of one file a few at a time, of many
    or long ones some rows at a time. All else is read as a whole, and so is a table for a rule of
    another package, which may look at any column.

    Parameters
    ----------
    source, contract
        What is checked.
    room
        What may be held at once.

    Raises
    ------
    SourceError
        When it cannot be read.

    Examples
    --------
    >>> import polars as pl
    >>> from modelwright.data.sources.open import open_source
    >>> source = open_source(pl.DataFrame({"age": [39]}))
    >>> check_source(source, Contract(id="x", title="people")).passed
    True
    """
    if not isinstance(source, ParquetFiles) or not is_divisible(source, contract):
        return check_table(source.read(), contract)
    names, rows = source.names() or (), sum(count for _, count in source.counted())
    if len(source.files) > 1 or rows > _CELLS or room.together is not None:
        if rows * len(names) <= room.cells:
            return check_table(source.read(), contract)
        return check_pieces(source, contract, room=room)
    if not set(names).issuperset(name for each in contract.every_check for name in each.columns):
        return check_table(source.read(), contract)
    return _by_columns(source, contract, rows=rows, names=names)


def check_divided(
    source: Source, contract: Contract, *, looking: Looking = look_here, room: Room = _USUAL
) -> CheckReport:
    """Check files of Parquet as `check_source` does, each piece by whoever looks.

    Parameters
    ----------
    source, contract
        What is checked.
    looking
        Who looks, and reaches the files by the paths that they have here.
    room
        What one who looks may hold.

    Raises
    ------
    InputError
        When it is no Parquet, or is one table only as a whole.
    SourceError
        When it cannot be read.
    """
    if not isinstance(source, ParquetFiles):
        raise InputError(
            f"{source.address} is no Parquet, and only of Parquet others can read their part.",
            "Leave --compute out, or write the table as Parquet.",
        )
    if not is_divisible(source, contract):
        raise InputError(
            f"{source.address} is checked only as a whole: its folders or nested columns become "
            "columns, or a rule of another package may look at all of it.",
            "Leave --compute out.",
        )
    return check_pieces(source, contract, looking=looking, room=room)


def _by_columns(
    source: ParquetFiles, contract: Contract, *, rows: int, names: Sequence[str]
) -> CheckReport:
    checks = contract.every_check
    results: dict[int, CheckResult] = {}
    for columns, places in _parts(checks, most=max(1, _CELLS // max(1, rows))):
        table = read_columns(source.files, columns or names[:1])
        found = check_columns(table, contract.schema, [checks[at] for at in places])
        results |= dict(zip(places, found, strict=True))
    return CheckReport(
        rows=rows,
        results=tuple(results[at] for at in range(len(checks))),
        unchecked=contract.unchecked,
    )


def _parts(checks: Sequence[Check], *, most: int) -> _Parts:
    """Return columns that are read together, and the places of the checks that need only these."""
    parts: _Parts = [([], [])]
    for at, check in enumerate(checks):
        columns, places = parts[-1]
        together = list(dict.fromkeys((*columns, *check.columns)))
        if columns and len(together) > max(most, len(columns)):
            parts.append((list(dict.fromkeys(check.columns)), [at]))
        else:
            columns[:] = together
            places.append(at)
    return parts
