"""The documents that the rooms hand each other.

::

    Brief ──plan──> Plan ──explore──> Findings ──build──> Candidate ──deploy──> Release
                                                             new rows ──maintain──> Health

Each is frozen, carries the version of its form and is JSON in the workspace, except the brief,
which a person writes as `modelwright.toml`.
"""

from modelwright.documents.base import FORM_VERSION, Document
from modelwright.documents.behaviour import (
    Dependence,
    Disturbance,
    DisturbanceKind,
    Movement,
    Movements,
)
from modelwright.documents.brief import Brief, Deputy, Errand, Tracking, Upkeep
from modelwright.documents.candidate import Candidate, Gate
from modelwright.documents.cause import Cause, CauseKind
from modelwright.documents.evaluation import (
    Curve,
    Evaluation,
    Importance,
    MeasuredCoverage,
    MeasuredQuantile,
    SliceScore,
)
from modelwright.documents.files import (
    DOCUMENTS,
    AnyDocument,
    has_document,
    read_document,
    write_document,
)
from modelwright.documents.findings import ColumnProfile, Findings, Leak, Refusal, Request, Supplied
from modelwright.documents.gameday import FalseAlarm, Gameday, Outcome
from modelwright.documents.health import BrokenRule, ColumnDrift, Health, Record
from modelwright.documents.outlook import Expected, Feasibility, Feasible, Growth, Outlook, Verdict
from modelwright.documents.performance import (
    LiveCosts,
    LossKind,
    LossShare,
    LossSplit,
    PeriodScore,
    ProvingRow,
)
from modelwright.documents.plan import (
    Cost,
    GateRule,
    Plan,
    Risk,
    Scheme,
    TableFacts,
    gravest_first,
)
from modelwright.documents.proposal import Proposal
from modelwright.documents.release import Delivered, Deliveries, Release, Validation
from modelwright.documents.retraining import Retraining, RetrainingPolicy
from modelwright.documents.schedule import (
    Configuration,
    FrontierPoint,
    Schedule,
    ScheduledFit,
    Trial,
)
from modelwright.documents.skew import ColumnSkew, Skew, SkewedRow
from modelwright.documents.streaming import StreamedFit, Streaming

__all__ = [
    "DOCUMENTS",
    "FORM_VERSION",
    "AnyDocument",
    "Brief",
    "BrokenRule",
    "Candidate",
    "Cause",
    "CauseKind",
    "ColumnDrift",
    "ColumnProfile",
    "ColumnSkew",
    "Configuration",
    "Cost",
    "Curve",
    "Delivered",
    "Deliveries",
    "Dependence",
    "Deputy",
    "Disturbance",
    "DisturbanceKind",
    "Document",
    "Errand",
    "Evaluation",
    "Expected",
    "FalseAlarm",
    "Feasibility",
    "Feasible",
    "Findings",
    "FrontierPoint",
    "Gameday",
    "Gate",
    "GateRule",
    "Growth",
    "Health",
    "Importance",
    "Leak",
    "LiveCosts",
    "LossKind",
    "LossShare",
    "LossSplit",
    "MeasuredCoverage",
    "MeasuredQuantile",
    "Movement",
    "Movements",
    "Outcome",
    "Outlook",
    "PeriodScore",
    "Plan",
    "Proposal",
    "ProvingRow",
    "Record",
    "Refusal",
    "Release",
    "Request",
    "Retraining",
    "RetrainingPolicy",
    "Risk",
    "Schedule",
    "ScheduledFit",
    "Scheme",
    "Skew",
    "SkewedRow",
    "SliceScore",
    "StreamedFit",
    "Streaming",
    "Supplied",
    "TableFacts",
    "Tracking",
    "Trial",
    "Upkeep",
    "Validation",
    "Verdict",
    "gravest_first",
    "has_document",
    "read_document",
    "write_document",
]
