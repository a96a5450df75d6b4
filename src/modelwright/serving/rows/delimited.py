"""Rows as comma-separated values, and answers as such.

The first line names the columns when a cell of it is a column's name, or when the content type says
``header=present``; else values stand in the order of the model's columns.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from starlette.exceptions import HTTPException

from modelwright.serving.rows.record import Record
from modelwright.serving.rows.shapes import named, require_distinct


def rows_of_csv(text: str, names: Sequence[str], *, header: bool | None = None) -> list[Record]:
    """Return the rows of a text; an empty cell is a missing value, and so is every other token.

    Parameters
    ----------
    text
        The lines.
    names
        Of the columns that the model reads, in their order.
    header
        Whether the first line names the columns; None to see it by the names.

    Raises
    ------
    HTTPException
        400 when a line is cut off or has another number of cells.

    Examples
    --------
    >>> rows_of_csv("job,age\\nclerk,39\\n", ["age", "job"])
    [{'job': 'clerk', 'age': '39'}]
    >>> rows_of_csv('39,"clerk"\\n,cook', ["age", "job"])
    [{'age': '39', 'job': 'clerk'}, {'age': None, 'job': 'cook'}]
    """
    lines = list(_lines(text))
    if lines and (header or (header is None and not set(names).isdisjoint(lines[0][1]))):
        names = lines.pop(0)[1]
        require_distinct(names)
    return [
        named([cell or None for cell in cells], names, where=f"Line {number}")
        for number, cells in lines
    ]


def csv_of(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as lines.

    Examples
    --------
    >>> csv_of([["a,b", 0.5], ["c", 1.0]])
    b'"a,b",0.5\\nc,1.0\\n'
    """
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode()


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise HTTPException(400, f"Line {reader.line_num} is no CSV: {error}.") from error
