"""Whole columns of texts read by the rules of `cells` and `moments`, in polars."""

import re

import polars as pl

from modelwright.data.cells import (
    CODE,
    DECORATED_NUMBER,
    DECORATION,
    FALSE_WORDS,
    NUMBER,
    TRUE_WORDS,
    WHITESPACE,
    text_of_number,
)
from modelwright.data.forms import FORMS, Form
from modelwright.data.measures import CLOCK, CLOCK_TEXT
from modelwright.data.moments import MONTHS, TICKS, pattern_of
from modelwright.data.schema import Column
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
        return _coalesced(read_numbers(text), _in_form(text, FORMS[unit]))
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


def read_moments(text: pl.Series, datetime_format: str) -> pl.Series:
    """Read stripped texts as moments, as `moments.moment_of` does one; null where none is.

    Examples
    --------
    >>> read_moments(pl.Series(["31.12.1969", "x"]), "%d.%m.%Y").dt.year().to_list()
    [1969, None]
    """
    pattern = pattern_of(datetime_format)
    groups = set(re.findall(r"\?P<(\w+)>", pattern))
    parts = text.str.extract_groups(_whole(pattern)).struct.unnest()
    return parts.select(_moment(groups)).to_series().alias(text.name)


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


def _moment(groups: set[str]) -> pl.Expr:
    """Put the groups of a pattern together; the same arithmetic as `moments.moment_of`."""

    micros = _fraction() if "f" in groups else pl.lit(0, dtype=pl.Int64)
    for group in TICKS.keys() & groups:
        return (pl.col(group).cast(pl.Int64) * TICKS[group] + micros).cast(pl.Datetime("us"))

    def number(group: str, default: int = 0) -> pl.Expr:
        if group not in groups:
            return pl.lit(default, dtype=pl.Int64)
        return pl.col(group).cast(pl.Int64).fill_null(default)

    hour = number("H")
    if "I" in groups:
        afternoon = pl.col("p").str.to_lowercase() == "p" if "p" in groups else pl.lit(False)
        hour = number("I") % 12 + pl.when(afternoon).then(12).otherwise(0)
    offset = number("zh") * 60 + number("zm")
    minute = number("M")
    if "sign" in groups:
        minute = minute + pl.when(pl.col("sign") == "-").then(offset).otherwise(-offset)
    seconds = (hour * 60 + minute) * 60 + number("S")
    return _day(groups).cast(pl.Datetime("us")) + pl.duration(
        microseconds=seconds * 1_000_000 + micros
    )


def _fraction() -> pl.Expr:
    return pl.col("f").fill_null("").str.pad_end(6, "0").str.head(6).cast(pl.Int64)


def _day(groups: set[str]) -> pl.Expr:
    year = pl.coalesce("Y", "Z") if "Z" in groups else pl.col("Y")
    if "w" in groups:
        return _day_of_week(year)
    if "y" in groups:
        century = (
            pl.when(pl.col("y").cast(pl.Int64) >= 69).then(pl.lit("19")).otherwise(pl.lit("20"))
        )
        year = century + pl.col("y")
    month = pl.col("m") if "m" in groups else _month_number(groups)
    day = pl.col("d") if "d" in groups else pl.lit("1")
    written = pl.concat_str(pl.when(year != "0000").then(year), month, day, separator="-")
    return written.str.to_date("%Y-%m-%d", strict=False)


def _day_of_week(year: pl.Expr) -> pl.Expr:
    # The fourth of January is always in the first week.
    written = pl.concat_str(pl.when(year != "0000").then(year), pl.lit("-01-04"))
    fourth = written.str.to_date("%Y-%m-%d", strict=False)
    weeks = pl.coalesce("w", "v").cast(pl.Int64) - 1
    before = fourth + pl.duration(days=7 * weeks - fourth.dt.weekday())
    # A week is of the year that has its Thursday, and few years have a week 53.
    is_there = (before + pl.duration(days=4)).dt.year() == year.cast(pl.Int32)
    named = pl.col("u").cast(pl.Int64).fill_null(1)
    return pl.when(is_there).then(before + pl.duration(days=named))


def _month_number(groups: set[str]) -> pl.Expr:
    if "q" in groups:
        return (3 * pl.coalesce("q", "r").cast(pl.Int64) - 2).cast(pl.String)
    if "b" not in groups:
        return pl.lit("1")
    short = [month[:3] for month in MONTHS]
    numbers = [str(index) for index in range(1, 13)]
    name = pl.col("b").str.head(3).str.to_lowercase()
    return name.replace_strict(short, numbers, default=None, return_dtype=pl.String)
