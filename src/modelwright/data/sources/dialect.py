"""How a delimited text separates its fields, found from its first records."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

LONGEST_RECORD_BYTES = 16 * 2**20
"""A longer record is taken for a quote that is never closed."""

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_RECORDS = 100
_MOST = 0.8


@dataclass(frozen=True)
class Dialect:
    """The delimiter of a text and the fields of its first record.

    Parameters
    ----------
    delimiter
        One of comma, semicolon, tab and bar.
    header
        The first record that is not blank; empty when there is none.
    quoted
        Whether a quote at the begin of a field encloses it; else quotes are characters as others.
    """

    delimiter: str
    header: tuple[str, ...]
    quoted: bool = True

    @property
    def words(self) -> str:
        """The dialect in words.

        Examples
        --------
        >>> Dialect(";", ("a", "b")).words
        'fields separated by semicolons'
        """
        if len(self.header) == 1:
            return "one column"
        quotes = "" if self.quoted else ", quotes taken literally"
        return f"fields separated by {_DELIMITERS[self.delimiter]}{quotes}"


def infer_dialect(utf8: bytes) -> Dialect:
    """Return the delimiter under which the first 100 records agree best.

    A delimiter is plausible when it gives most records the same number of fields, more than one.
    Among those that are plausible or split the header decide, in this order: being plausible, a
    header as wide as most records, the share of records that agree, and the number of fields.
    Quotes are respected, so a delimiter or line end inside them counts for nothing.

    Examples
    --------
    >>> infer_dialect(b'a;b\\n1,5;2\\n2,5;"x;y"\\n')
    Dialect(delimiter=';', header=('a', 'b'), quoted=True)
    """
    found = {delimiter: _first_records(utf8, delimiter) for delimiter in _DELIMITERS}
    delimiter = max(found, key=lambda candidate: _plausibility(found[candidate]))
    return Dialect(delimiter, tuple(found[delimiter][0]) if found[delimiter] else ())


def split_records(utf8: bytes | BinaryIO, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that are not blank, each with the number of its first line.

    Parameters
    ----------
    utf8
        The text, or a file of it, which is closed at the end.
    dialect
        How it is written.

    Raises
    ------
    csv.Error
        When a quote is not closed, or text follows a closing quote.
    """
    quotechar = '"' if dialect.quoted else None
    before = csv.field_size_limit(LONGEST_RECORD_BYTES)
    try:
        file = io.BytesIO(utf8) if isinstance(utf8, bytes) else utf8
        with io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
            reader = csv.reader(text, delimiter=dialect.delimiter, quotechar=quotechar, strict=True)
            line = 1
            for record in reader:
                if record:
                    yield line, record
                line = reader.line_num + 1
    finally:
        csv.field_size_limit(before)


def _first_records(utf8: bytes, delimiter: str) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        for _, record in islice(split_records(utf8, Dialect(delimiter, ())), _RECORDS):
            found.append(record)
    except csv.Error:
        # A stray quote, mostly under the wrong delimiter: the records before it are the evidence.
        return found
    return found


def _plausibility(found: list[list[str]]) -> tuple[bool, bool, bool, float, int]:
    widths = Counter(len(record) for record in found)
    if not widths:
        return False, False, False, 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    header, share = len(found[0]), count / len(found)
    plausible = width > 1 and share >= _MOST
    return plausible or header > 1, plausible, header == width, share, width
