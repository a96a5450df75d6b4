from datetime import date, timedelta

import polars as pl
import pytest

from modelwright.data.values.date_forms import date_forms_in

DAYS = [date(2022, 1, 1) + timedelta(days=place) for place in range(300)]
FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d %b %Y", "%Y%m%d")


def test_each_format_is_found():
    texts = [day.strftime(FORMATS[place % 5]) for place, day in enumerate(DAYS)]
    assert set(date_forms_in(pl.Series(texts))) == set(FORMATS)


def test_moments_of_iso_8601_are_a_format():
    texts = [day.strftime(("%Y-%m-%dT10:00:00", "%d.%m.%Y")[day.day % 2]) for day in DAYS]
    assert set(date_forms_in(pl.Series(texts))) == {"", "%d.%m.%Y"}


def test_a_few_dates_of_another_format_are_found_among_many():
    days = [date(1990, 1, 1) + timedelta(days=place) for place in range(5_000)]
    texts = [day.strftime("%m/%d/%Y" if day.day != 13 else "%d/%m/%Y") for day in days]
    assert date_forms_in(pl.Series([*texts[:400], *texts[430:]])) == ("%m/%d/%Y", "%d/%m/%Y")
    assert date_forms_in(pl.Series([*DAYS, date(2024, 5, 1)]).cast(pl.String)) == ()


@pytest.mark.parametrize(
    "texts",
    [
        [day.strftime("%d/%m/%Y") for day in DAYS],
        [f"item {place}" for place in range(300)],
        [*(day.isoformat() for day in DAYS[:100]), *(f"12.0{place}" for place in range(200))],
        ["2022-01-01", "01.02.2022"],
        [],
    ],
)
def test_one_format_and_no_dates(texts):
    assert date_forms_in(pl.Series(texts, dtype=pl.String)) == ()
