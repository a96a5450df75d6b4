"""Features by definition, by DuckDB, by SQLite and by the server's evaluator are the same."""

import sqlite3
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from modelwright.data.relations.compute import compute_features
from modelwright.data.relations.evaluate import Evaluator
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.sql import features_query
from modelwright.errors import InputError, SchemaError
from tests.data.relations.examples import ODD, ORDERS, ROWS, feature_set, tables
from tests.data.relations.reference import value_of

SETS = [feature_set(), feature_set(grain="day"), feature_set(delay_s=6 * 3600)]


def frames(example: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows, orders = example
    return pl.DataFrame(rows, schema=ROWS), pl.DataFrame(orders, schema=ORDERS)


def expected(features: FeatureSet, example: Any) -> list[dict[str, Any]]:
    rows, orders = example
    (relation,) = features.relations
    return [
        {each.name: value_of(each, relation, row, orders) for each in features.features}
        for row in rows
    ]


def assert_same(made: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    assert len(made) == len(wanted)
    for have, want in zip(made, wanted, strict=True):
        for name, value in want.items():
            near = value if value is None or isinstance(value, str) else pytest.approx(value)
            assert have[name] == near, (name, have[name], value)


@pytest.mark.parametrize("features", SETS, ids=["exact", "day", "delay"])
@given(example=tables)
@settings(max_examples=40, deadline=None)
def test_duckdb_computes_what_the_definition_says(features: FeatureSet, example: Any) -> None:
    rows, orders = frames(example)
    made = compute_features(features, rows, {"orders": orders})
    assert made.columns == list(features.names)
    assert_same(made.to_dicts(), expected(features, example))


@pytest.mark.parametrize("features", SETS, ids=["exact", "day", "delay"])
@given(example=tables)
@settings(max_examples=80, deadline=None)
def test_the_server_makes_what_the_definition_says(features: FeatureSet, example: Any) -> None:
    rows, orders = ([_sent(row) for row in part] for part in example)
    assert_same(Evaluator(features)(rows, {"orders": orders}), expected(features, example))


@pytest.mark.parametrize("features", SETS, ids=["exact", "day", "delay"])
@given(example=tables)
@settings(max_examples=40, deadline=None)
def test_sqlite_computes_the_same(features: FeatureSet, example: Any) -> None:
    rows, orders = example
    with sqlite3.connect(":memory:") as connection:
        connection.row_factory = sqlite3.Row
        connection.execute('CREATE TABLE "the rows" (place INTEGER, id TEXT, now TEXT)')
        connection.executemany(
            'INSERT INTO "the rows" VALUES (?, ?, ?)',
            [(place, row["id"], _text(row["now"])) for place, row in enumerate(rows)],
        )
        names = ", ".join('"' + name.replace('"', '""') + '"' for name in ORDERS)
        connection.execute(f"CREATE TABLE orders ({names})")
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?)",
            [[_text(order[name]) for name in ORDERS] for order in orders],
        )
        query = features_query(features, "sqlite", main="the rows")
        made = [dict(each) for each in connection.execute(query + "\nORDER BY m.place")]
    connection.close()
    assert_same(made, expected(features, example))


def test_the_row_of_the_very_moment_and_later_ones_do_not_count() -> None:
    features = feature_set()
    row = {"id": "a", "now": "2024-03-02T12:00:00"}
    orders = [
        {"who": "a", "at": at, "amount": 1.0, **dict.fromkeys(list(ORDERS)[3:], "card")}
        for at in ("2024-03-02T11:59:59.999999", "2024-03-02T12:00:00", "2024-03-03")
    ]
    (made,) = Evaluator(features)([row], {"orders": orders})
    assert made["orders.count"] == 1


def test_a_zone_in_a_sent_time_is_heeded() -> None:
    row = {"id": "a", "now": "2024-03-02T12:00:00Z"}
    order = {"who": "a", "at": "2024-03-02T12:30:00+01:00", "amount": 1, list(ORDERS)[3]: None}
    (made,) = Evaluator(feature_set())([row], {"orders": [order]})
    assert made["orders.count"] == 1


def test_missing_fields_and_unknown_tables_are_named() -> None:
    evaluator = Evaluator(feature_set())
    with pytest.raises(SchemaError, match=r"no related table 'order'\. Did you mean 'orders'"):
        evaluator([{"id": "a", "now": None}], {"order": []})
    with pytest.raises(SchemaError, match="A row has no field 'now'"):
        evaluator([{"id": "a"}], {"orders": []})
    with pytest.raises(SchemaError, match="A row of 'orders' has no field 'who'"):
        evaluator([{"id": "a", "now": None}], {"orders": [{"at": None}]})


@pytest.mark.parametrize(
    "broken",
    [
        {"aggregate": "sum", "column": ODD},
        {"aggregate": "last", "column": "amount", "text": True},
        {"aggregate": "mean", "column": "nowhere"},
        {"aggregate": "count", "relation": "nobody"},
        {"aggregate": "max", "column": "at"},
    ],
)
def test_a_set_whose_parts_do_not_fit_is_refused(broken: dict[str, Any]) -> None:
    features = feature_set()
    features.check()
    odd = Feature(**({"relation": "orders"} | broken))
    with pytest.raises(SchemaError):
        replace(features, features=(odd,)).check()


def test_a_relation_whose_parts_do_not_fit_is_refused() -> None:
    features = feature_set()
    for wrong in ({"time": "amount"}, {"moment": "id"}, {"keys": ("nowhere",)}, {"columns": ()}):
        relations = tuple(replace(each, **wrong) for each in features.relations)
        with pytest.raises(SchemaError):
            replace(features, relations=relations).check()


def test_an_unknown_dialect_and_a_table_not_given_are_told() -> None:
    with pytest.raises(InputError, match="no dialect 'oracle'"):
        features_query(feature_set(), "oracle", main="rows")
    with pytest.raises(SchemaError, match="related table 'orders' is not given"):
        compute_features(feature_set(), pl.DataFrame(schema=ROWS), {})


def _sent(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in row.items()
    }


def _text(value: Any) -> Any:
    return value.isoformat(" ") if hasattr(value, "isoformat") else value
