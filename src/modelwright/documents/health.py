"""What maintaining hands on."""

from typing import ClassVar, Literal

import msgspec

from modelwright.documents.base import Document
from modelwright.documents.cause import Cause
from modelwright.documents.evaluation import SliceScore
from modelwright.documents.performance import LiveCosts, LossSplit, PeriodScore
from modelwright.documents.proposal import Proposal
from modelwright.documents.skew import Skew
from modelwright.tasks.interval import Interval


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


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger has of a window, beside the rows that were judged.

    Parameters
    ----------
    answers
        How many are logged.
    without_inputs
        Those whose row was not kept, so that nobody can judge it.
    set_aside
        Those in quarantine, which are not judged.
    unlogged
        Answers that clients got and that could not be logged, by any bundle.
    why
        What kept the last of them out.
    """

    answers: int
    without_inputs: int = 0
    set_aside: int = 0
    unlogged: int = 0
    why: str = ""


class Health(Document, frozen=True, kw_only=True):
    """How the model does on live rows, and the one thing to do.

    Parameters
    ----------
    causes
        What explains it where something has to be done, the likeliest first.
    remedies
        What may be done about it, tested on the past, the worthiest first; empty where nobody asked
        for it.
    record
        What the ledger has of the window; None where rows were given.
    estimated
        The score without labels; None where it cannot be estimated.
    estimate
        What the estimate rests on, or why there is none.
    periods
        Parts of the rows in the order of time, the oldest first.
    slices
        Named subsets of the labelled rows, the worst first.
    costs
        In money, where the brief states costs.
    skew
        What the server saw beside what a table says; None where nobody gave one.
    split
        Where something has to be done: how the change of the loss is split into causes.
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
    record: Record | None = None
    estimated: Interval | None = None
    estimate: str = ""
    periods: tuple[PeriodScore, ...] = ()
    slices: tuple[SliceScore, ...] = ()
    costs: LiveCosts | None = None
    split: LossSplit | None = None
    skew: Skew | None = None
