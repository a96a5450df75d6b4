"""The project reads numbers in pieces as the build does."""

import re
from importlib.resources import files

import polars as pl
import pytest
from jinja2 import Template

from modelwright.data.conform import conform
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.cells import DECORATED_NUMBER, NUMBER
from modelwright.data.values.forms import FORMS

FEATURES = files("modelwright.build.source") / "templates" / "features.py.jinja"


@pytest.mark.parametrize(
    ("unit", "texts"),
    [
        ("1.234,5", ["2,125", "1.234", "1.5", "7,876,000", "soon", None]),
        ("1st comma number", ["2,125", "51,5; -0,12", "7"]),
        ("2nd number", ["1,234", "51.5, -0.12", "7"]),
        ("12 ...", ["1e3", "12 of 30", "-5"]),
        ("(12)", ["(1,250.5)", "234-", "$4", "+5"]),
    ],
)
def test_it_reads_as_the_build_does(unit, texts):
    source = re.search(r"^def in_form.*?coalesce\(number.*?\n", FEATURES.read_text(), re.M | re.S)[
        0
    ]
    form = FORMS[unit]
    told = ("x", form.pattern, form.weights, form.shift, form.divisor, form.comma)
    names = {"pl": pl, "FORMS": {"x": told}}
    names["PLAIN_NUMBER"] = f"^(?:{NUMBER}|{DECORATED_NUMBER})$"
    exec(Template(source).render(has_plain_first=True), names)
    table = pl.DataFrame({"x": texts}, schema={"x": pl.String})
    read = table.select(names["in_form"]("x"))["x"].str.replace_all(r"[,$€£¥% ]", "")
    column = Column(name="x", kind=Kind.NUMERIC, unit=unit)
    expected = conform(table, Schema(columns=(column,)))["x"]
    assert read.cast(pl.Float64, strict=False).to_list() == expected.to_list()
