"""A contract is checked by a crew: each piece of the table where a worker reads it."""

from collections.abc import Sequence
from pathlib import Path

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew, ask_all
from modelwright.compute.crews.losses import Report
from modelwright.compute.crews.registry import open_crew
from modelwright.data.checks.base import CheckResult
from modelwright.data.checks.parts.pieces import Look, Looking, Room, Rules, look_at
from modelwright.data.checks.parts.source import check_divided
from modelwright.data.contracts.contract import CheckReport, Contract
from modelwright.data.sources.open import open_source

_USUAL = Room()
_ENDLESS_S = 1e6
"""A check has no end of its time: nobody waits for a part of it."""


def check_by_crew(
    address: str,
    contract: Contract,
    *,
    compute: str,
    room: Room = _USUAL,
    report: Report = lambda _: None,
) -> CheckReport:
    """Check files of Parquet against a contract; the report is that of `check_source`.

    A worker that is lost costs the pieces that it was at, which begin again.

    Parameters
    ----------
    address
        A file, a folder or a pattern, which all workers reach by the same path.
    contract
        The rules.
    compute
        Who does the work, as `CrewAddress.parse` reads it.
    room
        What one who looks may hold.
    report
        Told who does it, and what was lost and begun again.

    Raises
    ------
    InputError
        When it is no Parquet, or is one table only as a whole.
    SourceError
        When a file cannot be read.

    Examples
    --------
    >>> import polars as pl
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     pl.DataFrame({"age": [39]}).write_parquet(f"{folder}/people.parquet")
    ...     check_by_crew(
    ...         folder, Contract(id="x", title="people"), compute="here?workers=2"
    ...     ).rows
    1
    """
    # Workers stand in other folders.
    source = open_source(str(Path(address).expanduser().absolute()))
    with open_crew(compute, report=report) as crew:
        return check_divided(source, contract, looking=looking_by(crew), room=room)


def looking_by(crew: Crew) -> Looking:
    """Return what has a crew look at the pieces of a table."""

    def looking(rules: Rules, looks: Sequence[Look]) -> list[tuple[CheckResult, ...]]:
        shared = crew.share(rules)
        return ask_all(crew, _look, shared, looks, budget=Budget.start(_ENDLESS_S))

    return looking


def _look(rules: Rules, look: Look, _: Budget) -> tuple[CheckResult, ...]:
    return look_at(rules, look)
