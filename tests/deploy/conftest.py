from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import pytest

from example_bundle import BINARY, SCHEMA, make_bundle
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.documents import (
    Candidate,
    Evaluation,
    Gate,
    Importance,
    SliceScore,
    Trial,
)
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.tasks.interval import Interval
from modelwright.workspace.folder import Workspace


def _interval(value: float) -> Interval:
    return Interval(value=value, low=value - 0.1, high=value + 0.1, method="by hand")


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    """A workspace with the draft of a bundle."""
    workspace = Workspace.create(tmp_path / "workspace")
    write_bundle(make_bundle(), workspace.path / "candidate")
    return workspace


@pytest.fixture
def candidate() -> Candidate:
    target = Column(name="left", kind=Kind.CATEGORICAL, role=Role.TARGET)
    return Candidate(
        made_at="2026-01-01T00:00:00+00:00",
        question="Will the customer leave?",
        target="left",
        task=BINARY,
        metric="log_loss",
        schema=Schema(columns=(*SCHEMA.columns, target)),
        baseline="constant",
        trials=(
            Trial(learner="linear", title="Linear", score=0.4, gain=None, seconds=1, weight=1),
        ),
        out_of_fold=_interval(0.4),
        calibration="not needed",
        threshold=0.4,
        threshold_reason="best F1 out of fold",
        evaluation=Evaluation(
            rows=50,
            score=_interval(0.4),
            baseline_score=_interval(0.7),
            gain=_interval(0.3),
            others={"accuracy": _interval(0.8)},
            openings=1,
            slices=(SliceScore(column="job", level="co|ok`<b>", rows=9, score=_interval(0.5)),),
            importances=(Importance(column="age", loss=0.2, low=0.1, high=0.3),),
        ),
        worth_it=True,
        verdict="It is worth it.",
        gates=(Gate(name="better than the baseline", passed=True, evidence="gain 0.3"),),
        program_path="candidate",
        contract_path="contract.yaml",
        training_rows=4,
        seconds=1.0,
        budget_s=10.0,
        seed=0,
    )


@pytest.fixture
def clock() -> Callable[[], datetime]:
    days = count(1)
    return lambda: datetime(2026, 1, next(days), tzinfo=UTC)
