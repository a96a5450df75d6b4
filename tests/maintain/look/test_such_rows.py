from dataclasses import replace

import msgspec
import numpy as np
import polars as pl

from flights_example import SCHEMA, draw_flights, make_contract, make_flights_bundle
from modelwright.data.checks.presence import NotMissing
from modelwright.data.contracts.contract import ContractColumn
from modelwright.data.odcs.writer import write_contract
from modelwright.maintain.detectors.contract import find_broken_contract
from modelwright.maintain.detectors.missing import find_missing
from modelwright.maintain.detectors.stuck import find_stuck
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.such_rows import share_of_such
from modelwright.predictor.bundle import Bundle
from modelwright.testing import look_at_last

ROWS, LAST, LEAST = 4000, 500, 12.0


def world() -> pl.DataFrame:
    """Draw flights that are full where it is warm, and of an unknown load where it is cold."""
    temp = pl.col("temp")
    full = pl.when(temp > 15.0).then(1.0).otherwise(pl.col("load").fill_null(3.0))
    return draw_flights(ROWS, seed=5).with_columns(
        load=pl.when(temp < 8.0).then(None).otherwise(full)
    )


def look(last: pl.DataFrame, bundle: Bundle | None = None) -> Look:
    table = pl.concat([world()[: ROWS - LAST], last])
    return look_at_last(bundle or make_flights_bundle(), table, windows=8)


def only(where: pl.Expr) -> pl.DataFrame:
    """Return as many rows of the same world, of such flights alone."""
    return pl.concat([world().filter(where)] * 2)[:LAST]


def test_where_only_warm_rows_come_no_feed_is_stuck() -> None:
    assert not list(find_stuck(look(only(pl.col("temp") > 15.0)), LEAST))
    stuck = world()[ROWS - LAST :].with_columns(load=pl.lit(1.0))
    (found,) = find_stuck(look(stuck), LEAST)
    assert found.columns == ("load",)


def test_a_run_of_what_nearly_all_rows_have_is_no_stuck_feed() -> None:
    table, place = world()[ROWS - LAST :], pl.int_range(pl.len())

    def held(rows: pl.Expr) -> list[tuple[str, ...]]:
        load = pl.when(rows).then(1.0).otherwise(pl.lit(2.0))
        found = find_stuck(look(table.with_columns(load=load)), 8.0)
        return [each.columns for each in found]

    # From the middle on nothing else comes; or now and then something else does, everywhere.
    assert held((place >= 300) | (place % 2 == 0)) == [("load",)]
    assert held((place % 250 != 0) & (place % 90 != 1)) == []
    assert held(~place.is_in([3, 210, 440])) == []


def test_where_mostly_cold_rows_come_nothing_is_lost() -> None:
    assert not list(find_missing(look(only(pl.col("temp") < 10.0)), LEAST))
    lost = world()[ROWS - LAST :].with_columns(
        load=pl.when(pl.int_range(pl.len()) % 2 == 0).then(None).otherwise("load")
    )
    (found,) = find_missing(look(lost), LEAST)
    assert found.columns == ("load",)


def test_a_column_that_is_as_it_was_excuses_nothing() -> None:
    seen = look(world()[ROWS - LAST :])
    flags = np.nan_to_num(seen.sketch.values["load"]) == 1.0
    assert share_of_such(seen, "load", flags) == flags.mean()
    warm = look(only(pl.col("temp") > 15.0))
    assert share_of_such(warm, "load", flags) > 0.97


def test_a_rule_that_such_rows_break_anyway_is_a_note() -> None:
    contract = make_contract()
    column = ContractColumn(
        column=SCHEMA["load"], checks=(NotMissing(column="load", allowed_fraction=0.3),)
    )
    columns = tuple(column if each.column == SCHEMA["load"] else each for each in contract.columns)
    text = write_contract(msgspec.structs.replace(contract, columns=columns))
    bundle = replace(make_flights_bundle(), contract_text=text)

    def broken(last: pl.DataFrame) -> list[bool]:
        found = find_broken_contract(look(last, bundle), LEAST)
        return [each.is_broken for each in found if each.columns == ("load",)]

    assert broken(only(pl.col("temp") < 9.0)) == [False]
    assert broken(world()[ROWS - LAST :].with_columns(load=pl.lit(None, pl.Float64))) == [True]
