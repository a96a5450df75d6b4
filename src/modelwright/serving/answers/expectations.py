"""What the data contract expects of a single value: a range, a length, one of some levels.

Only what can be said of a row alone is looked at here; shares of rows are for `modelwright check`
and for maintenance. The contract is read without the package's own reader, which needs a
data-frame library.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import yaml

from modelwright.data.records import MISSING_DATETIME, Columns, Row
from modelwright.data.schema import Kind, Schema

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN_LEVELS = 5
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Fits = Callable[[Any], bool]


class Unexpected(NamedTuple):
    """The values of a column that the contract does not expect.

    Parameters
    ----------
    column
        Its name.
    rows
        Their places, counted from 0.
    wanted
        What is expected, as words.
    """

    column: str
    rows: list[int]
    wanted: str


class _Expectation(NamedTuple):
    column: str
    fits: _Fits
    wanted: str


class Expectations:
    """What a contract expects of single values.

    Parameters
    ----------
    contract_text
        YAML of the Open Data Contract Standard; one that cannot be read expects nothing.
    schema
        The columns that are looked at.

    Examples
    --------
    >>> import numpy as np
    >>> from modelwright.data.schema import Column
    >>> text = "schema: [{properties: [{name: age, logicalTypeOptions: {maximum: 126}}]}]"
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> Expectations(text, schema).find_unexpected({"age": np.array([39.0, 200.0, np.nan])})
    [Unexpected(column='age', rows=[1], wanted='at most 126')]
    """

    def __init__(self, contract_text: str, schema: Schema) -> None:
        told = _properties(contract_text)
        self._places = {name: place for place, name in enumerate(schema.names)}
        self._bounds = {
            column.name: _bounds(told.get(column.name, {}).get("logicalTypeOptions") or {})
            for column in schema
            if column.kind == Kind.NUMERIC
        }
        self._all = [
            _Expectation(column.name, fits, wanted)
            for column in schema
            for fits, wanted in _expectations(column.kind, told.get(column.name, {}))
        ]

    def bounds(self, name: str) -> tuple[float, float]:
        """Return the least and the largest number that is expected of a column."""
        return self._bounds.get(name, (-math.inf, math.inf))

    def expects(self, name: str) -> Callable[[Any], bool] | None:
        """Return what says whether a value of a column is expected; None where any is."""
        asked = [each.fits for each in self._all if each.column == name]
        return (lambda value: all(fits(value) for fits in asked)) if asked else None

    def find_unexpected(self, columns: Columns) -> list[Unexpected]:
        """Return the columns with values that are not expected; missing ones always are.

        Parameters
        ----------
        columns
            As `RecordReader` returns them.
        """
        broken = [
            each for each in self._all if not all(map(each.fits, _telling(columns[each.column])))
        ]
        return self._find(lambda name: columns[name].tolist(), broken)

    def find_in_rows(self, rows: Sequence[Row]) -> list[Unexpected]:
        """Return the same for rows.

        Parameters
        ----------
        rows
            As `RecordReader.row` returns them.
        """
        if len(rows) == 1:
            (row,) = rows
            broken = [each for each in self._all if not each.fits(row[self._places[each.column]])]
            return [Unexpected(column, [0], wanted) for column, _, wanted in broken]
        return self._find(lambda name: [row[self._places[name]] for row in rows], self._all)

    def _find(
        self, values_of: Callable[[str], list[Any]], asked: Sequence[_Expectation]
    ) -> list[Unexpected]:
        found = []
        for column, fits, wanted in asked:
            rows = [row for row, value in enumerate(values_of(column)) if not fits(value)]
            if rows:
                found.append(Unexpected(column, rows, wanted))
        return found


def _telling(column: np.ndarray) -> Iterable[Any]:
    """Return values that fit if all others do: what is expected of numbers has two ends."""
    if column.dtype == object:
        return set(column.tolist())
    known = column[column != MISSING_DATETIME if column.dtype == np.int64 else column == column]
    return (known.min().item(), known.max().item()) if known.size else ()


def _properties(contract_text: str) -> Mapping[str, Mapping[str, Any]]:
    try:
        (table,) = yaml.load(contract_text, _LOADER)["schema"]
        return {entry["name"]: entry for entry in table["properties"]}
    except (yaml.YAMLError, KeyError, TypeError, ValueError):
        return {}


def _expectations(kind: Kind, entry: Mapping[str, Any]) -> Iterator[tuple[_Fits, str]]:
    options = entry.get("logicalTypeOptions") or {}
    if kind == Kind.NUMERIC:
        yield from _range(options)
    elif kind == Kind.DATETIME:
        yield from _period(options)
    elif kind == Kind.TEXT and isinstance(longest := options.get("maxLength"), int):
        yield (lambda text: text is None or len(text) <= longest), f"at most {longest:,} characters"
    elif kind in (Kind.CATEGORICAL, Kind.CODED):
        yield from _levels(entry)


def _bounds(options: Mapping[str, Any]) -> tuple[float, float]:
    low, high = _number(options, "minimum"), _number(options, "maximum")
    return -math.inf if low is None else low, math.inf if high is None else high


def _range(options: Mapping[str, Any]) -> Iterator[tuple[_Fits, str]]:
    least, most = _bounds(options)
    if (least, most) == (-math.inf, math.inf):
        return
    # NaN stands for a missing number.
    yield (lambda number: number != number or least <= number <= most), _between(options)


def _period(options: Mapping[str, Any]) -> Iterator[tuple[_Fits, str]]:
    low, high = _moment(options, "minimum"), _moment(options, "maximum")
    if low is None and high is None:
        return
    least, most = low if low is not None else MISSING_DATETIME, high
    yield (
        (
            lambda moment: (
                moment == MISSING_DATETIME or (least <= moment and (most is None or moment <= most))
            )
        ),
        _between(options),
    )


def _levels(entry: Mapping[str, Any]) -> Iterator[tuple[_Fits, str]]:
    for rule in entry.get("quality") or ():
        levels = (rule.get("arguments") or {}).get("validValues")
        if rule.get("metric") == "invalidValues" and isinstance(levels, list):
            known = frozenset((*map(str, levels), None))
            shown = ", ".join(repr(str(level)) for level in levels[:_SHOWN_LEVELS])
            more = len(levels) - _SHOWN_LEVELS
            yield known.__contains__, f"one of {shown}" + (f" or {more} others" * (more > 0))


def _number(options: Mapping[str, Any], name: str) -> float | None:
    bound = options.get(name)
    return float(bound) if isinstance(bound, int | float) else None


def _moment(options: Mapping[str, Any], name: str) -> int | None:
    bound = options.get(name)
    try:
        moment = bound if isinstance(bound, datetime) else datetime.fromisoformat(str(bound))
    except ValueError:
        return None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return (aware - _EPOCH) // timedelta(microseconds=1)


def _between(options: Mapping[str, Any]) -> str:
    ends = [(f"at {word}", options.get(end)) for word, end in _ENDS]
    return " and ".join(f"{words} {bound}" for words, bound in ends if bound is not None)


_ENDS = (("least", "minimum"), ("most", "maximum"))
