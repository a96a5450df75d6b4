"""A source is checked a few columns at a time, so that memory holds no whole table."""

from collections.abc import Sequence

from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.columns import check_columns
from modelwright.data.checks.presence import Present
from modelwright.data.checks.registry import CHECKS
from modelwright.data.contract import CheckReport, Contract, check_table
from modelwright.data.sources.base import Source
from modelwright.data.sources.parquet import ParquetFile

_CELLS = 4_000_000
"""Of a part; a number takes eight bytes as it was read, and eight as the checks see it."""

_Parts = list[tuple[list[str], list[int]]]


def check_source(source: Source, contract: Contract) -> CheckReport:
    """Check what a source reads against a contract, as `check_table` does.

    One Parquet file is read a few columns at a time, and only those that a rule asks for. All else
    is read as a whole, and so is a file that lacks a column, or a table for a rule of another
    package, which may look at any column.

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
    checks = contract.every_check
    shape = source.shape() if isinstance(source, ParquetFile) else None
    if not isinstance(source, ParquetFile) or shape is None or not _divisible(checks, shape[1]):
        return check_table(source.read(), contract)
    rows, names = shape
    results: dict[int, CheckResult] = {}
    for columns, places in _parts(checks, most=max(1, _CELLS // max(1, rows))):
        table = source.read_columns(columns or names[:1])
        found = check_columns(table, contract.schema, [checks[at] for at in places])
        results |= dict(zip(places, found, strict=True))
    return CheckReport(
        rows=rows,
        results=tuple(results[at] for at in range(len(checks))),
        unchecked=contract.unchecked,
    )


def _divisible(checks: Sequence[Check], names: Sequence[str]) -> bool:
    own, there = (*CHECKS.values(), Present), set(names)
    return bool(names) and all(
        type(check) in own and there.issuperset(check.columns) for check in checks
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
