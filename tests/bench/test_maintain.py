import json
from dataclasses import replace
from pathlib import Path

import msgspec
import polars as pl
import pytest

from bench.drift.worlds import World
from bench.maintain import __main__ as command
from bench.maintain.answers import Told
from bench.maintain.drill import CHANCE, PREDICTION, TARGET, read_drill
from bench.maintain.laying import Faulty, Size, lay_out, read_truth
from bench.maintain.peers import base, modelwright
from bench.maintain.roster import contestants_named
from bench.maintain.standing import Count, Standing, standing_of
from bench.maintain.tables import Seen, as_tables
from bench.maintain.worlds import TWENTY, draw_twenty, world_names
from bench.suite import read_suite
from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.errors import BriefError
from modelwright.maintain.gameday.faults.registry import faults_named

WRONG = [
    Faulty(past=3, fault="unit change", columns=("a",), causes=("unit change",), harm="harmful"),
    Faulty(past=3, fault="concept drift", columns=(), causes=("concept drift",), harm="harmful"),
    Faulty(past=4, fault="harmless season", columns=("b",), causes=(), harm="harmless"),
    Faulty(past=4, fault="stuck values", columns=("b",), causes=("stuck values",), harm="broken"),
]


def says(alarm: bool, *columns: str, kind: str = "") -> dict[str, object]:
    return {"alarm": alarm, "columns": list(columns), "kind": kind}


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drill")
    table = draw_flights(4_000, seed=41)
    table = table.with_columns(draw_labels(table, seed=41))
    faults = faults_named(["unit change", "late labels"])
    world = World("flights", make_flights_bundle(), table)
    lay_out(world, faults, folder, size=Size(starts=1, windows=8))
    return folder


def test_a_drill_is_laid_out_once_and_tells_contestants_nothing_of_its_faults(drill: Path) -> None:
    told, wrong = read_drill(drill), read_truth(drill)
    assert (told.windows, told.reference, told.cases) == (8, 4, [4, 4, 4])
    assert told.numbers == ["temp", "load"]
    assert told.categories == ["carrier"]
    assert [each.fault for each in wrong] == ["unit change", "unit change", "late labels"]
    plain, *faulty = (
        pl.read_parquet(path) for path in (told.untouched(4), *map(told.faulty, range(3)))
    )
    assert not plain["temp"].equals(faulty[0]["temp"])
    assert plain[TARGET].equals(faulty[0][TARGET])
    assert faulty[2][TARGET].null_count() == len(plain) == 500
    assert set(plain[PREDICTION]) == {0.0, 1.0}
    assert plain[CHANCE].is_between(0, 1).all()
    assert "unit change" not in (drill / "drill.json").read_text(encoding="utf-8")


def test_modelwright_finds_what_is_broken_by_the_program_that_the_bench_runs(drill: Path) -> None:
    few = replace(read_drill(drill), windows=5)
    told = base._watch(modelwright.Modelwright(few), few)
    assert told["failed"] == []
    assert len(told["seconds"]) == 1 + 3
    said = msgspec.convert(json.loads(json.dumps(told)), Told, strict=False)
    assert said.readings == ["modelwright"]
    standing = said.standing("modelwright", drill)
    assert standing.untouched == Count(hits=0, of=1)
    assert standing.by_fault["unit change"].hits >= 1


def test_an_alarm_counts_where_the_untouched_window_did_not_raise_it() -> None:
    untouched = {3: says(False), 4: says(True, "b", kind="covariate drift")}
    faulty = {
        0: says(True, "a", "b"),
        1: says(True, kind="concept drift"),
        2: says(True, "b", kind="covariate drift"),
        3: says(True, "b"),
    }
    standing = standing_of(WRONG, untouched, faulty)
    assert standing.found == Count(hits=2, of=2)
    assert standing.column == Count(hits=1, of=1)
    assert standing.cause == Count(hits=1, of=2)
    assert standing.harmless == Count(hits=0, of=1)
    assert standing.untouched == Count(hits=1, of=2)
    assert (standing + standing).by_fault["unit change"] == Count(hits=2, of=2)


def test_a_window_that_failed_is_no_alarm() -> None:
    standing = standing_of(WRONG, {3: says(False)}, {})
    assert standing.found == Count(hits=0, of=2)
    assert standing.untouched == Count(hits=0, of=1)


def test_tables_have_a_row_for_each_reading() -> None:
    standing = standing_of(WRONG, {3: says(False)}, {0: says(True, "a", kind="unit change")})
    seen = Seen(
        reading="a reading",
        standings={"elec2": standing, "elec2-shuffled": standing, TWENTY: Standing()},
        seconds=[0.25],
        failed=1,
        environment_bytes=10**8,
    )
    text = as_tables([seen], ["elec2", "elec2-shuffled", TWENTY])
    assert "| a reading | 50 % (15 to 85) of 4 | 100 % (34 to 100) of 2 | 50 % " in text
    assert "| unit change | 2 | 2 |" in text
    assert "| elec2 | 2, 1 | 1, 0 |" in text
    assert "| a reading | 0.250 | 0.250 | 1 | 100 |" in text


def test_a_set_with_a_column_of_time_is_two_worlds(folder: Path) -> None:
    catalogue = json.loads((folder / "catalog.json").read_text(encoding="utf-8"))
    for entry in catalogue["datasets"]:
        entry["time_column"] = "size" if entry["name"] in ("prices", "kinds") else None
    (folder / "catalog.json").write_text(json.dumps(catalogue), encoding="utf-8")
    names = world_names(read_suite(folder, suite="accuracy"))
    assert names == ("prices", "prices-shuffled", TWENTY)
    assert command._chosen("", True, (*names, "bike_hourly")) == [TWENTY, "bike_hourly"]
    with pytest.raises(BriefError, match="no world 'price'"):
        command._chosen("price", False, names)


def test_a_contestant_that_is_not_there_is_named() -> None:
    with pytest.raises(BriefError, match="no contestant"):
        contestants_named(["evidentally"])


def test_twenty_columns_are_the_same_each_time_and_answer_the_target() -> None:
    table = draw_twenty(300, seed=3)
    assert table.equals(draw_twenty(300, seed=3))
    assert len(table.columns) == 21
    assert set(table[TARGET]) == {0, 1}
