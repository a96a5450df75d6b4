"""Relations are found where they are, and refused where nobody can know."""

import tomllib
from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest

from modelwright.data.relations.find import find_relations
from modelwright.data.relations.keys import count_key
from modelwright.data.relations.propose import propose_features
from modelwright.data.relations.table import Question, RelatedSource, RelatedTable
from modelwright.data.schema import Role
from modelwright.errors import BriefError
from tests.data.relations.examples import schema_of, shop


def question(rows: pl.DataFrame, moment: str = "asked_at") -> Question:
    return Question(rows, schema_of(rows), moment)


def related(frame: pl.DataFrame, **said: object) -> RelatedTable:
    source = RelatedSource(data="orders.csv", **said)  # type: ignore[arg-type]
    return RelatedTable.of("orders", frame, source)


def test_a_history_is_found_by_its_name_and_counted() -> None:
    rows, orders = shop()
    table = related(orders.rename({"customer": "CustomerID"}))
    (relation,) = find_relations(question(rows), [table]).relations
    assert (relation.columns, relation.keys) == (("customer_id",), ("CustomerID",))
    assert (relation.shape, relation.time, relation.moment) == (
        "one-to-many",
        "ordered_at",
        "asked_at",
    )
    assert (relation.matched, relation.used) == (1.0, 1.0)
    assert any("at most 8 rows" in each for each in relation.evidence)
    names = [feature.name for feature in propose_features(relation, {table.name: table.frame})]
    assert {"orders.count", "orders.since", "orders.amount.sum.30d", "orders.amount.last"} < {
        *names
    }
    assert len(names) == len(set(names))


def test_numbers_and_texts_are_the_same_key() -> None:
    rows = pl.DataFrame({"plane": [101, 202, 303, 404]})
    table = related(pl.DataFrame({"plane": ["101", "202", "303", "999"], "seats": [1, 2, 3, 4]}))
    (relation,) = find_relations(question(rows, ""), [table]).relations
    assert (relation.matched, relation.used, relation.shape) == (0.75, 0.75, "one-to-one")


def test_null_keys_are_counted_and_match_nothing() -> None:
    rows, orders = shop()
    hidden = orders.with_columns(
        customer=pl.when(pl.int_range(pl.len()) % 4 > 0).then(pl.col("customer"))
    )
    (relation,) = find_relations(
        question(rows), [related(hidden, key="customer_id = customer")]
    ).relations
    assert relation.null_keys == (0.0, 0.25)
    assert relation.used == 0.75


def test_many_rows_without_a_time_are_refused_unless_vouched_for() -> None:
    rows, orders = shop()
    timeless = orders.drop("ordered_at")
    key = "customer_id=customer"
    found = find_relations(question(rows), [related(timeless, key=key)])
    assert not found.relations
    assert "static = true" in found.refused[0]
    vouched = find_relations(question(rows), [related(timeless, key=key, static=True)])
    assert vouched.relations[0].time == ""


def test_a_time_without_a_moment_is_refused() -> None:
    rows, orders = shop()
    found = find_relations(question(rows, ""), [related(orders, key="customer_id=customer")])
    assert "--moment" in found.refused[0]


def test_a_dated_row_is_known_when_its_day_is_over() -> None:
    rows, orders = shop()
    dated = orders.with_columns(pl.col("ordered_at").dt.date())
    (relation,) = find_relations(
        question(rows), [related(dated, key="customer_id=customer")]
    ).relations
    assert relation.grain == "day"
    noon, midnight = (int(datetime(2024, 3, 2, hour).timestamp()) for hour in (12, 0))  # noqa: DTZ001
    assert not relation.is_known(midnight * 1_000_000, noon * 1_000_000)
    assert relation.is_known(midnight * 1_000_000, (midnight + 86_400) * 1_000_000)


def test_where_only_one_time_has_a_zone_the_last_hours_are_left_out() -> None:
    rows, orders = shop()
    zoned = orders.with_columns(
        pl.col("ordered_at").dt.replace_time_zone(
            "Europe/Berlin", ambiguous="earliest", non_existent="null"
        )
    )
    (relation,) = find_relations(
        question(rows), [related(zoned, key="customer_id=customer")]
    ).relations
    assert relation.delay_s == 14 * 3600


def test_small_whole_numbers_are_no_evidence() -> None:
    rows = pl.DataFrame({"items": [1, 2, 3, 4, 5, 6] * 4, "size": [9.5, 1.25] * 12})
    table = related(pl.DataFrame({"grade": [1, 2, 3, 4, 5, 6], "words": list("abcdef")}))
    found = find_relations(question(rows, ""), [table])
    assert not found.relations
    assert "Name one" in found.refused[0]


def test_a_table_with_a_space_in_its_name_is_described_below_a_heading_that_can_be_read() -> None:
    rows = pl.DataFrame({"items": [1, 2], "size": [9.5, 1.25]})
    table = replace(related(pl.DataFrame({"words": ["a", "b"]})), name="call log")
    (told,) = find_relations(question(rows, ""), [table]).refused
    heading = told[told.index("[related") : told.index(" key =")]
    assert tomllib.loads(f'{heading}\nkey = "a = b"') == {"related": {"call log": {"key": "a = b"}}}


def test_a_key_that_is_not_there_is_told() -> None:
    rows, orders = shop()
    with pytest.raises(BriefError, match=r"no column 'custmer'\. Did you mean 'customer'"):
        find_relations(question(rows), [related(orders, key="customer_id = custmer")])


def test_years_of_a_related_table_are_told_to_be_made_days_that_are_known() -> None:
    rows, orders = shop()
    years = orders.with_columns(at=pl.lit(2023))
    with pytest.raises(BriefError, match="make the last day"):
        find_relations(question(rows), [related(years, key="customer_id = customer", time="at")])


def test_answers_of_earlier_rows_are_used_only_when_it_is_said_when_they_are_known() -> None:
    rows, _ = shop()
    past = rows.with_columns(left=pl.Series(["yes", "no"] * (rows.height // 2)))
    schema = schema_of(past).assign(Role.TARGET, "left")
    asked = Question(past, schema, "asked_at")
    source = RelatedSource(data="past.csv", key="customer_id")
    (relation,) = find_relations(asked, [RelatedTable.of("past", past, source)]).relations
    assert "left" not in relation.schema
    assert any("called like the target" in each for each in relation.evidence)
    late = RelatedTable.of("past", past, source, delay_s=86_400)
    assert "left" in find_relations(asked, [late]).relations[0].schema


def test_keys_are_counted_exactly() -> None:
    frame = pl.DataFrame({"id": ["a", "b", None], "both": ["x", "x", "y"]})
    assert not count_key(frame, ["id"]).is_key
    assert count_key(frame, ["id"]).is_unique
