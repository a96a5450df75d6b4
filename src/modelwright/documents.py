"""The documents that the rooms hand each other.

::

    Brief ──plan──> Plan ──explore──> Findings ──build──> Candidate ──deploy──> Release
                                                             new rows ──maintain──> Health

Each is frozen, carries the version of its form and is JSON in the workspace, except the brief,
which a person writes as `modelwright.toml`.
"""

from typing import Any, ClassVar, Literal, TypeVar

import msgspec

from modelwright.compute.limits import NO_LIMITS, Limits
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.relation import Relation
from modelwright.data.relations.table import RelatedSource
from modelwright.data.schema import Schema
from modelwright.data.splits import Split
from modelwright.errors import WorkspaceError
from modelwright.tasks.costs import Costs
from modelwright.tasks.interval import Interval
from modelwright.tasks.task import Label, Task
from modelwright.workspace.folder import Workspace
from modelwright.workspace.rollout_policy import RolloutPolicy

FORM_VERSION = 1


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What every document has."""

    file_name: ClassVar[str]

    made_at: str = ""
    """When it was written: ISO 8601, UTC."""
    made_from: str = ""
    """Hash of what it was made from: it is made again when that changes."""
    form_version: int = FORM_VERSION


# --- what a person asks ---------------------------------------------------------------------


class Upkeep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be done to the released model without asking.

    Parameters
    ----------
    may
        Names of remedies that may act alone, when the past speaks for them with confidence.
    """

    may: tuple[str, ...] = ()


Errand = Literal[
    "ask", "plan", "explore", "build", "deploy", "maintain", "explain", "predict", "roll back"
]


class Deputy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an agent may do without a person.

    Parameters
    ----------
    may
        Names of errands; a person is asked before any other is done.
    """

    may: tuple[Errand, ...] = (
        "ask",
        "plan",
        "explore",
        "build",
        "maintain",
        "explain",
        "predict",
    )


class Brief(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the person asks: the question, the data, the limits.

    Parameters
    ----------
    data
        A file, folder, glob or database URL.
    target
        The column to predict.
    table, query
        Which rows of a database.
    sample
        About how many of the rows at most, drawn at random; 0 for all.
    memory
        What the rooms may take, such as ``"2GB"``; of a table that does not fit, as many rows are
        drawn at random as do.
    question
        The question in the person's words, for reports.
    task, metric, positive
        Override what is inferred.
    time, group, weight
        Columns with a role of their own.
    moment
        The column that holds the moment at which the prediction is made; a moment in another
        column that lies after it was not known then.
    holdout_from
        Rows from this moment or number (of `time`) on are the holdout.
    exclude
        Columns never to use.
    keep
        Columns to use although they look like leaks.
    kinds, roles
        Override the inferred kind or role by column.
    costs
        What each kind of mistake costs, for the threshold.
    goal
        The score that is good enough, such as ``"roc_auc >= 0.85"``.
    budget_s
        Wall time for everything, in seconds.
    seed
        The same seed and data give the same model, if the budget cut nothing short.
    max_latency, max_size, max_memory
        What the host allows the model to take for a row, on disk and when it is loaded, such as
        ``"5ms"`` and ``"10MB"``.
    related
        Related tables by the name that their features shall have.
    messages
        Who is told of alarms: channels by name.
    maintain
        What may be done to the released model without asking; it changes no answer of the rooms
        before.
    agent
        What an agent may do without a person.
    rollout
        What may happen to champion and challenger without asking.
    """

    data: str
    target: str
    table: str = ""
    query: str = ""
    sample: int = 0
    memory: str | float = ""
    question: str = ""
    task: str = ""
    metric: str = ""
    positive: Label | None = None
    time: str = ""
    group: str = ""
    weight: str = ""
    moment: str = ""
    holdout_from: str = ""
    exclude: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    kinds: dict[str, str] = {}
    roles: dict[str, str] = {}
    costs: Costs | None = None
    goal: str = ""
    budget_s: float = 300.0
    seed: int = 0
    max_latency: str | float = ""
    max_size: str | float = ""
    max_memory: str | float = ""
    related: dict[str, RelatedSource] = {}
    messages: dict[str, dict[str, Any]] = {}
    maintain: Upkeep = Upkeep()
    agent: Deputy = Deputy()
    rollout: RolloutPolicy = RolloutPolicy()


# --- plan -----------------------------------------------------------------------------------


class Risk(msgspec.Struct, frozen=True, kw_only=True):
    """Something that may spoil the model, with its evidence."""

    name: str
    sentence: str
    columns: tuple[str, ...] = ()
    severity: Literal["note", "warning", "serious"] = "note"


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
    """

    name: str
    title: str
    learners: tuple[str, ...]
    reason: str
    expected_s: float
    probe: str
    expected_score: float | None = None
    chosen: bool = False


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
    runs, own_runs
        From how many past runs, and how many of them were the person's own.
    """

    seconds: Interval
    memory_bytes: Interval
    size_bytes: Interval
    runs: int
    own_runs: int


class GateRule(msgspec.Struct, frozen=True, kw_only=True):
    """A condition of release."""

    name: str
    condition: str


class TableFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the table was when it was planned."""

    address: str
    rows: int
    columns: int
    fingerprint: str
    facts: tuple[str, ...] = ()


class Plan(Document, frozen=True, kw_only=True):
    """How the question will be answered and how the answer will be judged."""

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
    related: dict[str, TableFacts] = {}
    cost: Cost | None = None

    @property
    def scheme(self) -> Scheme:
        """The scheme chosen."""
        return next(scheme for scheme in self.schemes if scheme.chosen)


# --- explore --------------------------------------------------------------------------------


class ColumnProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What one column holds in the training rows.

    Parameters
    ----------
    missing
        Fraction of rows.
    distinct
        Number of different values.
    low, middle, high
        1st, 50th and 99th percentile of a number.
    levels
        The commonest levels with their fraction of rows, at most ten.
    association
        How well the column alone tells the target: 0 not at all, 1 wholly.
    """

    name: str
    kind: str
    missing: float
    distinct: int
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    levels: tuple[tuple[str, float], ...] = ()
    association: float | None = None


class Leak(msgspec.Struct, frozen=True, kw_only=True):
    """A column, or several together, that knows the answer.

    Parameters
    ----------
    verdict
        ``"certain"`` columns are dropped; ``"suspicious"`` ones are kept and reported.
    evidence
        What was measured, as a sentence.
    """

    columns: tuple[str, ...]
    verdict: Literal["certain", "suspicious"]
    evidence: str


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A column that the model does not read, with the reason."""

    column: str
    reason: str


Verdict = Literal["worth it", "unclear", "not worth it"]
Feasible = Literal["expected", "possible", "with more rows", "not with these columns"]


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """The score that is expected of a model.

    Parameters
    ----------
    rows
        From how many it learns.
    score
        In the plan's metric.
    """

    name: str
    title: str
    rows: int
    score: Interval


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """What more rows are expected to bring.

    Parameters
    ----------
    rows
        To learn from.
    score
        Foreseen with them.
    gain
        By how much it is better than with the rows that there are.
    """

    rows: int
    score: Interval
    gain: Interval


class Feasibility(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a goal can be reached, and what is missing."""

    goal: str
    verdict: Feasible
    sentence: str


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What a model is worth, foreseen by quick ones before it is built.

    Parameters
    ----------
    expected
        Models from the simplest on, the build itself last.
    gain
        Of a quick model over the best simple answer, on the same rows.
    verdict
        Whether a model is worth its while.
    measured
        The learning curve of the quick model: rows and score.
    growth
        What more rows would bring.
    feasibility
        Of the goal; None where none was set.
    """

    expected: tuple[Expected, ...]
    gain: Interval
    verdict: Verdict
    sentence: str
    measured: tuple[tuple[int, float], ...] = ()
    growth: tuple[Growth, ...] = ()
    feasibility: Feasibility | None = None


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Features that belong together, for the engineers who supply the data.

    Parameters
    ----------
    name
        The relation and the column that they are made of.
    features
        Their names.
    meaning
        What they are, as phrases.
    sql
        The query that computes them, for DuckDB.
    gain
        By how much the metric is better with them than without; None where it was not measured.
        Its level is corrected for the number of proposals tried.
    kept
        Whether they are built into the model.
    reason
        Why, as a sentence.
    cost
        What one row costs at serving time: related rows read.
    freshness
        How recent the related rows must be.
    """

    name: str
    features: tuple[str, ...]
    meaning: tuple[str, ...]
    sql: str
    gain: Interval | None
    kept: bool
    reason: str
    cost: str
    freshness: str


class Supplied(msgspec.Struct, frozen=True, kw_only=True):
    """What a table or column that is supplied is worth.

    Parameters
    ----------
    table
        The related table's name; empty for the question's own.
    columns
        Which columns were taken away together.
    gain
        By how much the metric is better with them than without; None where it was not measured.
    pays
        Whether that is above zero with confidence.
    """

    table: str
    columns: tuple[str, ...]
    gain: Interval | None
    pays: bool


class Findings(Document, frozen=True, kw_only=True):
    """What the data holds and what of it may be used.

    Parameters
    ----------
    relations
        Every relation that was found.
    unrelated
        Why other related tables, or single features, are not used.
    features
        Those that are built into the model, with the relations that they read.
    requests
        For the engineers who supply the data, the worthiest first.
    supplied
        The worth of what is already supplied, the least worthy last.
    """

    file_name: ClassVar[str] = "findings.json"

    plan: Plan
    schema: Schema
    profile: tuple[ColumnProfile, ...]
    leaks: tuple[Leak, ...]
    refused: tuple[Refusal, ...]
    problems: tuple[Risk, ...]
    training_rows: int
    duplicate_rows: int
    contract_path: str
    outlook: Outlook | None = None
    relations: tuple[Relation, ...] = ()
    unrelated: tuple[str, ...] = ()
    features: FeatureSet = FeatureSet()
    requests: tuple[Request, ...] = ()
    supplied: tuple[Supplied, ...] = ()


# --- build ----------------------------------------------------------------------------------


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One learner's result on out-of-fold predictions.

    Parameters
    ----------
    gain
        Paired gain over the baseline, positive where better.
    weight
        Its share of the final blend; 0 where it is not in it.
    rounds
        Boosting rounds or trees fixed for learning from all rows: with them the work is replayed.
    cut_short
        Whether the budget ended its work early.
    failure
        Why it has no score; empty where it has one.
    """

    learner: str
    title: str
    score: float | None
    gain: Interval | None
    seconds: float
    weight: float = 0.0
    rounds: int | None = None
    cut_short: bool = False
    failure: str = ""


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """A learner with its parameters, as it was tried.

    Parameters
    ----------
    name
        Of the configuration.
    learner
        The learner that it is one of.
    settings
        Its parameters by name.
    aim
        What it aims at where a number is predicted: the loss, the scale and the way back.
    """

    name: str
    learner: str
    settings: dict[str, str | int | float | bool | None] = {}
    aim: dict[str, Any] | None = None


class ScheduledFit(msgspec.Struct, frozen=True, kw_only=True):
    """One fit as it ended.

    Parameters
    ----------
    name
        The configuration's.
    fold
        Number of the fold; null where it learned from all rows.
    rounds
        Boosting rounds, trees or epochs; 0 where there are none. They say all about what the clock
        did.
    repeat
        Added to the seed.
    """

    name: str
    fold: int | None
    rounds: int
    seconds: float
    cut_short: bool = False
    repeat: int = 0


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """What a build did, in the order in which it ended: enough to do the same again.

    Parameters
    ----------
    configurations
        Everything that was tried.
    fits
        All that ended well.
    folds
        Numbers of the folds on which configurations were compared.
    weights
        Shares of the blend by the configuration's name.
    cores
        How many fits ran side by side.
    """

    configurations: tuple[Configuration, ...] = ()
    fits: tuple[ScheduledFit, ...] = ()
    folds: tuple[int, ...] = ()
    weights: dict[str, float] = {}
    cores: int = 1


class FrontierPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A blend that is worth its cost: no smaller one is as good.

    Parameters
    ----------
    members
        Titles of its members with their weights.
    score
        On out-of-fold predictions; null where the metric has none.
    latency_s
        Seconds to answer one row, the sum of its members'.
    size_bytes
        Of the program on disk.
    allowed
        Whether the host's limits allow it.
    chosen
        Whether it is what was built.
    """

    members: dict[str, float]
    score: float | None
    latency_s: float
    size_bytes: int
    allowed: bool
    chosen: bool


class SliceScore(msgspec.Struct, frozen=True, kw_only=True):
    """The holdout's score on a named subset."""

    column: str
    level: str
    rows: int
    score: Interval


class Importance(msgspec.Struct, frozen=True, kw_only=True):
    """How much the holdout's score loses when a column is shuffled, with the spread of repeats."""

    column: str
    loss: float
    low: float
    high: float


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """Points of a picture: its name is roc, precision_recall, calibration or residuals."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


class MeasuredCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """How often ranges of numbers or sets of classes held the truth on the holdout.

    Parameters
    ----------
    level
        How often they should, as stated.
    share
        How often they did.
    size
        The mean width of the ranges, or the mean number of classes in the sets.
    """

    level: float
    share: Interval
    size: float


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What the program does on rows that it has never seen.

    Parameters
    ----------
    score, baseline_score
        The plan's metric with its interval.
    gain
        Paired gain over the baseline.
    others
        Further metrics.
    openings
        How often this holdout has been opened, this time included.
    warned, warned_right
        Binary tasks: rows at or above the threshold, and how many of them are positive.
    positives
        Binary tasks: positive rows.
    coverage
        Whether ranges or sets held the truth, by rising level; empty where none are stated.
    """

    rows: int
    score: Interval
    baseline_score: Interval
    gain: Interval
    others: dict[str, Interval]
    openings: int
    slices: tuple[SliceScore, ...] = ()
    importances: tuple[Importance, ...] = ()
    curves: tuple[Curve, ...] = ()
    warned: int = 0
    warned_right: int = 0
    positives: int = 0
    coverage: tuple[MeasuredCoverage, ...] = ()


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """A yes or no with its evidence."""

    name: str
    passed: bool
    evidence: str


class Candidate(Document, frozen=True, kw_only=True):
    """A model that was built and judged, not yet released.

    Parameters
    ----------
    program_path
        Folder in the workspace that holds the program, the reference and the recorded cases.
    out_of_fold
        The blend's score on out-of-fold predictions.
    worth_it
        Whether machine learning gains over the baseline with confidence.
    verdict
        The answer in a sentence.
    schedule
        What was done, so that it can be done again.
    bundle_hash
        Fingerprint of the folder that holds the program.
    frontier
        Blends that were worth their cost, the smallest first.
    latency_s, size_bytes, memory_bytes
        What the program takes here: for one row, on disk, and when it is loaded.
    peak_bytes
        The most memory that the process held until then; 0 where nobody could say.
    limits
        What its host allows.
    """

    file_name: ClassVar[str] = "candidate.json"

    question: str
    target: str
    task: Task
    metric: str
    schema: Schema
    baseline: str
    trials: tuple[Trial, ...]
    out_of_fold: Interval
    calibration: str
    threshold: float | None
    threshold_reason: str
    evaluation: Evaluation
    worth_it: bool
    verdict: str
    gates: tuple[Gate, ...]
    program_path: str
    contract_path: str
    training_rows: int
    seconds: float
    budget_s: float
    seed: int
    schedule: Schedule = Schedule()
    bundle_hash: str = ""
    frontier: tuple[FrontierPoint, ...] = ()
    latency_s: float = 0.0
    size_bytes: int = 0
    memory_bytes: int = 0
    peak_bytes: int = 0
    limits: Limits = NO_LIMITS

    @property
    def passed(self) -> bool:
        """Whether every gate is green."""
        return all(gate.passed for gate in self.gates)


# --- deploy ---------------------------------------------------------------------------------


class Release(Document, frozen=True, kw_only=True):
    """A bundle that passed its acceptance tests, or the reason why there is none."""

    file_name: ClassVar[str] = "release.json"

    target: str
    task: Task
    metric: str
    released: bool
    gates: tuple[Gate, ...]
    bundle_path: str = ""
    bundle_hash: str = ""
    bundle_bytes: int = 0
    row_latency_s: float | None = None
    previous_hash: str = ""
    holdout_score: Interval | None = None


class Validation(msgspec.Struct, frozen=True, kw_only=False):
    """What one validator says about a folder.

    Parameters
    ----------
    name
        What ought to be so.
    passed
        Whether it is; None when it was not checked, and then `evidence` says what to install.
    evidence
        What was seen.
    """

    name: str
    passed: bool | None
    evidence: str


class Delivered(msgspec.Struct, frozen=True):
    """A bundle written as a folder for a host or a language.

    Parameters
    ----------
    target
        Its name.
    sentence
        What it is.
    folder
        Where it is.
    bundle_hash
        Of the bundle inside.
    validations
        What its validators said.
    """

    target: str
    sentence: str
    folder: str
    bundle_hash: str
    validations: tuple[Validation, ...]

    @property
    def passed(self) -> bool:
        """Whether no validator found a fault; what was not checked is no fault."""
        return all(each.passed is not False for each in self.validations)


class Deliveries(Document, frozen=True, kw_only=True):
    """Where the releases of a workspace were taken, the last one of each target and bundle."""

    file_name: ClassVar[str] = "deliveries.json"

    delivered: tuple[Delivered, ...]

    def and_then(self, done: tuple[Delivered, ...]) -> tuple[Delivered, ...]:
        """Return what is delivered when some more is."""
        new = {(each.target, each.bundle_hash) for each in done}
        kept = (each for each in self.delivered if (each.target, each.bundle_hash) not in new)
        return (*kept, *done)


# --- maintain -------------------------------------------------------------------------------


class ColumnDrift(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a column, or the predictions, changed against the reference.

    Parameters
    ----------
    distance
        Jensen-Shannon distance of the binned distributions: 0 the same, 1 disjoint.
    p_value
        After correction for the number of columns.
    """

    column: str
    distance: float
    p_value: float
    verdict: Literal["steady", "note", "alarm"]
    sentence: str


class BrokenRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of the contract that live rows break."""

    rule: str
    column: str
    sentence: str


CauseKind = Literal[
    "missing values",
    "unit change",
    "swapped columns",
    "stuck values",
    "new categories",
    "renamed categories",
    "repeated rows",
    "shifted clock",
    "late labels",
    "broken rule",
    "covariate drift",
    "concept drift",
    "probabilities off",
]
"""What may be the cause of an alarm."""


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """What explains an alarm, with its evidence.

    Parameters
    ----------
    columns
        The columns at fault; empty where rows, labels or answers are.
    sentence
        The evidence.
    """

    kind: CauseKind
    columns: tuple[str, ...] = ()
    sentence: str


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A remedy that was tested on past windows: fitted on the rows before, scored on those after.

    Parameters
    ----------
    remedy, option
        Its name, and which of its ways.
    sentence
        What it does.
    columns
        Those that are read otherwise.
    saves
        The part of the loss that it spared: 0.2 is a fifth. Its level is corrected for the number
        of remedies. None where too few labels are known.
    gain
        By how much the metric was better; None where it judges something else.
    worst
        The least part that a window was spared; below zero it got worse.
    undone
        The part by which the loss of rows before the trouble would be larger, should they come
        again; None where there are none.
    windows, rows
        On which it was judged.
    seconds
        That the test took, all learning included.
    bundle_path, bundle_hash
        What would ship; empty where nothing does.
    alone
        Whether the policy lets it act without being asked.
    command
        That applies it; empty where nothing can.
    """

    remedy: str
    sentence: str
    option: str = ""
    columns: tuple[str, ...] = ()
    saves: Interval | None = None
    gain: Interval | None = None
    worst: float | None = None
    undone: float | None = None
    windows: int = 0
    rows: int = 0
    seconds: float = 0.0
    bundle_path: str = ""
    bundle_hash: str = ""
    alone: bool = False
    command: str = ""

    @property
    def helps(self) -> bool:
        """Whether it spares loss with confidence."""
        return self.saves is not None and self.saves.low > 0


class Health(Document, frozen=True, kw_only=True):
    """How the model does on live rows, and the one thing to do.

    Parameters
    ----------
    causes
        What explains it where something has to be done, the likeliest first.
    remedies
        What may be done about it, tested on the past, the worthiest first; empty where nobody asked
        for it.
    """

    file_name: ClassVar[str] = "health.json"

    bundle_hash: str
    target: str
    metric: str
    since: str
    until: str
    rows: int
    labelled: int
    contract_passed: bool
    broken_rules: tuple[BrokenRule, ...]
    drift: tuple[ColumnDrift, ...]
    false_alarm_rate: float
    realised: Interval | None
    expected: Interval | None
    healthy: bool
    action: Literal[
        "keep", "wait for labels", "fix input", "recalibrate", "retrain", "call a person"
    ]
    sentence: str
    causes: tuple[Cause, ...] = ()
    remedies: tuple[Proposal, ...] = ()


class RetrainingPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A way to learn again and again, as it would have gone.

    Parameters
    ----------
    every
        Windows from one time to the next.
    span
        What is learned from.
    times
        How often it learned.
    saves
        The part of the loss that it spared against never learning again; the level is corrected
        for the number of policies.
    seconds
        Of learning, all together.
    losses
        The mean loss of each window.
    recommended
        Whether it is the one to take.
    """

    every: int
    span: str
    times: int
    saves: Interval
    seconds: float
    losses: tuple[float, ...] = ()
    recommended: bool = False


class Retraining(Document, frozen=True, kw_only=True):
    """How often the model should learn again, and from what, by a backtest.

    Parameters
    ----------
    window_rows, windows, rows
        The past that it was tried on.
    usual
        The mean loss of each window without learning again.
    policies
        Each against never.
    sentence
        What to do.
    """

    file_name: ClassVar[str] = "retraining.json"

    bundle_hash: str
    target: str
    metric: str
    window_rows: int
    windows: int
    rows: int
    usual: tuple[float, ...]
    policies: tuple[RetrainingPolicy, ...]
    sentence: str

    @property
    def recommended(self) -> RetrainingPolicy | None:
        """The policy to take; None where none gains with confidence."""
        return next((each for each in self.policies if each.recommended), None)


# --- in and out -----------------------------------------------------------------------------

DOCUMENTS: dict[str, type[Document]] = {
    kind.file_name.removesuffix(".json"): kind
    for kind in (Plan, Findings, Candidate, Release, Health)
}
"""Every document by the name that people call it, in the order in which they are made."""

AnyDocument = TypeVar("AnyDocument", bound=Document)


def write_document(document: Document, workspace: Workspace) -> None:
    """Write a document into the workspace, whole or not at all."""
    text = msgspec.json.format(msgspec.json.encode(document), indent=2)
    workspace.write_bytes(document.file_name, text + b"\n")


def read_document(kind: type[AnyDocument], workspace: Workspace) -> AnyDocument:
    """Read a document of the workspace.

    Raises
    ------
    WorkspaceError
        When it is not there, damaged, or of another version.
    """
    room = kind.file_name.removesuffix(".json")
    if not workspace.has(kind.file_name):
        raise WorkspaceError(
            f"{workspace.path} has no {kind.file_name} yet.", f"Make the {room} first."
        )
    try:
        document = msgspec.json.decode(workspace.read_bytes(kind.file_name), type=kind)
    except msgspec.DecodeError as error:
        raise WorkspaceError(
            f"{workspace.path / kind.file_name} cannot be read: {error}.", f"Make the {room} again."
        ) from error
    if document.form_version != FORM_VERSION:
        raise WorkspaceError(
            f"{kind.file_name} is of version {document.form_version}, expected {FORM_VERSION}.",
            f"Make the {room} again.",
        )
    return document


def has_document(kind: type[Document], workspace: Workspace) -> bool:
    """Say whether a document was written."""
    return workspace.has(kind.file_name)
