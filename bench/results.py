"""Results: one line for each finished job, so that a run that was cut short goes on."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from modelwright.errors import SourceError


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """What a result holds for; the same conditions are not measured twice.

    Parameters
    ----------
    contestant, contest
        Names.
    budget_s, seed, rows
        As asked for; rows is the cap on training rows.
    data, environment
        Fingerprints of the rows and of what was installed.
    machine
        The processor's name and the cores used.
    """

    contestant: str
    contest: str
    budget_s: float
    seed: int
    rows: int | None
    data: str
    environment: str
    machine: str


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured of a contestant that learned and answered.

    Parameters
    ----------
    score
        On the test, by the metric of the contest.
    fit_s
        The call that learns, as the process saw it.
    build_s
        From the start of the process until the model was saved.
    learn_bytes, serve_bytes
        The most memory while learning, with all child processes; and when it answers single rows.
    load_s, cold_s
        Loading the model; from the start of the process to the first answer.
    latency_ms
        By the way a row takes, its ``p50`` and ``p95``.
    rows_refused
        Of 100 single rows, those that it could not answer.
    rows_per_s
        Of 10,000 rows together.
    artifact_bytes, environment_bytes
        On disk.
    """

    score: float
    fit_s: float
    build_s: float
    learn_bytes: int
    serve_bytes: int
    load_s: float
    cold_s: float
    latency_ms: dict[str, dict[str, float]]
    rows_refused: int
    rows_per_s: float
    artifact_bytes: int
    environment_bytes: int


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A finished job.

    Parameters
    ----------
    figures
        None where it failed.
    failure
        Why, in a line; empty where all went well.
    task, metric
        The kind of task and the name of its metric.
    made_at
        UTC, ISO 8601.
    """

    conditions: Conditions
    task: str
    metric: str
    made_at: str
    figures: Figures | None = None
    failure: str = ""


def read_results(path: Path) -> dict[Conditions, Result]:
    """Return the newest result for each set of conditions; none where the file is not there yet.

    Raises
    ------
    SourceError
        A line is no result.
    """
    if not path.exists():
        return {}
    try:
        lines = path.read_bytes().splitlines()
        results = [msgspec.json.decode(line, type=Result) for line in lines if line]
    except msgspec.DecodeError as error:
        raise SourceError(f"{path} has a line that is no result: {error}.", "Mend it.") from error
    return {result.conditions: result for result in results}


def append_result(path: Path, result: Result) -> None:
    """Add one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(msgspec.json.encode(result) + b"\n")


def of_budget(results: Iterable[Result], budget_s: float) -> list[Result]:
    """Return the results of one budget."""
    return [result for result in results if result.conditions.budget_s == budget_s]
