"""Whole columns of texts read by the rules of `cells`, in polars."""

import polars as pl

from modelwright.data.schema import Column
from modelwright.data.values.cells import (
    CODE,
    DECORATED_NUMBER,
    DECORATION,
    FALSE_WORDS,
    NUMBER,
    TRUE_WORDS,
    WHITESPACE,
    text_of_number,
)
from modelwright.data.values.forms import FORMS, Form
from modelwright.data.values.measures import CLOCK, CLOCK_TEXT
from modelwright.errors import SchemaError, nearest

_LARGEST_EXACT = 2.0**63


def series_of(table: pl.DataFrame, name: str) -> pl.Series:
    """Return one column of a table.

    Raises
    ------
    SchemaError
        If there is none of this name; with the nearest one.

    Examples
    --------
    >>> series_of(pl.DataFrame({"age": [39]}), "aeg")
    Traceback (most recent call last):
    ...
    modelwright.errors.SchemaError: The table has no column 'aeg'. Did you mean 'age'?
    """
    # Not by asking for the names: a table of thousands of columns would list them for each.
    found: pl.Series | None = table.get_column(name, default=None)
    if found is None:
        raise SchemaError(f"The table has no column {name!r}.", nearest(name, table.columns))
    return found


def read_from(table: pl.DataFrame, column: Column) -> pl.Series:
    """Return the values of a column, or the cells in which it stands beside others.

    Raises
    ------
    SchemaError
        If the table has neither; with the nearest name.

    Examples
    --------
    >>> from modelwright.data.schema import Kind
    >>> part = Column(name="at (2)", kind=Kind.NUMERIC, unit="2nd number")
    >>> read_from(pl.DataFrame({"at": ["51.5, -0.12"]}), part).to_list()
    ['51.5, -0.12']
    """
    found: pl.Series | None = table.get_column(column.name, default=None)
    return series_of(table, column.cell) if found is None else found


def is_flat(series: pl.Series) -> bool:
    """Return whether a column holds single values, not lists, records, bytes or objects."""
    return not (series.dtype.is_nested() or series.dtype in (pl.Object, pl.Binary))


def as_text(series: pl.Series) -> pl.Series:
    """Write every value as a stripped text; numbers as `cells.text_of_number` writes them.

    Null stays null, as does everything in a column of lists, records, bytes or objects.

    Examples
    --------
    >>> as_text(pl.Series([20.0, 1.5, None])).to_list()
    ['20', '1.5', None]
    """
    if not is_flat(series):
        return pl.Series(series.name, [None] * len(series), dtype=pl.String)
    if series.dtype.is_float():
        return _float_text(series.cast(pl.Float64))
    if series.dtype == pl.Duration:
        return _float_text(seconds_of(series))
    return series.cast(pl.String).str.strip_chars(WHITESPACE)


def without_point(text: pl.Series) -> pl.Series:
    """Take the decimals off codes that went through a column of floats.

    Examples
    --------
    >>> without_point(pl.Series(["20.0", "1.5"])).to_list()
    ['20', '1.5']
    """
    return text.str.replace(_whole(CODE), "$1")


def read_numbers(text: pl.Series) -> pl.Series:
    """Read stripped texts as numbers, as `cells.number_of` does one; null where none is.

    Examples
    --------
    >>> read_numbers(pl.Series(["1.5", "$1,000", "x"])).to_list()
    [1.5, 1000.0, None]
    """
    plain = text.str.contains(_whole(NUMBER))
    numbers = text.set(~plain, None).cast(pl.Float64)
    rest = text.filter(~plain)
    if not rest.str.contains(_whole(DECORATED_NUMBER)).any():
        return numbers
    decorated = text.str.contains(_whole(DECORATED_NUMBER)) & ~plain
    undressed = text.set(~decorated, None).str.replace_all(DECORATION, "").cast(pl.Float64)
    return _coalesced(numbers, undressed)


def read_measures(text: pl.Series, unit: str) -> pl.Series:
    """Read stripped texts as numbers beside a unit, as `measures.measure_of` does one.

    Examples
    --------
    >>> read_measures(pl.Series(["12.5 kg", "8", "12 lb"]), "kg").to_list()
    [12.5, 8.0, None]
    """
    if not unit:
        return read_numbers(text)
    if unit in FORMS:
        numbers, in_form = read_numbers(text), _in_form(text, FORMS[unit])
        if FORMS[unit].is_tried_first:
            return _coalesced(in_form, numbers)
        return _coalesced(numbers, in_form)
    numbers = read_numbers(_alone(text, unit))
    return numbers if unit != CLOCK else _coalesced(_hours(text), numbers)


def hours_of(times: pl.Series) -> pl.Series:
    """Turn times of day into hours, parts of a second left away.

    Examples
    --------
    >>> from datetime import time
    >>> hours_of(pl.Series([time(14, 30)])).to_list()
    [14.5]
    """
    return (times.cast(pl.Int64) // 1_000_000_000) / 3600


def read_truths(text: pl.Series) -> pl.Series:
    """Read stripped texts as yes (1.0) or no (0.0), as `cells.truth_of` does one.

    Examples
    --------
    >>> read_truths(pl.Series(["Yes", "f", "maybe"])).to_list()
    [1.0, 0.0, None]
    """
    word = text.str.to_lowercase()
    numbers = only_truths(read_numbers(text)).set(word.is_in(list(TRUE_WORDS)), 1.0)
    return numbers.set(word.is_in(list(FALSE_WORDS)), 0.0)


def only_truths(numbers: pl.Series) -> pl.Series:
    """Keep 0.0 (also where it is -0.0) and 1.0; every other number becomes null.

    Examples
    --------
    >>> only_truths(pl.Series([0.0, 1.0, 2.0])).to_list()
    [0.0, 1.0, None]
    """
    return numbers.set(~numbers.is_in([0.0, 1.0]), None).abs()


def seconds_of(durations: pl.Series) -> pl.Series:
    """Turn durations into seconds.

    Examples
    --------
    >>> seconds_of(pl.Series([1500]).cast(pl.Duration("ms"))).to_list()
    [1.5]
    """
    return durations.dt.total_microseconds() / 1e6


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _coalesced(first: pl.Series, second: pl.Series) -> pl.Series:
    return pl.select(pl.coalesce(first, second)).to_series()


def _alone(text: pl.Series, unit: str) -> pl.Series:
    behind = text.str.strip_suffix(f"{unit}s").str.strip_suffix(unit)
    return behind.str.strip_prefix(unit).str.strip_chars(WHITESPACE)


def _in_form(text: pl.Series, form: Form) -> pl.Series:
    parts = text.str.extract_groups(_whole(form.pattern)).struct.unnest()
    total = pl.lit(form.shift)
    for group, weight in form.weights.items():
        digits = pl.col(group).str.replace_all(",", form.comma, literal=True)
        total = total + weight * digits.cast(pl.Float64).fill_null(0.0)
    # Polars would multiply by the inverse of the divisor, which is not the same to the last bit.
    numbers = pl.Series(text.name, parts.select(total).to_series().to_numpy() / form.divisor)
    return numbers.set(parts.select(pl.all_horizontal(pl.all().is_null())).to_series(), None)


def _hours(text: pl.Series) -> pl.Series:
    parts = text.str.extract_groups(_whole(CLOCK_TEXT)).struct.unnest()
    hour, seconds = pl.col("h").cast(pl.Int64), pl.col("s").cast(pl.Int64).fill_null(0)
    afternoon = pl.when(pl.col("p").str.to_lowercase() == "p").then(12).otherwise(0)
    hour = pl.when(pl.col("p").is_null()).then(hour).otherwise(hour % 12 + afternoon)
    whole = (hour * 60 + pl.col("m").cast(pl.Int64)) * 60 + seconds
    return parts.select(whole / 3600).to_series().alias(text.name)


def _float_text(series: pl.Series) -> pl.Series:
    values = series.fill_nan(None)
    integral = (values == values.floor()) & (values.abs() < _LARGEST_EXACT)
    texts = values.set(~integral, None).cast(pl.Int64).cast(pl.String)
    odd = values.set(integral, None)
    distinct = odd.drop_nulls().unique()
    if distinct.is_empty():
        return texts
    # Python and Rust write 1e16 in different ways; the record reader writes as Python does.
    written = pl.Series([text_of_number(value) for value in distinct], dtype=pl.String)
    return _coalesced(
        texts, odd.replace_strict(distinct, written, default=None, return_dtype=pl.String)
    )
