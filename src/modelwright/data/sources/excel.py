"""One sheet of an Excel or OpenDocument workbook."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import fastexcel
import polars as pl

from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.columns import named
from modelwright.data.sources.decimals import point_decimals
from modelwright.data.sources.files import find_file, read_head, what_is
from modelwright.data.sources.selection import Selection, pick_table
from modelwright.data.sources.titles import header_place, rows_alone, said_of_titles
from modelwright.errors import SourceError

_LOOKED_AT = 100
_NO_DELIMITER = ""
"""A cell of a sheet is separated by nothing, so that a comma in it may be a decimal one."""


def open_excel(address: str, selection: Selection) -> Deferred:
    """Open a sheet; it may go unnamed where only one sheet holds data.

    Parameters
    ----------
    address
        The path of the workbook.
    selection
        May name the sheet as a table; a query is refused.

    Raises
    ------
    SourceError
        When there is no such file, or a query is given.
    """
    if selection.query is not None:
        raise SourceError(f"{address} is a workbook and takes no query.", "Name a sheet instead.")
    selection.check_whole(address)
    return Deferred(address, partial(read_excel, find_file(address), selection))


def read_excel(path: Path, selection: Selection) -> Reading:
    """Read a sheet whose first row that is neither blank nor a title holds the names.

    Blank rows are skipped.

    Parameters
    ----------
    path
        A workbook that is there.
    selection
        May name the sheet.

    Raises
    ------
    SourceError
        When the workbook is damaged, or the sheet does not exist or is not named where it must be.
    """
    head = read_head(path)
    try:
        book = fastexcel.read_excel(path)
        sheet = _pick_sheet(book, selection, path)
        first = _first_rows(book, sheet)
        blank = next(at for at, row in enumerate(first) if any(row))
        place = blank + header_place(first[blank:])
        names, unnamed = named(first[place])
        # All rows decide the type of a column: cells that do not fit a sampled type would be lost.
        loaded = book.load_sheet(
            sheet, schema_sample_rows=None, column_names=names, skip_rows=place + 1
        )
    except fastexcel.FastExcelError as error:
        looks = f"; it looks like {found}" if (found := what_is(head)) else ""
        raise SourceError(f"{path} is damaged or no workbook{looks}.", "Save it again.") from error
    filled = loaded.to_polars().filter(pl.any_horizontal(pl.all().is_not_null()))
    rows = rows_alone(filled)
    reading = point_decimals(rows.frame, _NO_DELIMITER)
    around = (*said_of_titles(first[blank:place]), *rows.facts)
    facts = (f"Read the sheet {sheet!r}.", *around, *unnamed, *reading.facts)
    return replace(reading, facts=facts, lines_around=bool(around))


def _pick_sheet(book: fastexcel.ExcelReader, selection: Selection, path: Path) -> str:
    if selection.table is not None:
        return pick_table(selection, book.sheet_names, str(path))
    filled = [name for name in book.sheet_names if book.load_sheet(name, header_row=None).width]
    return pick_table(selection, filled, str(path))


def _first_rows(book: fastexcel.ExcelReader, sheet: str) -> list[tuple[str | None, ...]]:
    # Counted from the top of the sheet, as the rows that are skipped later.
    top = book.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=_LOOKED_AT, dtypes="string")
    first = top.to_polars()
    if not any(map(any, first.iter_rows())):
        raise SourceError(f"The sheet {sheet!r} is empty.", "Name a sheet that holds data.")
    return first.cast(pl.String).rows()
