"""Files of Parquet are checked a piece at a time, by whom one likes; the report is the same.

What a rule asks of each row is looked at in pieces of rows, and what came of it is added up. A rule
of a whole column is a look of its own. That no value comes twice is one at its columns in all
files, or at a part of its values in each of several where memory does not hold all; that two values
differ, one at as many pieces as that takes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import polars as pl

from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.columns import check_columns
from modelwright.data.checks.judging import Known, judge
from modelwright.data.checks.parts.keys import ROWS as KEY_ROWS
from modelwright.data.checks.parts.keys import Part, parts_of, raw_names
from modelwright.data.checks.parts.variety import Variety
from modelwright.data.checks.presence import Present
from modelwright.data.checks.registry import CHECKS
from modelwright.data.checks.run import EXAMPLES, Examples, result_of
from modelwright.data.checks.shape import NotConstant
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import CheckReport, Contract
from modelwright.data.pieces.base import Mark, Piece
from modelwright.data.pieces.parquet import ParquetPieces
from modelwright.data.schema import Schema
from modelwright.data.sources.parquet import ParquetFiles, read_columns
from modelwright.data.values.several import shared_cells

CELLS = 8_000_000
"""Of a piece; a number takes eight bytes as it was read, and eight as the checks see it."""
_BASE_BYTES, _CELL_BYTES = 350_000_000, 48
"""Of Python and its libraries, and of a cell that is read, conformed and compared."""
_FEWEST_CELLS = 100_000
_WHOLE = (Unique, NotConstant)
"""Rules of a whole column."""


@dataclass(frozen=True)
class Rules:
    """What all looks share.

    Parameters
    ----------
    schema, checks
        What the columns hold, and what must be so.
    """

    schema: Schema
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Columns:
    """All rows of some columns."""

    files: tuple[Path, ...]
    names: tuple[str, ...]

    def read(self) -> pl.DataFrame:
        """Return the columns."""
        return read_columns(self.files, self.names)


@dataclass(frozen=True)
class Look:
    """What is looked at, at once.

    Parameters
    ----------
    piece
        Of the table, a part of its keys, or how its values vary.
    first
        How many rows are before it.
    places
        Which of the rules it is held to.
    """

    piece: Piece | Part | Variety
    first: int
    places: tuple[int, ...]


Looking: TypeAlias = Callable[[Rules, Sequence[Look]], Iterable[tuple[CheckResult, ...]]]
"""Takes all looks, and returns what each finds, in their order."""


@dataclass(frozen=True)
class Room:
    """What may be held at once.

    Parameters
    ----------
    cells
        Of a piece.
    together
        Cells of columns in which no value may come twice; None for all of them.
    """

    cells: int = CELLS
    together: int | None = None

    @classmethod
    def within(cls, memory_bytes: int) -> "Room":
        """Return what a process may hold for which so much memory is allowed.

        Examples
        --------
        >>> Room.within(1_000_000_000)
        Room(cells=13541666, together=13541666)
        """
        cells = max(_FEWEST_CELLS, (memory_bytes - _BASE_BYTES) // _CELL_BYTES)
        return cls(cells, cells)


_USUAL = Room()


def look_at(rules: Rules, look: Look) -> tuple[CheckResult, ...]:
    """Return what each of its rules finds in a piece."""
    checks = [rules.checks[at] for at in look.places]
    if isinstance(look.piece, Part | Variety):
        return tuple(look.piece.find(check, rules.schema) for check in checks)
    return check_columns(look.piece.read(), rules.schema, checks)


def look_here(rules: Rules, looks: Sequence[Look]) -> Iterator[tuple[CheckResult, ...]]:
    """Look at one piece after the other, in this process."""
    return (look_at(rules, look) for look in looks)


def is_divisible(source: ParquetFiles, contract: Contract) -> bool:
    """Say whether a piece tells of each rule what the table would.

    Not where a table has other columns than its files, nor for a rule of another package, which
    may look at any row and column.
    """
    return bool(source.names()) and are_own(contract.every_check)


def are_own(checks: Iterable[Check]) -> bool:
    """Say whether all rules are known to look at their own columns alone."""
    return all(type(check) in (*CHECKS.values(), Present) for check in checks)


def check_pieces(
    source: ParquetFiles, contract: Contract, *, looking: Looking = look_here, room: Room = _USUAL
) -> CheckReport:
    """Check files against a contract, as `check_table` does with all their rows.

    Parameters
    ----------
    source, contract
        For which `is_divisible` is true.
    looking
        Who looks; `look_here` holds one piece at a time.
    room
        What one who looks may hold.

    Raises
    ------
    SourceError
        When a file cannot be read.
    """
    checks, names = contract.every_check, source.names() or ()
    cells_of = shared_cells(contract.schema, frozenset(names))
    pieces = ParquetPieces(
        source.address, source.counted(), max(1, room.cells // max(1, len(names)))
    )

    def look(unsure: Sequence[Check]) -> tuple[CheckResult, ...]:
        rules = Rules(contract.schema, tuple(unsure))
        looks = [*_of_rows(rules, pieces, cells_of), *_of_columns(rules, pieces, room)]
        return _added(rules, pieces.rows, looks, looking(rules, looks))

    known = Known((*names, *cells_of), pieces.rows, {})
    results = judge(checks, known, stands=lambda result: not result.failed_rows, look=look)
    return CheckReport(rows=pieces.rows, results=results, unchecked=contract.unchecked)


def _of_rows(rules: Rules, pieces: ParquetPieces, cells_of: Mapping[str, str]) -> Iterator[Look]:
    by_row = tuple(at for at, check in enumerate(rules.checks) if not isinstance(check, _WHOLE))
    asked = (name for at in by_row for name in rules.checks[at].columns)
    names = tuple(dict.fromkeys(cells_of.get(name, name) for name in asked))
    if not names:
        return
    first = 0
    narrow = ParquetPieces(pieces.address, pieces.files, pieces.size, names)
    for piece, count in zip(narrow.after(Mark()), narrow.counts(), strict=True):
        yield Look(piece, first, by_row)
        first += count


def _of_columns(rules: Rules, pieces: ParquetPieces, room: Room) -> Iterator[Look]:
    types = pl.scan_parquet(pieces.files[0][0], glob=False).collect_schema()
    for at, check in enumerate(rules.checks):
        if not isinstance(check, _WHOLE):
            continue
        names = raw_names(check, rules.schema, types)
        narrow = replace(pieces, columns=names)
        if isinstance(check, NotConstant):
            yield Look(Variety(narrow), 0, (at,))
        elif (of := parts_of([types[name] for name in names], pieces.rows, room.together)) > 1:
            keys = replace(narrow, size=min(KEY_ROWS, narrow.size))
            yield from (Look(Part(keys, part, of), 0, (at,)) for part in range(of))
        else:
            yield Look(Columns(tuple(file for file, _ in pieces.files), names), 0, (at,))


def _added(
    rules: Rules, rows: int, looks: Sequence[Look], found: Iterable[tuple[CheckResult, ...]]
) -> tuple[CheckResult, ...]:
    failed = [0] * len(rules.checks)
    examples: list[Examples] = [()] * len(rules.checks)
    whole: dict[int, CheckResult] = {}
    for look, results in zip(looks, found, strict=True):
        for at, result in zip(look.places, results, strict=True):
            if isinstance(look.piece, Columns | Variety):
                whole[at] = result
                continue
            failed[at] += result.failed_rows
            further = ((row + look.first, value) for row, value in result.examples)
            examples[at] = tuple(sorted((*examples[at], *further)))[:EXAMPLES]
    return tuple(
        whole.get(at) or result_of(check, rows, failed[at], examples[at])
        for at, check in enumerate(rules.checks)
    )
