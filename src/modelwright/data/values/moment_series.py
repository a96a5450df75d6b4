"""Whole columns of texts read as moments by the rules of `moments`, in polars."""

import re

import polars as pl

from modelwright.data.values.moments import MONTHS, TICKS, pattern_of


def read_moments(text: pl.Series, datetime_format: str) -> pl.Series:
    """Read stripped texts as moments, as `moments.moment_of` does one; null where none is.

    Examples
    --------
    >>> read_moments(pl.Series(["31.12.1969", "x"]), "%d.%m.%Y").dt.year().to_list()
    [1969, None]
    """
    pattern = pattern_of(datetime_format)
    groups = set(re.findall(r"\?P<(\w+)>", pattern))
    parts = text.str.extract_groups(f"^(?:{pattern})$").struct.unnest()
    return parts.select(_moment(groups)).to_series().alias(text.name)


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
