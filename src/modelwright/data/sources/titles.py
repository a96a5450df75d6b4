"""What stands around the rows of a report: titles above the names, totals and notes below."""

import re
from collections import Counter
from collections.abc import Sequence

import polars as pl

from modelwright.data.sources.base import Reading
from modelwright.data.values.cells import ALWAYS_MISSING, MISSING_AMONG_NUMBERS

_MOST_TITLES = 20
_FEWEST_FIELDS = 3
_MOST_BELOW = 6
_FEWEST_ROWS = 10
_SHOWN = 40
_NUMBER = re.compile(r"\s*[+-]?[\d.,]+\s*%?\s*")
_MISSING = frozenset(map(str.casefold, ALWAYS_MISSING | MISSING_AMONG_NUMBERS))
TOTAL = (
    r"(?i)^\s*(?:grand |sub)?(?:sum|total|totals|summe|gesamt|gesamtsumme|zwischensumme|somme"
    r"|totale|suma|totaal|итого|всего|合计|总计|合計)(?: g[ée]n[ée]rale?)?\s*:?\s*$"
)

Record = Sequence[str | None]


def header_place(records: Sequence[Record]) -> int:
    """Return the place of the record that holds the names: below titles and rows of groups.

    A title fills at most half as many fields as most records have, and a row of groups leaves some
    empty above a row that fills all. Records are passed over only where one that names most of the
    fields, and holds no number, follows.

    Parameters
    ----------
    records
        The first ones that are not blank.

    Examples
    --------
    >>> header_place([["Report of May"], ["", "Sales", ""], ["a", "b", "c"], ["1", "2", "3"]])
    2
    >>> header_place([["", "a", ""], ["1", "2", "3"]])
    0
    >>> header_place([["Who", "", "Sales"], ["name", "age", "sum"], ["x", "1", "2"]])
    1
    >>> header_place([["", "city", "temp"], ["a", "Paris", "NA"], ["b", "Rome", "3"]])
    0
    """
    width, _ = max(Counter(map(len, records)).items(), key=lambda item: item[::-1], default=(0, 0))
    if width < _FEWEST_FIELDS:
        return 0
    half = width / 2
    filled = [len(_filled(record)) for record in records[: _MOST_TITLES + 1]]
    place = next((at for at, count in enumerate(filled) if count > half), 0)
    place += _is_of_groups(records, place, width)
    names = _filled(records[place]) if place else []
    is_header = len(records) > place + 1 and len(records[place]) == width
    return place if is_header and not any(map(_NUMBER.fullmatch, names)) else 0


def said_of_titles(titles: Sequence[Record]) -> tuple[str, ...]:
    """Say which lines above the names were left out; nothing where there was none.

    Examples
    --------
    >>> said_of_titles([["Report of May"]])
    ("1 line above the names of the columns was left out: 'Report of May'.",)
    """
    if not titles:
        return ()
    were = "1 line" if len(titles) == 1 else f"{len(titles)} lines"
    verb = "was" if len(titles) == 1 else "were"
    shown = ", ".join(repr(" ".join(_filled(title))[:_SHOWN]) for title in titles if _filled(title))
    told = f": {shown}" if shown else ""
    return (f"{were} above the names of the columns {verb} left out{told}.",)


def rows_alone(frame: pl.DataFrame) -> Reading:
    """Leave out totals and notes below the last row, with the empty rows around them.

    A total has a word such as "Total" or "Summe" that stands in its column but once, and fewer
    values than most rows; a note is a sentence in the first column alone.

    Parameters
    ----------
    frame
        As it was read.

    Examples
    --------
    >>> rows = [("a", "x", 1)] * 12 + [("Total", None, 12)]
    >>> reading = rows_alone(pl.DataFrame(rows, schema=["one", "two", "three"], orient="row"))
    >>> reading.frame.height, reading.facts
    (12, ("Below the rows this was left out: 'Total'.",))
    """
    if frame.width < _FEWEST_FIELDS or frame.height < _FEWEST_ROWS:
        return Reading(frame)
    filled = frame.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    end, below = frame.height, list[str]()
    for place in reversed(range(max(0, frame.height - _MOST_BELOW), frame.height)):
        if filled[place] and not (said := _said_below(frame, place, filled)):
            break
        if filled[place]:
            end, below = place, [said, *below]
    if not below:
        return Reading(frame)
    while end and not filled[end - 1]:
        end -= 1
    fact = f"Below the rows this was left out: {', '.join(map(repr, below))}."
    return Reading(frame.head(end), (fact,))


def _is_of_groups(records: Sequence[Record], place: int, width: int) -> bool:
    """Say whether a record names groups of columns, whose own names stand in the next one.

    A record that lacks some names may hold those of the columns: rows follow at once, and what is
    a number in later ones is a number, or missing, in the first. One that lacks the first name
    alone stands above an index, unless it names a group twice.
    """
    rows = records[place + 2 :]
    if not rows or len(records[place + 1]) != width or len(_filled(records[place])) == width:
        return False
    groups, names = _filled(records[place]), records[place + 1]
    if len(groups) == width - 1 == len(set(groups)) and not _filled(records[place][:1]):
        return False
    if len(_filled(names)) < width or any(_is_number(name) or _is_missing(name) for name in names):
        return False
    return any(all(_is_number(row[at]) for row in rows if at < len(row)) for at in range(width))


def _is_number(cell: str | None) -> bool:
    return bool(cell and _NUMBER.fullmatch(cell))


def _is_missing(cell: str | None) -> bool:
    return cell is None or cell.strip().casefold() in _MISSING


def _said_below(frame: pl.DataFrame, place: int, filled: pl.Series) -> str:
    """Return what a total or a note says; empty where a row is one."""
    usual = float(filled.median() or 0)  # type: ignore[arg-type]
    if filled[place] >= usual:
        return ""
    row = frame.row(place, named=True)
    words = {name: value for name, value in row.items() if isinstance(value, str)}
    for name, word in words.items():
        if re.match(TOTAL, word) and (frame[name] == word).sum() == 1:
            return word.strip()
    first = words.get(frame.columns[0], "")
    is_note = filled[place] == 1 and usual > _FEWEST_FIELDS and len(first.split()) > 1
    return first[:_SHOWN] if is_note else ""


def _filled(record: Record) -> list[str]:
    return [cell for cell in record if cell and cell.strip()]
