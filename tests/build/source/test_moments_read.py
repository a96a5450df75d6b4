"""The project reads quarters and weeks as the build does, however they are written."""

import re
from importlib.resources import files

import polars as pl
import pytest
from jinja2 import Template

from modelwright.data.conform import conform
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.moments import (
    PACKED_DAY,
    PACKED_MONTH,
    PACKED_SECOND,
    QUARTER,
    WEEK,
    YEAR,
)

FEATURES = files("modelwright.build.source") / "templates" / "features.py.jinja"


@pytest.fixture(scope="module")
def read_moments():
    source = re.search(r"^def read_moments.*?(?=^def )", FEATURES.read_text(), re.M | re.S)
    text = source[0].rpartition("{% endif %}")[0]  # which ends what is left out without moments
    names, told = {"pl": pl}, ("has_quarters", "has_weeks", "has_digits", "has_counts", "has_zones")
    exec(Template(text).render(**dict.fromkeys(told, True)), names)
    return names["read_moments"]


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        (QUARTER, ["Q12024", "Q4 2023", "q2/2022", "2024Q3", "2024-Q4", None]),
        (WEEK, ["2024-W05", "2020-W53-7", "2023-W53", "KW 7/2023", "Week 1 2021", None]),
        (YEAR, ["2024", "1998.0", None]),
        (PACKED_DAY, ["20241231", "20000101.0", "20230231", None]),
        (PACKED_SECOND, ["20241231235958", "20000101000000.0", "20241231246000", None]),
        (
            "%a, %d %b %Y %H:%M:%S %z",
            ["Mon, 1 Jan 2024 02:00:00 +0100", "Mon, 01 Jan 2024 02:00:00 GMT", None],
        ),
        (
            "%a %b %d %H:%M:%S %z %Y",
            ["Mon Jan 01 02:00:00 +0000 2024", "Mon Jan 01 02:00:00 UTC 2024"],
        ),
        ("%d/%b/%Y:%H:%M:%S %z", ["01/Jan/2024:02:00:00 -0530", "01/Jan/2024:02:00:00 -08"]),
        ("%a %b %d %H:%M:%S %Y", ["Mon Jan  1 02:00:00 2024", "Tue Jan 2 02:00:00 2024"]),
        ("%a %b %d %H:%M:%S %z %Y", ["Mon Jan  1 02:00:00 -08 2024"]),
        (
            "",
            [
                "2024-01-01T02:00:00+05:30",
                "2024-01-01 02:00:00.25-0800",
                "2024-01-01T02:00-08",
                "2024-01-01 02:00 GMT",
                "2024-01-01T02:00:00Z",
                "2024-01-02",
                None,
            ],
        ),
        ("%Y%m%dT%H%M%S%z", ["20240101T020000Z", "20240101T020000+01:00"]),
        ("%Y年%m月%d日 %H:%M", ["2024年1月31日 02:00", None]),
        ("%Y年%m月", ["2024年1月"]),
        (PACKED_MONTH, ["202412", "200001.0", None]),
        ("unix s", ["1700000000.25", "1700000000", None]),
        ("unix ms", ["1700000000123", "1700000000123.0", None]),
        ("unix us", ["1700000000123456", None]),
        ("unix ns", ["1700000000123456000", None]),
    ],
)
def test_it_reads_as_the_build_does(read_moments, form, texts):
    column = Column(name="x", kind=Kind.DATETIME, datetime_format=form)
    expected = conform(pl.DataFrame({"x": texts}), Schema(columns=(column,)))["x"]
    assert read_moments(pl.Series("x", texts), form).to_list() == expected.to_list()
