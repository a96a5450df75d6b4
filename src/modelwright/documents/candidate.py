"""What building hands on."""

from typing import ClassVar

import msgspec

from modelwright.compute.limits import NO_LIMITS, Limits
from modelwright.data.schema import Schema
from modelwright.documents.base import Document
from modelwright.documents.evaluation import Evaluation
from modelwright.documents.schedule import FrontierPoint, Schedule, Trial
from modelwright.documents.streaming import Streaming
from modelwright.tasks.interval import Interval
from modelwright.tasks.task import Task

BASELINES = ("constant", "rule")
"""Learners of the simple thing to beat."""


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
    trend
        What the target rises by with time, and why it is believed, in words; empty where it has no
        trend.
    trend_until
        The day until which the trend is carried on, ISO 8601; empty where there is none.
    streaming
        What was done with rows that memory does not hold; None where there are none.
    class_weights
        Of several classes, what each probability is multiplied by before the greatest is answered;
        none where the likeliest is.
    environment
        Python, the machine and the versions of libraries that it was built with.
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
    trend: str = ""
    trend_until: str = ""
    streaming: Streaming | None = None
    class_weights: tuple[float, ...] = ()
    environment: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def is_baseline(self) -> bool:
        """Whether no learner came to an end, so that the simple thing to beat is the model."""
        return any(trial.weight and trial.learner in BASELINES for trial in self.trials)

    @property
    def passed(self) -> bool:
        """Whether every gate is green."""
        return all(gate.passed for gate in self.gates)
