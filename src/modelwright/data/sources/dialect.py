"""How a delimited text separates its fields, found from its first records."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from modelwright.data.sources.titles import header_place

LONGEST_RECORD_BYTES = 16 * 2**20
"""A longer record is taken for a quote that is never closed."""

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_LINE_END = re.compile("\\r\\n|\\r|\\n")
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
        The first record that is neither blank nor a title; empty when there is none.
    quoted
        Whether a quote at the begin of a field encloses it; else quotes are characters as others.
    titles
        The records above the header.
    line
        The first line of the header, from 1.
    padded
        Whether blanks before a field count for nothing, so that a quote may stand behind them.
    """

    delimiter: str
    header: tuple[str, ...]
    quoted: bool = True
    titles: tuple[tuple[str, ...], ...] = ()
    line: int = 1
    padded: bool = False

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
    >>> dialect = infer_dialect(b'a;b\\n1,5;2\\n2,5;"x;y"\\n')
    >>> dialect.delimiter, dialect.header
    (';', ('a', 'b'))
    """
    numbered = {delimiter: _first_records(utf8, delimiter) for delimiter in _DELIMITERS}
    found = {delimiter: [record for _, record in each] for delimiter, each in numbered.items()}
    delimiter = max(found, key=lambda candidate: _plausibility(found[candidate]))
    records = found[delimiter]
    if not records:
        return Dialect(delimiter, ())
    place = header_place(records)
    titles = tuple(map(tuple, records[:place]))
    line = numbered[delimiter][place][0]
    return Dialect(delimiter, tuple(records[place]), titles=titles, line=line)


def below_titles(utf8: bytes, dialect: Dialect) -> bytes:
    """Return a text from its header on.

    Examples
    --------
    >>> text = b"Report\\n\\na,b,c\\n1,2,3\\n"
    >>> below_titles(text, infer_dialect(text))
    b'a,b,c\\n1,2,3\\n'
    """
    if not dialect.titles:
        return utf8
    above = utf8[:LONGEST_RECORD_BYTES].splitlines(keepends=True)[: dialect.line - 1]
    return utf8[sum(map(len, above)) :]


def is_padded(dialect: Dialect) -> bool:
    """Return whether blanks stand around the fields of a text, as its names have them.

    Examples
    --------
    >>> is_padded(infer_dialect(b"age, city\\n30, Bern\\n")), is_padded(infer_dialect(b"a,b\\n"))
    (True, False)
    """
    padded = sum(name != name.strip() for name in dialect.header)
    return len(dialect.header) > 1 and padded >= len(dialect.header) - 1


def without_padding(utf8: bytes, dialect: Dialect) -> bytes:
    """Return a text without the blanks around its fields; each record stays on its line.

    Raises
    ------
    csv.Error
        When a quote is not closed, or text follows a closing quote.

    Examples
    --------
    >>> text = b'age, city\\n30, "Bern, BE" \\n'
    >>> without_padding(text, infer_dialect(text))
    b'age,city\\r\\n30,"Bern, BE"\\r\\n'
    """
    closed = re.sub(rb'"[ \t]+(?=[%b\r\n]|$)' % re.escape(dialect.delimiter.encode()), b'"', utf8)
    unpadded = io.StringIO(newline="")
    # Only this end has the writer enclose a lone carriage return.
    writer = csv.writer(unpadded, delimiter=dialect.delimiter, lineterminator="\r\n")
    at = 1
    for line, record in split_records(closed, replace(dialect, padded=True)):
        unpadded.write("\r\n" * (line - at))
        writer.writerow([field.strip() for field in record])
        at = line + 1 + sum(len(_LINE_END.findall(field)) for field in record)
    return unpadded.getvalue().encode()


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
            reader = csv.reader(
                text,
                delimiter=dialect.delimiter,
                quotechar=quotechar,
                skipinitialspace=dialect.padded,
                strict=True,
            )
            line = 1
            for record in reader:
                if record:
                    yield line, record
                line = reader.line_num + 1
    finally:
        csv.field_size_limit(before)


def _first_records(utf8: bytes, delimiter: str) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    try:
        for line, record in islice(split_records(utf8, Dialect(delimiter, ())), _RECORDS):
            found.append((line, record))
    except csv.Error:
        # A stray quote, mostly under the wrong delimiter: the records before it are the evidence.
        return found
    return found


def _plausibility(found: list[list[str]]) -> tuple[bool, bool, bool, float, int]:
    widths = Counter(len(record) for record in found)
    if not widths:
        return False, False, False, 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    header, share = len(found[header_place(found)]), count / len(found)
    plausible = width > 1 and share >= _MOST
    return plausible or header > 1, plausible, header == width, share, width
