"""Related rows with words, truths, texts of numbers and numbers that mean a missing one."""

from datetime import timedelta

import polars as pl
import pytest
from msgspec.structs import replace

from modelwright.data.relations.compute import compute_features
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.schema import Schema
from tests.data.relations.examples import BEGIN, ROWS, relation, schema_of

ORDERS = pl.DataFrame(
    {
        "who": ["a", "b"] * 30,
        "at": [str(BEGIN + timedelta(hours=place)) for place in range(60)],
        "back": ["yes", "no ", "No", "Yes", "yes", None] * 10,
        "paid": [True, False, False, None, True, True] * 10,
        "price": [
            *["$1,200.50", "12", "?", "-3e2", " 7.25", None] * 9,
            *("-€ 3", "1,234,567", "1", ".5", "+2.", "30 %"),
        ],
        "points": [-999, 5, 7, 11, -999, 13] * 10,
    }
)


def odd_features() -> FeatureSet:
    """Return features that sum and compare the cells."""
    one = relation()
    who, at = one.schema["who"], one.schema["at"]
    found = schema_of(ORDERS)
    values = [found[name] for name in ("back", "paid", "price")]
    values.append(replace(found["points"], missing_tokens=("-999",)))
    verbs = ("sum", "mean", "min", "max", "last", "distinct")
    return FeatureSet(
        relations=(replace(one, schema=Schema(columns=(who, at, *values))),),
        features=tuple(
            Feature(relation="orders", aggregate=verb, column=column.name)
            for column in values
            for verb in verbs
        ),
    )


def odd_rows() -> pl.DataFrame:
    moments = [BEGIN + timedelta(hours=7 * place) for place in range(12)]
    return pl.DataFrame({"id": ["a", "b", "c"] * 4, "now": moments}, schema=ROWS)


def assert_read(made: pl.DataFrame) -> None:
    """Compare what a database made of the rows, in their order, with what is made here."""
    features = odd_features()
    wanted = compute_features(features, odd_rows(), {"orders": ORDERS})
    for name in features.names:
        got = made[name].cast(pl.Float64).to_list()
        assert got == pytest.approx(wanted[name].to_list()), name
