from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, make_flights_bundle
from modelwright.documents import ColumnSkew, Skew
from modelwright.errors import SchemaError
from modelwright.maintain.health import judge_rows
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.skew.kinds import explain_difference
from modelwright.maintain.skew.skew import find_skew, with_skew
from modelwright.predictor.program import Program

BUNDLE = make_flights_bundle()
COUNT = 300
NOON = 1_772_366_400_000_000
TABLE = draw_flights(COUNT, seed=2).with_columns(flight=pl.int_range(COUNT))


def served(change: pl.Expr | None = None) -> LiveRows:
    """Serve the rows of the table, in another order, and some that it does not have."""
    table = TABLE if change is None else TABLE.with_columns(change)
    table = pl.concat([table[::-1], table[:20].with_columns(flight=pl.int_range(900, 920))])
    return replace(
        live_rows_of(table, BUNDLE),
        ids=tuple(map(str, table["flight"])),
        arrived=NOON + np.arange(len(table)) * 1_000_000,
    )


def skew(change: pl.Expr | None = None, table: pl.DataFrame = TABLE) -> Skew:
    return find_skew(BUNDLE, served(change), table, on="flight")


def only(found: Skew) -> ColumnSkew:
    (column,) = found.columns
    return column


def test_rows_that_are_the_same_have_no_skew() -> None:
    found = skew()
    assert (found.served, found.compared, found.columns, found.moved) == (320, 300, (), 0.0)
    assert found.sentence.endswith("and says of each what the server saw.")


def test_another_scale_is_told() -> None:
    column = only(skew(pl.col("temp") * 1.8 + 32))
    said = "the server saw 1.8 times what the table says, plus 32: another scale"
    assert column.how == said


def test_another_unit_is_told_with_its_rows_and_its_harm() -> None:
    found = skew(pl.col("temp") * 1.8)
    column = only(found)
    assert (column.column, column.rows, column.verdict) == ("temp", 300, "alarm")
    assert column.how == "the server saw 1.8 times what the table says"
    assert (column.since, len(column.examples)) == ("", 5)
    last = column.examples[0]
    assert last.id == "0"
    assert float(last.served) == pytest.approx(1.8 * float(last.told), rel=1e-3)
    assert found.moved is not None
    assert found.moved > 0.05


def test_rows_without_an_answer_have_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = served(pl.col("temp") * 1.8)
    nothing = np.full((COUNT, 2), np.nan)
    monkeypatch.setattr(Program, "run", lambda program, columns: nothing)
    found = find_skew(BUNDLE, rows, TABLE, on="flight")
    assert found.moved is None
    assert found.sentence.endswith("1 of its columns differ.")


def test_since_when_is_told() -> None:
    column = only(skew(pl.when(pl.col("flight") < 100).then(None).otherwise("temp").alias("temp")))
    assert column.how == "the server saw no value"
    assert column.since == datetime.fromtimestamp(NOON / 1e6 + 200, UTC).isoformat()
    assert column.sentence.endswith(f"So since {column.since}.")


def test_what_the_model_does_not_read_and_single_rows_are_notes() -> None:
    assert only(skew(pl.col("unused") + 1.0)).verdict == "note"
    one = pl.when(pl.col("flight") == 7).then(50.0).otherwise("temp").alias("temp")
    assert only(skew(one)).verdict == "note"


def test_an_alarm_comes_first_in_the_health() -> None:
    health = judge_rows(BUNDLE, served(), made_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert with_skew(health, skew()).healthy == health.healthy
    told = with_skew(health, skew(pl.col("carrier").str.to_lowercase()))
    assert (told.healthy, told.action, told.causes[0].kind) == (
        False,
        "fix input",
        "training-serving skew",
    )
    assert "they differ in capitals or spaces" in told.sentence


def test_features_that_the_table_lacks_are_named() -> None:
    assert skew(table=TABLE.drop("load")).unknown == ("load",)


def test_tables_that_do_not_fit_are_refused() -> None:
    with pytest.raises(SchemaError, match="no column 'flight'"):
        skew(table=TABLE.drop("flight"))
    with pytest.raises(SchemaError, match="no feature of the model"):
        skew(table=TABLE.select("flight"))
    assert "None of 320 rows" in skew(table=TABLE.with_columns(pl.col("flight") + 5_000)).sentence


NUMBERS = np.array([1.25, 2.5, 7.125, 9.0625])
LEVELS = np.array(["a", "b", "c", "a"], dtype=object)


@pytest.mark.parametrize(
    ("served", "told", "said"),
    [
        (NUMBERS + 32, NUMBERS, "the server saw 32 more"),
        (NUMBERS / 1000, NUMBERS, "the table says 1,000 times what the server saw"),
        (np.round(NUMBERS, 1), NUMBERS, "the server saw them rounded to 1 digits"),
        (NUMBERS, np.full(4, np.nan), "the table has no value"),
        (np.full(36, 5.0), np.tile(NUMBERS, 9), "the server always saw 5"),
        (np.full(4, 5.0), NUMBERS, "the server always saw the same"),
        (NUMBERS[::-1], NUMBERS, "they differ in no way that has a name"),
        (np.array(list("xyzx"), object), LEVELS, "levels have other names"),
        (np.array(list("xyzx") * 9, object), np.tile(LEVELS, 9), "the server saw 'x' for 'a'"),
        (np.array([7, 8]), np.array([7, 8]) + 3_600_000_000, "moments 1:00:00 earlier"),
    ],
)
def test_how_values_differ(served: np.ndarray, told: np.ndarray, said: str) -> None:
    assert said in explain_difference(served, told)
