"""Numbers beside a unit and times of day are numbers; codes and mixtures stay texts."""

from datetime import time

import numpy as np
import polars as pl
import pytest

from modelwright.data.conform import conform, count_unparsed
from modelwright.data.inference.infer import infer_schema
from modelwright.data.prepare import amounts_of, prepare
from modelwright.data.schema import Kind

DRAW = np.random.default_rng(0)
NUMBERS = DRAW.integers(10, 900, size=200).tolist()
SPACED = [f"{31.7 * number:,.2f} €".translate({44: 160, 46: 44}) for number in NUMBERS]
"""As in France: a space that does not break between thousands, a comma before decimals."""


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ([f"{number / 10} kg" for number in NUMBERS], "kg"),
        ([f"{number / 100}GHz" for number in NUMBERS], "GHz"),
        ([f"{number % 7 + 1} year{'s' if number % 7 else ''}" for number in NUMBERS], "year"),
        ([f"USD {number:,}" for number in NUMBERS], "USD"),
        ([f"{number} °C" for number in NUMBERS], "°C"),
        ([f"{number % 24}:{number % 60:02}" for number in NUMBERS], "h:mm"),
        ([f"{number % 12 + 1}:{number % 60:02} PM" for number in NUMBERS], "h:mm"),
        (
            [f"{number % 9}h {number % 60}m" if number % 3 else "19h" for number in NUMBERS],
            "1h 20m",
        ),
        ([f"PT{number % 9}H{number % 60}M" for number in NUMBERS], "1h 20m"),
        ([f"€{number / 10}M" if number % 3 else f"€{number}K" for number in NUMBERS], "1.5M"),
        ([f"{number}{'MKB'[number % 3]}" for number in NUMBERS], "1.5M"),
        ([f"{number * 10:,}+" for number in NUMBERS], "1.5M"),
        ([f"{number / 10}" if number % 9 else "<5.0" for number in NUMBERS], "1.5M"),
        ([f"({number})" if number % 3 else f"{number}" for number in NUMBERS], "(12)"),
        ([f"{number - 450}".replace("-", "\u2212") for number in NUMBERS], "(12)"),
        ([f"{number}-" if number % 3 else f"{number}.5" for number in NUMBERS], "(12)"),
        (SPACED, "1.234,5"),
        ([f"{number},5 %" for number in NUMBERS], "1.234,5"),
        ([f"{number / 10}".replace(".", ",") for number in NUMBERS], "1.234,5"),
        ([f"{number * 7 / 100}".replace(".", ",") for number in NUMBERS], "1.234,5"),
        ([f"{number},{(5, 50)[number % 2]} €" for number in NUMBERS], "1.234,5"),
        ([f"{number % 4 + 1},{(0, 3, 7)[number % 3]}" for number in NUMBERS], "1.234,5"),
        ([text.replace("\u00a0", ".") for text in SPACED], "1.234,5"),
        ([f"CHF {number * 31.7:,.2f}".replace(",", "'") for number in NUMBERS], "1 234.5"),
        ([f"{number} GB" if number % 3 else f"{number}MB" for number in NUMBERS], "8 GB"),
        ([f"{number}Nm@ 2000rpm" for number in NUMBERS], "12 ..."),
        ([f"{number % 50 / 10}/5" for number in NUMBERS], "/5"),
        ([time(number % 24, number % 60) for number in NUMBERS], "h:mm"),
    ],
)
def test_a_unit_is_found(values, unit):
    (column,) = infer_schema(pl.DataFrame({"x": values}))
    assert (column.kind, column.unit) == (Kind.NUMERIC, unit), column.reason


@pytest.mark.parametrize(
    "values",
    [
        [f"A{number}" for number in NUMBERS],
        [f"{number} {'kg' if number % 2 else 'lb'}" for number in NUMBERS],
        [f"{number % 24}{'MDS'[number % 3]}" for number in NUMBERS],
        [f"{number % 24}{'BMK'[number % 3]}" for number in NUMBERS],
        [
            f"{number}{'MMMMMMMMMMKMMMMB'[number % 16] if number % 20 else 'A'}"
            for number in NUMBERS
        ],
        [f"192.168.{number % 7}.{number % 256}" for number in NUMBERS],
        [f"{number}-{number % 90 + 10}-{number % 1000}" for number in NUMBERS],
        [f"{number % 4}/{number % 9:03}" for number in NUMBERS],
        [f"{number} {'Main' if number % 3 else 'High'} Street" for number in NUMBERS],
        [f"{number % 24}:{number % 60}:{number}:7" for number in NUMBERS],
        [f"{100 + number} {100 + number // 2} {100 + number // 3}" for number in NUMBERS],
        [f"{100 + number % 800}-" for number in NUMBERS],
        [f"{number % 90}-" if number % 90 > 70 else f"{number % 90}" for number in NUMBERS],
        [f"{number % 12 + 1},{number % 17 + 1}" for number in NUMBERS],
        [f"{number % 5},{number % 7}" for number in NUMBERS],
        [f"{number % 9},{number % 7}" if number % 3 else f"{number % 9}" for number in NUMBERS],
        [("3 rooms", "large")[number % 2] for number in NUMBERS],
    ],
)
def test_codes_and_mixtures_stay_texts(values):
    (column,) = infer_schema(pl.DataFrame({"x": values}))
    assert column.kind != Kind.NUMERIC
    assert column.unit == ""


def test_a_few_words_among_many_numbers_are_missing():
    ages = [str(number) if number % 9 else "Prefer not to say" for number in NUMBERS]
    (column,) = infer_schema(pl.DataFrame({"x": ages}))
    assert column.kind == Kind.NUMERIC
    assert column.missing_tokens == ("Prefer not to say",)


def test_months_with_a_point_are_no_decimals():
    months = [f"{number % 12 + 1:02}.{2000 + number % 20}" for number in NUMBERS]
    (column,) = infer_schema(pl.DataFrame({"x": months}))
    assert (column.kind, column.datetime_format) == (Kind.DATETIME, "%m.%Y")


def test_what_is_written_in_another_unit_is_told():
    schema = infer_schema(pl.DataFrame({"x": [f"{number} kg" for number in NUMBERS]}))
    later = pl.DataFrame({"x": ["7 kg", "7", "9 lb"]})
    assert conform(later, schema)["x"].to_list() == [7.0, 7.0, None]
    assert count_unparsed(later, schema) == {"x": (1, ("9 lb",))}


def test_amounts_are_numbers_to_predict():
    prices = [f"Rs {number:,}" for number in NUMBERS]
    table = pl.DataFrame({"size": NUMBERS, "price": prices, "stars": ["3", "4"] * 100})
    frame = prepare(table, infer_schema(table, target="price"))
    assert frame["price"].to_list() == NUMBERS
    # Plain numbers stay the labels that they may be.
    assert prepare(table, infer_schema(table, target="stars"))["stars"].dtype == pl.String
    assert amounts_of(table["price"], "Rs").to_list() == NUMBERS
    assert amounts_of(table["price"], "kg").equals(table["price"])
