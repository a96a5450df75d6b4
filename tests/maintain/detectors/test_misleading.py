from dataclasses import replace

import msgspec
import numpy as np
import polars as pl

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.detectors.misleading import find_misleading
from modelwright.testing import look_at_last

ROWS = 400


def flights() -> pl.DataFrame:
    """Draw four windows of flights whose load says much of the degrees, with what comes true."""
    table = draw_flights(4 * ROWS, seed=5)
    noise = np.random.default_rng(5).normal(0.0, 1.0, len(table))
    table = table.with_columns(load=pl.col("temp") + pl.Series(noise))
    return table.with_columns(draw_labels(table, seed=5))


def told(change: pl.Expr, *, rough: float = 0.0) -> list[tuple[str, tuple[str, ...]]]:
    """Return what is found in the last of the windows, changed; degrees were rough in training."""
    table = flights()
    last = table[3 * ROWS :].with_columns(change).select(table.columns)
    bundle = make_flights_bundle()
    trained = msgspec.structs.replace(bundle.reference.roughness, columns={"temp": rough})
    reference = msgspec.structs.replace(bundle.reference, roughness=trained)
    bundle = replace(bundle, reference=reference)
    look = look_at_last(bundle, pl.concat([table[: 3 * ROWS], last]))
    return [(each.kind, each.columns) for each in find_misleading(look, 10.0)]


def test_a_column_of_other_rows_is_mixed_up():
    order = np.roll(np.arange(ROWS), 131)
    assert told(pl.col("temp").gather(order)) == [("mixed-up rows", ("temp",))]


def test_a_column_that_has_other_values_means_something_else():
    cooled = (30.0 - pl.col("temp") / 2).alias("temp")
    assert told(cooled) == [("unit change", ("temp",))]
    # As other as windows of training were: then what it tells is another.
    assert told(cooled, rough=1e3) == [("concept drift", ())]


def test_truths_that_turned_are_another_relation():
    turned = pl.when(pl.col("late") == "yes").then(pl.lit("no")).otherwise(pl.lit("yes"))
    assert told(turned.alias("late")) == [("concept drift", ())]
