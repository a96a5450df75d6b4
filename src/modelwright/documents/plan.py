"""What planning hands on."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, ClassVar, Literal

import msgspec

from modelwright.compute.limits import NO_LIMITS, Limits
from modelwright.data.schema import Schema
from modelwright.data.splitting.splits import Split
from modelwright.documents.base import Document
from modelwright.tasks.costs import Costs
from modelwright.tasks.interval import Interval
from modelwright.tasks.task import Task

if TYPE_CHECKING:
    from modelwright.data.relations.home import Home
    from modelwright.tasks.metric import Metric


_SEVERITIES = ("note", "warning", "serious")


class Risk(msgspec.Struct, frozen=True, kw_only=True):
    """Something that may spoil the model, with its evidence."""

    name: str
    sentence: str
    columns: tuple[str, ...] = ()
    severity: Literal["note", "warning", "serious"] = "note"


def gravest_first(risks: Iterable[Risk]) -> tuple[Risk, ...]:
    """Return risks in the order of their severity, and of one severity as they came.

    Of a long list readers see the beginning.

    Examples
    --------
    >>> told = gravest_first(
    ...     [
    ...         Risk(name="few rows", sentence="300 rows."),
    ...         Risk(name="personal data", sentence="Names.", severity="warning"),
    ...     ]
    ... )
    >>> [risk.name for risk in told]
    ['personal data', 'few rows']
    """
    return tuple(sorted(risks, key=lambda risk: -_SEVERITIES.index(risk.severity)))


ADOPTED = "adopted"
"""The scheme of a model that was trained elsewhere: nothing is learned."""


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """One way to solve the task.

    Parameters
    ----------
    learners
        Names of learners, in the order in which they are tried.
    expected_s
        Seconds of wall time that the whole scheme is expected to take.
    probe
        What was measured to expect so, as a sentence.
    expected_score
        What a probe on a small sample scored, in the plan's metric; rough.
    memory_bytes, size_bytes
        The most that the process is expected to hold, and of the program on disk; 0 where unknown.
    """

    name: str
    title: str
    learners: tuple[str, ...]
    reason: str
    expected_s: float
    probe: str
    expected_score: float | None = None
    chosen: bool = False
    memory_bytes: float = 0.0
    size_bytes: float = 0.0


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What a whole run is foreseen to take.

    Parameters
    ----------
    seconds
        Until the candidate is judged.
    memory_bytes
        The most that the process holds.
    size_bytes
        Of the program on disk.
    bundle_bytes
        Of the folder that is served: the program, and what lies beside it. None in older plans.
    runs, own_runs
        From how many past runs, and how many of them were the person's own.
    """

    seconds: Interval
    memory_bytes: Interval
    size_bytes: Interval
    runs: int
    own_runs: int
    bundle_bytes: Interval | None = None


class GateRule(msgspec.Struct, frozen=True, kw_only=True):
    """A condition of release."""

    name: str
    condition: str


class TableFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the table was when it was planned.

    Parameters
    ----------
    database, table, query
        Of what kind its database is, and which rows of it were read; empty for a file.
    key
        The primary key that the database declares.
    decimal_commas
        Whether commas in its numbers were read as points.
    lines_around
        Whether titles above the names or totals below the rows were left out.
    encoding
        Of its text, as Python calls it.
    """

    address: str
    rows: int
    columns: int
    fingerprint: str
    facts: tuple[str, ...] = ()
    database: str = ""
    table: str = ""
    query: str = ""
    key: tuple[str, ...] = ()
    decimal_commas: bool = False
    lines_around: bool = False
    encoding: str = "utf-8"


class Plan(Document, frozen=True, kw_only=True):
    """How the question will be answered and how the answer will be judged.

    Parameters
    ----------
    cases_a_day
        How many rows happened in a day; None where nothing tells.
    score_s
        Seconds that the person's own metric took to score all rows; 0 for others. Kept, so that a
        replay asks it as often.
    """

    file_name: ClassVar[str] = "plan.json"

    question: str
    target: str
    table: TableFacts
    schema: Schema
    task: Task
    metric: str
    metric_reason: str
    split: Split
    schemes: tuple[Scheme, ...]
    risks: tuple[Risk, ...]
    gates: tuple[GateRule, ...]
    budget_s: float
    seed: int
    moment: str = ""
    exclude: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    costs: Costs | None = None
    limits: Limits = NO_LIMITS
    goal: str = ""
    cases_a_day: float | None = None
    related: dict[str, TableFacts] = msgspec.field(default_factory=dict)
    cost: Cost | None = None
    score_s: float = 0.0

    def metric_in(self, folder: Path) -> "Metric":
        """Return the metric, which is asked as often as the time allows.

        Parameters
        ----------
        folder
            Where a person's own function lies.

        Raises
        ------
        BriefError
            There is no such metric.
        """
        # The server reads plans and judges nothing.
        from modelwright.tasks.metrics import metric_named
        from modelwright.tasks.price import affordable

        metric = metric_named(self.metric, self.task, folder=folder)
        return affordable(metric, self.score_s, budget_s=self.budget_s)

    @property
    def home(self) -> "Home":
        """What its table and the related ones are called where they are."""
        # Who writes SQL needs the dialects of databases; the server reads plans without them.
        from modelwright.data.relations.home import Home

        own, others = self.table, self.related
        stem = PurePosixPath(own.address.split("?")[0]).stem or "rows"
        main = own.table or ("asked_rows" if own.query else stem)
        queries = {main: own.query} | {name: each.query for name, each in others.items()}
        return Home(
            main,
            own.database,
            {name: each.table for name, each in others.items() if each.table},
            {name: query for name, query in queries.items() if query},
        )

    @property
    def scheme(self) -> Scheme:
        """The scheme chosen."""
        return next(scheme for scheme in self.schemes if scheme.chosen)

    @property
    def is_widest(self) -> bool:
        """Whether the widest scheme is chosen, as every plan does; a person may choose another."""
        return not self.schemes or self.schemes[-1].chosen

    @property
    def foreseen(self) -> Cost | None:
        """The cost, where it is that of the scheme chosen: past runs tell of the widest only."""
        return self.cost if self.is_widest else None

    @property
    def adopts(self) -> bool:
        """Whether the model is there already, so that nothing learns, quick models neither."""
        return any(scheme.chosen and scheme.name == ADOPTED for scheme in self.schemes)
