"""Keys of several columns that nobody declared: found where they are, and only there."""

import numpy as np
import polars as pl
import pytest

from modelwright.data.relations.composite import find_composite
from modelwright.data.relations.find import Found, find_relations
from modelwright.data.relations.table import Question, RelatedSource, RelatedTable
from tests.data.relations.examples import schema_of

ODD, STRANGE = 'Auftr. "Nr"', "行'号"


def lines(count: int = 80, seed: int = 0) -> pl.DataFrame:
    """Return orders of one to five lines each."""
    draw = np.random.default_rng(seed)
    order = np.repeat(np.arange(1000, 1000 + count), draw.integers(1, 6, count))
    line = pl.DataFrame({"order_id": order}).with_columns(
        line_no=pl.int_range(pl.len()).over("order_id") + 1
    )
    return line.with_columns(weight=pl.Series(draw.normal(5, 1, len(order)).round(2)))


def shipped(rows: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    draw = np.random.default_rng(seed)
    return rows.select("order_id", "line_no").with_columns(
        carrier=pl.Series(draw.choice(["air", "sea"], rows.height)),
        boxes=pl.Series(draw.integers(1, 4, rows.height)),
    ).sample(fraction=1.0, shuffle=True, seed=seed)  # fmt: skip


def found(rows: pl.DataFrame, other: pl.DataFrame, moment: str = "", **said: object) -> Found:
    source = RelatedSource(data="x.csv", **said)  # type: ignore[arg-type]
    question = Question(rows, schema_of(rows), moment)
    return find_relations(question, [RelatedTable.of("shipped", other, source)])


def test_an_order_and_its_line_are_found_together_and_told() -> None:
    rows = lines()
    (relation,) = found(rows, shipped(rows)).relations
    assert (relation.columns, relation.keys) == (("order_id", "line_no"),) * 2
    assert (relation.shape, relation.matched) == ("one-to-one", 1.0)
    assert "together name one row there, and neither does alone" in relation.evidence[0]


@pytest.mark.parametrize(
    "names",
    [(ODD, STRANGE), ("ref", "line_no"), ("order_id", "pos")],
    ids=["odd", "one called the same", "the other one"],
)
def test_they_may_be_called_otherwise(names: tuple[str, str]) -> None:
    rows = lines()
    other = shipped(rows).rename(dict(zip(("order_id", "line_no"), names, strict=True)))
    (relation,) = found(rows, other).relations
    assert dict(zip(relation.columns, relation.keys, strict=True)) == dict(
        zip(("order_id", "line_no"), names, strict=True)
    )


def test_rows_without_a_part_of_the_key_are_counted_and_are_nobodys() -> None:
    rows = lines()
    hidden = pl.when(pl.int_range(pl.len()) % 5 > 0)
    other = shipped(rows).with_columns(order_id=hidden.then(pl.col("order_id")))
    other = pl.concat([other, other.filter(pl.col("order_id").is_null())])  # no key occurs twice
    (relation,) = found(
        rows.with_columns(line_no=hidden.then(pl.col("line_no"))),
        other,
        key=("order_id", "line_no"),
    ).relations
    assert relation.null_keys[1] == pytest.approx(1 / 3, abs=0.05)
    assert 0.5 < relation.matched < 0.8
    stray = shipped(rows).head(9).with_columns(order_id=pl.lit(None, pl.Int64))
    (unnamed,) = found(rows, shipped(rows).vstack(stray)).relations
    assert unnamed.columns == ("order_id", "line_no")


def test_pairs_of_small_numbers_are_no_key_by_chance() -> None:
    draw = np.random.default_rng(4)
    rows = pl.DataFrame({"rooms": draw.integers(1, 9, 200), "beds": draw.integers(1, 6, 200)})
    grid = pl.DataFrame({"grade": range(1, 11)}).join(
        pl.DataFrame({"step": range(1, 11)}), how="cross"
    )
    assert not found(rows, grid.with_columns(pay=pl.Series(draw.normal(0, 1, 100)))).relations


def receipts(seed: int = 3) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return rows of receipts, and receipts that branch, till and number name together."""
    draw = np.random.default_rng(seed)
    grid = pl.DataFrame({"branch": range(1, 7)})
    for name, most in (("till", 5), ("number", 12)):
        grid = grid.join(pl.DataFrame({name: range(1, most)}), how="cross")
    grid = grid.with_columns(discount=pl.Series(draw.normal(5, 2, grid.height).round(2)))
    return grid.drop("discount").sample(400, with_replacement=True, seed=seed), grid


def test_three_columns_are_found_where_two_are_not_enough() -> None:
    rows, other = receipts()
    (relation,) = found(rows, other).relations
    assert relation.columns == relation.keys == ("branch", "till", "number")
    assert (relation.shape, relation.matched) == ("many-to-one", 1.0)


def test_four_columns_may_be_called_otherwise_where_it_is_no_chance() -> None:
    draw = np.random.default_rng(0)
    other = pl.DataFrame(
        {name: draw.integers(9 * at, 9 * at + 9, 700) for at, name in enumerate("abcd")}
    ).unique(maintain_order=True)
    rows = other.sample(500, seed=1).rename({"a": "p", "b": "q", "c": "r", "d": "s"})
    other = other.with_columns(pay=pl.Series(draw.normal(0, 1, other.height)))
    (relation,) = found(rows, other).relations
    assert dict(zip(relation.columns, relation.keys, strict=True)) == dict(
        zip("pqrs", "abcd", strict=True)
    )
    strangers = rows.with_columns(pl.col("s").shuffle(seed=2))
    assert not found(strangers, other).relations


def test_three_columns_of_small_numbers_are_no_key_by_chance() -> None:
    rows, other = receipts()
    assert not found(
        rows.rename({"branch": "rooms", "till": "beds", "number": "age"}), other
    ).relations


def test_measures_and_parts_that_are_mostly_missing_are_no_key() -> None:
    rows = lines()
    other = shipped(rows).with_columns(line_no=pl.col("line_no") + 0.25)
    asked = rows.with_columns(line_no=pl.col("line_no") + 0.25)
    assert not found(asked, other).relations
    empty = pl.when(pl.int_range(pl.len()) % 3 == 0)
    sparse = shipped(rows).select("order_id", "carrier", pos=empty.then("line_no"))
    assert not found(rows, sparse).relations


def test_what_names_a_row_of_ours_leads_to_its_several_lines() -> None:
    rows, _ = receipts()
    rows = rows.unique(maintain_order=True)
    several = rows.sample(900, with_replacement=True, seed=5).with_columns(
        item=pl.Series(np.random.default_rng(6).choice(["bread", "milk"], 900))
    )
    (relation,) = found(rows, several, static=True).relations
    assert (relation.columns, relation.shape) == (("branch", "till", "number"), "one-to-many")
    assert "together name one row here" in relation.evidence[0]
    (said,) = found(rows, several).refused
    assert "static = true" in said
    strange = several.rename({"number": "age"})
    assert all(len(each.columns) == 1 for each in found(rows, strange, static=True).relations)
    assert len(found(rows, strange).refused) == 1  # what is true of each of its links is said once


def test_what_occurs_twice_is_refused_with_what_to_say() -> None:
    rows = lines()
    twice = shipped(rows).vstack(shipped(rows).head(5))
    sentences = found(rows, twice)
    assert not sentences.relations
    assert "static = true" in sentences.refused[0]


def test_a_key_of_one_column_needs_no_second_and_a_history_keeps_its_own() -> None:
    rows = lines().with_columns(sku=pl.format("S{}", pl.int_range(pl.len())))
    single = shipped(rows).with_columns(sku=rows["sku"])
    assert [each.columns for each in found(rows, single).relations] == [("sku",)]
    at = pl.datetime_range(pl.datetime(2024, 1, 1), pl.datetime(2024, 6, 1), "1h", eager=True)
    asked = rows.drop("sku").with_columns(asked=at.sample(rows.height, seed=2))
    timed = shipped(rows).with_columns(at=at.sample(rows.height, seed=3))
    names = {each.name: each.columns for each in found(asked, timed, "asked").relations}
    assert names["shipped_by_order_id_line_no"] == ("order_id", "line_no")
    assert names["shipped_by_order_id"] == ("order_id",)


def test_wide_tables_are_looked_at_within_bounds() -> None:
    draw = np.random.default_rng(5)
    rows = pl.DataFrame({f"n{place}": draw.integers(0, 20, 300) for place in range(45)})
    other = rows.rename(lambda name: f"m{name}").sample(fraction=1.0, shuffle=True, seed=1)
    table = RelatedTable.of("wide", other, RelatedSource(data="x.csv"))
    question = Question(rows, schema_of(rows))
    assert find_composite(question, table, rows.columns, other.columns) is None


def calendar() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what shops sold on days, and what they had planned for each of them."""
    days = pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 3, 1), eager=True)
    grid = pl.DataFrame({"shop": ["S1", "S2", "S3", "S4"]}).join(
        pl.DataFrame({"date": days}), how="cross"
    )
    draw = np.random.default_rng(6)
    sold = grid.with_columns(sold=pl.Series(draw.integers(0, 90, grid.height)))
    return sold, grid.with_columns(offer=pl.Series(draw.choice(["yes", "no"], grid.height)))


def test_a_day_is_part_of_a_key_where_rows_are_known_beforehand() -> None:
    sold, planned = calendar()
    asked = sold.with_columns(booked=pl.col("date") - pl.duration(days=9))
    relation = found(asked, planned, "booked", static=True).relations[-1]
    assert (relation.columns, relation.time) == (("shop", "date"), "")
    (declared,) = found(asked, planned, "booked", static=True, key=("shop", "date")).relations
    assert (declared.shape, declared.matched) == ("one-to-one", 1.0)


def test_a_day_that_is_a_time_is_no_key_unless_it_is_said() -> None:
    sold, planned = calendar()
    (relation,) = found(sold, planned, "date").relations
    assert (relation.columns, relation.time) == (("shop",), "date")
    (said,) = found(sold, planned, "date", key=("shop", "date")).refused
    assert "its key has 'date', the moment of prediction" in said
    asked = sold.with_columns(booked=pl.col("date") - pl.duration(days=9))
    (said,) = found(asked, planned, "booked", key=("shop", "date")).refused
    assert "static = true in [related.shipped]" in said
