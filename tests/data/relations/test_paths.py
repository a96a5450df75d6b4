"""Tables two steps away: pairs of rows, known when both are, the same wherever they are made."""

import sqlite3
from dataclasses import replace as replace_table
from datetime import datetime, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from modelwright.data.inference.infer import infer_schema
from modelwright.data.relations import paths
from modelwright.data.relations.compute import compute_features
from modelwright.data.relations.evaluate import Evaluator
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.find import find_relations
from modelwright.data.relations.home import Home
from modelwright.data.relations.proof import refute_features
from modelwright.data.relations.relation import Relation, Step
from modelwright.data.relations.row_query import RowQuery
from modelwright.data.relations.sql import features_query
from modelwright.data.relations.table import Question, RelatedSource, RelatedTable
from modelwright.data.schema import Schema
from modelwright.data.sources.quoting import quoted
from modelwright.errors import BriefError, SchemaError
from tests.data.relations.examples import (
    BEGIN,
    ODD,
    ROWS,
    every_feature,
    moments,
    relation,
    row,
    schema_of,
)
from tests.data.relations.reference import value_of

ORDERS = {"number": pl.String, "who": pl.String, "at": pl.Datetime("us")}
ITEMS = {"order": pl.String, "sent": pl.Datetime("us"), "amount": pl.Float64, ODD: pl.String}
numbers = st.sampled_from(["1", "2", "3", None])
order = st.fixed_dictionaries(
    {"number": numbers, "who": st.sampled_from(["a", "b", None]), "at": moments}
)
item = st.fixed_dictionaries(
    {
        "order": numbers,
        "sent": moments,
        "amount": st.one_of(st.none(), st.integers(-3, 3).map(float)),
        ODD: st.sampled_from(["card", "cash", None]),
    }
)
examples = st.tuples(
    st.lists(row, min_size=1, max_size=5), st.lists(order, max_size=6), st.lists(item, max_size=8)
)


def two_steps(*, sent: bool) -> Relation:
    """Return items of the orders of a row, known by the order's time, or by both times."""
    one = relation(grain="day" if sent else "exact")
    who, at, *values = one.schema
    number = replace(who, name="number")
    step = Step(
        table="orders",
        columns=("number",),
        keys=("order",),
        schema=Schema(columns=(who, number, at)),
        theirs=Schema(columns=(replace(who, name="order"),)),
        time="orders.at" if sent else "",
    )
    times = [replace(at, name="orders.at"), *([replace(at, name="sent")] if sent else [])]
    return replace(
        one,
        name="items",
        table="items",
        keys=("orders.who",),
        time="sent" if sent else "orders.at",
        schema=Schema(columns=(replace(who, name="orders.who"), *times, *values)),
        through=step,
    )


def features_of(one: Relation) -> FeatureSet:
    made = tuple(replace(each, relation="items") for each in every_feature())
    features = FeatureSet(relations=(one,), features=made)
    features.check()
    return features


SETS = [features_of(two_steps(sent=sent)) for sent in (False, True)]
each_set = pytest.mark.parametrize("features", SETS, ids=["the order's time", "both times"])


def expected(features: FeatureSet, example: Any) -> list[dict[str, Any]]:
    rows, orders, items = example
    (one,) = features.relations
    made = []
    for asked in rows:
        pairs = [
            {"who": first["who"], "at": second["sent"] if one.time == "sent" else first["at"]}
            | {name: second[name] for name in ("amount", ODD)}
            for first in orders
            for second in items
            if first["number"] == second["order"] is not None
            and (one.time != "sent" or _is_before(first["at"], asked["now"]))
        ]
        made.append({each.name: value_of(each, one, asked, pairs) for each in features.features})
    return made


def _is_before(at: datetime | None, now: datetime | None) -> bool:
    return at is not None and now is not None and at < now


def assert_same(made: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    assert len(made) == len(wanted)
    for have, want in zip(made, wanted, strict=True):
        for name, value in want.items():
            near = value if value is None or isinstance(value, str) else pytest.approx(value)
            assert have[name] == near, name


@each_set
@given(example=examples)
@settings(max_examples=8, deadline=None)
def test_here_in_the_server_and_in_sqlite_they_are_what_the_definition_says(
    features: FeatureSet, example: Any
) -> None:
    rows, orders, items = example
    wanted = expected(features, example)
    frames = {
        "orders": pl.DataFrame(orders, schema=ORDERS),
        "items": pl.DataFrame(items, schema=ITEMS),
    }
    asked = pl.DataFrame(rows, schema=ROWS)
    assert_same(compute_features(features, asked, frames).to_dicts(), wanted)
    sent = [[_sent(each) for each in part] for part in example]
    related = {"orders": sent[1], "items": sent[2]}
    assert_same(Evaluator(features)(sent[0], related), wanted)
    assert refute_features(features, asked, frames) == ()
    with sqlite3.connect(":memory:") as connection:
        connection.row_factory = sqlite3.Row
        for name, frame in {"rows": asked, **frames}.items():
            columns = ", ".join('"' + each.replace('"', '""') + '"' for each in frame.columns)
            connection.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ", ".join("?" * frame.width)
            values = [[_text(value) for value in each] for each in frame.rows()]
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', values)
        found = connection.execute(features_query(features, "sqlite", main="rows")).fetchall()
        query = RowQuery(features, Home("", "sqlite"))
        values = [each for row_ in query.values(sent[0]) for each in row_]
        served = query.made(connection.execute(query.statement(len(rows)), values).fetchall())
    connection.close()
    key = lambda one: (str(one["id"]), str(one["now"]))  # noqa: E731
    both = sorted(zip(rows, wanted, strict=True), key=lambda pair: key(pair[0]))
    ordered = sorted(map(dict, found), key=lambda one: (str(one["id"]), _space(one["now"])))
    assert_same(ordered, [each for _, each in both])
    assert_same(served, wanted)


def _sent(record: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in record.items()}


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, datetime) else value


def _space(value: Any) -> str:
    return str(value)


def test_what_knows_the_rows_between_too_late_is_refuted() -> None:
    (features,) = SETS[1:]
    (one,) = features.relations
    assert one.through is not None
    moments = [BEGIN + timedelta(hours=12 * place) for place in range(40)]
    rows = pl.DataFrame({"id": ["a"] * 40, "now": moments}, schema=ROWS)
    orders = pl.DataFrame(
        {"number": [str(place) for place in range(40)], "who": ["a"] * 40, "at": moments},
        schema=ORDERS,
    )
    items = orders.select(
        order="number", sent=pl.lit(BEGIN - timedelta(days=2)), amount=1.0, **{ODD: pl.lit("cash")}
    ).cast(ITEMS)  # type: ignore[arg-type]
    frames = {"orders": orders, "items": items}
    assert refute_features(features, rows, frames) == ()

    def leaky(asked: FeatureSet, *rest: Any) -> pl.DataFrame:
        (own,) = asked.relations
        assert own.through is not None
        late = replace(own, through=replace(own.through, delay_s=-7200.0))
        return compute_features(replace(asked, relations=(late,)), *rest)

    found = {each.name for each in refute_features(features, rows, frames, compute=leaky)}
    assert "items.count" in found


@pytest.fixture
def shop() -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Return orders of customers who live in regions, and the items of the orders."""
    day = pl.datetime(2024, 1, 1) + pl.duration(days=pl.int_range(60))
    rows = pl.select(
        order_no=10_000 + 7 * pl.int_range(60),
        customer_id=500 + 13 * (pl.int_range(60) % 20),
        placed=day,
    )
    customers = pl.select(customer_id=500 + 13 * pl.int_range(20)).with_columns(
        region_code=pl.format("R{}", pl.col("customer_id") % 4),
        since=pl.datetime(2023, 1, 1) + pl.duration(days=pl.int_range(20) * 25),
    )
    regions = pl.DataFrame({"region_code": [f"R{at}" for at in range(4)], "people": [5, 9, 7, 8]})
    visits = rows.select("customer_id", "placed").with_columns(
        visit_no=90_000 + 11 * pl.int_range(60), at=pl.col("placed") - pl.duration(days=3)
    )
    pages = visits.select("visit_no", seconds=pl.int_range(60))
    return rows, {
        "customers": customers,
        "regions": regions,
        "visits": visits.drop("placed"),
        "pages": pl.concat([pages, pages]),
    }


def related(frames: dict[str, pl.DataFrame], **said: RelatedSource) -> list[RelatedTable]:
    return [
        RelatedTable.of(name, frame, said.get(name, RelatedSource(data=f"{name}.csv")))
        for name, frame in frames.items()
    ]


def test_a_table_behind_another_is_found(shop: Any) -> None:
    rows, frames = shop
    static = RelatedSource(data="pages.csv", static=True)
    question = Question(rows, schema_of(rows), "placed")
    found = find_relations(question, related(frames, pages=static))
    made = {each.name: each for each in found.relations}
    assert found.refused == ()
    regions, pages = made["regions"], made["pages"]
    assert regions.through is not None
    assert (regions.through.table, regions.through.columns) == ("customers", ("region_code",))
    assert (regions.time, regions.shape) == ("customers.since", "many-to-one")
    assert regions.schema.names == ("customers.customer_id", "customers.since", "people")
    assert (pages.time, pages.keys) == ("visits.at", ("visits.customer_id",))
    assert [tuple(each.reads) for each in (regions, pages)] == [
        ("customers", "regions"),
        ("visits", "pages"),
    ]


def test_a_table_behind_many_rows_without_a_time_is_refused_until_they_are_static(
    shop: Any,
) -> None:
    rows, frames = shop
    frames["visits"] = frames["visits"].drop("at")
    frames["pages"] = frames["pages"].unique("visit_no", maintain_order=True)
    question = Question(rows, schema_of(rows), "placed")
    refused = find_relations(question, related(frames)).refused
    assert any("[related.visits]" in each and each.startswith("pages") for each in refused)
    static = RelatedSource(data="visits.csv", static=True)
    found = find_relations(question, related(frames, visits=static))
    assert found.refused == ()
    assert {"pages", "visits"} <= {each.name for each in found.relations}


def refused(rows: pl.DataFrame, tables: list[RelatedTable], *, target: str = "") -> str:
    """Return why nothing but the first table can be used."""
    schema = infer_schema(rows, target=target) if target else schema_of(rows)
    found = find_relations(Question(rows, schema, "placed"), tables)
    assert {each.table for each in found.relations} <= {tables[0].name}
    return found.refused[-1]


def test_rows_without_a_time_are_not_dated_by_the_row_that_they_belong_to(shop: Any) -> None:
    rows, frames = shop
    said = refused(rows, related({name: frames[name] for name in ("visits", "pages")}))
    assert said.startswith("pages: it has many rows for a key of visits")
    assert "static = true in [related.pages]" in said


def test_a_time_does_not_say_when_a_row_without_one_led_to_it(shop: Any) -> None:
    rows, frames = shop
    visits = frames["visits"].drop("at")
    pages = frames["pages"].with_columns(seen=pl.datetime(2024, 1, 1, pl.int_range(120) % 24))
    said = refused(rows, related({"visits": visits, "pages": pages}))
    assert said.startswith("pages: it is reached through visits")
    assert "static = true in [related.visits]" in said


def test_what_is_looked_up_by_the_answer_is_refused_unless_it_is_said_when_it_is_known(
    shop: Any,
) -> None:
    rows, frames = shop
    rows = rows.with_columns(region_code=pl.format("R{}", pl.col("customer_id") % 4))
    tables = {name: frames[name] for name in ("customers", "regions")}
    said = refused(rows, related(tables), target="region_code")
    assert said.startswith("regions: its key has 'region_code', which is called like the target")
    other = {**tables, "customers": tables["customers"].rename({"region_code": "lives_in"})}
    key = RelatedSource(data="regions.csv", via="customers", key="lives_in = region_code")
    assert "by the answer" in refused(rows, related(other, regions=key), target="region_code")
    question = Question(rows, infer_schema(rows, target="region_code"), "placed")
    later = [replace_table(each, delay_s=3600.0) for each in related(tables)]
    assert "regions" in {each.table for each in find_relations(question, later).relations}


def test_the_time_between_is_no_part_of_the_further_key(shop: Any) -> None:
    rows, frames = shop
    weather = frames["visits"].select("at", degrees=pl.int_range(60) % 9)
    said = RelatedSource(data="weather.csv", via="visits", key="at", static=True)
    tables = {"visits": frames["visits"], "weather": weather}
    assert "its key has 'at', the time of visits" in refused(rows, related(tables, weather=said))


def test_pairs_that_explode_are_counted_and_never_made(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, frames = shop
    # 20 visits and 40 pages of each of three devices.
    frames["visits"] = frames["visits"].with_columns(device=pl.format("D{}", pl.int_range(60) % 3))
    frames["pages"] = frames["pages"].select(
        "seconds", device=pl.format("D{}", pl.int_range(120) % 3)
    )
    said = RelatedSource(data="pages.csv", via="visits", key="device", static=True)
    question = Question(rows, schema_of(rows), "placed")
    made = find_relations(question, related(frames, pages=said))
    assert "pages" in {each.name for each in made.relations}
    monkeypatch.setattr(paths, "MOST_JOINED", 2_000)
    monkeypatch.setattr(paths, "_pairs", _never)
    frames = {name: frames[name] for name in ("visits", "pages")}
    (refused,) = find_relations(question, related(frames, pages=said)).refused
    assert refused.startswith("pages: its rows and those of visits")
    assert "make 2,400 pairs; at most 2,000" in refused


def _never(*_: Any, **__: Any) -> None:
    raise AssertionError


def test_the_brief_says_what_is_between(shop: Any) -> None:
    rows, frames = shop
    frames["pages"] = frames["pages"].rename({"visit_no": "seen in"})
    question = Question(rows, schema_of(rows), "placed")
    said = RelatedSource(data="pages.csv", via="visits", key="visit_no = seen in", static=True)
    found = find_relations(question, related(frames, pages=said))
    (pages,) = [each for each in found.relations if each.name == "pages"]
    assert pages.through is not None
    assert pages.through.keys == ("seen in",)
    with pytest.raises(BriefError, match="said to be reached via 'visit'"):
        find_relations(
            question, related(frames, pages=RelatedSource(data="pages.csv", via="visit"))
        )
    wrong = RelatedSource(data="pages.csv", via="visits", key="visit = seen in")
    with pytest.raises(BriefError, match="The related table 'visits' has no column 'visit'"):
        find_relations(question, related(frames, pages=wrong))
    words = RelatedSource(data="words.csv", via="pages", key="seconds")
    with pytest.raises(BriefError, match="at most two steps"):
        find_relations(
            question, related({**frames, "words": frames["pages"]}, pages=said, words=words)
        )


def test_many_rows_on_both_sides_belong_together_only_where_the_brief_says_so(shop: Any) -> None:
    rows, frames = shop
    device = pl.format("D{}", pl.int_range(pl.len()) % 5).alias("device")
    visits = frames["visits"].with_columns(device)
    tables = {"visits": visits, "prices": frames["pages"].select(device, price="seconds")}
    static = RelatedSource(data="prices.csv", static=True)
    question = Question(rows, schema_of(rows), "placed")
    found = find_relations(question, related(tables, prices=static))
    assert "prices" not in {each.table for each in found.relations}
    said = RelatedSource(data="prices.csv", static=True, via="visits")
    found = find_relations(question, related(tables, prices=said))
    assert "prices" in {each.table for each in found.relations}


@pytest.mark.parametrize(
    ("branch_of", "branches"),
    [
        ([1000.0, 1037.0, None, 1074.0], [1000, 1037, 1074]),
        (["Nord", "Sued", "N/A", "Ost"], ["Nord", "Sued", "Ost", "N/A"]),
    ],
    ids=["numbers of two kinds", "a text that stands for a missing one"],
)
def test_keys_lead_on_in_a_database_as_they_do_here(branch_of: Any, branches: Any) -> None:
    codes = pl.int_range(40) % 4
    rows = pl.select(account=pl.format("A{}", pl.int_range(40)), x=pl.int_range(40) % 7)
    accounts = pl.select(account=pl.format("A{}", pl.int_range(40)), branch_code=codes)
    accounts = accounts.with_columns(
        branch_code=pl.Series([branch_of[at] for at in accounts["branch_code"]])
    )
    size = [float(at) for at in range(len(branches))]
    frames = {
        "accounts": accounts,
        "branch": pl.DataFrame({"branch_code": branches, "size": size}),
    }
    key = RelatedSource(data="branch.csv", via="accounts", key="branch_code")
    found = find_relations(Question(rows, schema_of(rows)), related(frames, branch=key))
    (one,) = [each for each in found.relations if each.through]
    value = Feature(relation=one.name, aggregate="value", column="size")
    features = FeatureSet(relations=(one,), features=(value,))
    here = compute_features(features, rows, frames)[value.name]
    assert here.null_count() == 10
    with duckdb.connect() as connection:
        for name, frame in {"rows_": rows, **frames}.items():
            connection.register(name, frame.to_arrow())
        query = features_query(features, "duckdb", main="rows_")
        there = connection.sql(query).pl().sort("account")[value.name]
    assert there.to_list() == rows.with_columns(here).sort("account")[value.name].to_list()
    with_sent = Evaluator(features)(rows.to_dicts(), {k: v.to_dicts() for k, v in frames.items()})
    assert [each[value.name] for each in with_sent] == here.to_list()


def test_a_database_makes_no_pairs_of_rows_that_nobody_asks_for() -> None:
    (features, _) = SETS
    query = RowQuery(features, Home("", "sqlite"))
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE orders (number TEXT, who TEXT, at TEXT)")
        connection.execute(f"CREATE TABLE items ('order' TEXT, amount REAL, {quoted(ODD)} TEXT)")
        connection.execute("CREATE INDEX of_who ON orders (who)")
        connection.execute("CREATE INDEX of_order ON items ('order')")
        asked = "EXPLAIN QUERY PLAN " + query.statement(1)
        plan = [each[-1] for each in connection.execute(asked, ["a", "2024-03-01 00:00:00"])]
    connection.close()
    assert not [each for each in plan if each in ("SCAN s", "SCAN r")], plan


def test_a_request_makes_only_so_many_pairs_and_none_of_rows_that_it_does_not_ask_for() -> None:
    (features, _) = SETS
    rows = [{"id": "a", "now": str(BEGIN)}]
    before = str(BEGIN - timedelta(days=1))
    items = [{"order": "1", "amount": 1.0, ODD: "cash"}] * 400
    other = [{"number": "1", "who": "b", "at": before}] * 400
    mine = [{"number": "1", "who": "a", "at": before}]
    (made,) = Evaluator(features)(rows, {"orders": [*other, *mine], "items": items})
    assert made["items.count"] == 400
    with pytest.raises(SchemaError, match="'orders' and 'items' make 160,000 pairs"):
        Evaluator(features)(rows, {"orders": mine * 400, "items": items})


def test_a_step_that_leads_nowhere_is_no_relation() -> None:
    one = two_steps(sent=False)
    assert one.through is not None
    astray = replace(one, through=replace(one.through, table="items"))
    with pytest.raises(SchemaError, match="leads nowhere"):
        FeatureSet(relations=(astray,)).check()
