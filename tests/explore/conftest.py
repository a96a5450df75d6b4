"""Tables, plans and cases for the explore room."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.data.inference.infer import infer_schema
from modelwright.data.prepare import prepare
from modelwright.data.splitting.splits import Split
from modelwright.documents import Findings, Plan, TableFacts
from modelwright.explore.findings import make_findings
from modelwright.explore.leaks.base import Case
from modelwright.explore.problems.base import Subject
from modelwright.tasks.infer import infer_task
from modelwright.tasks.metrics import default_metric
from modelwright.workspace.folder import Workspace

MADE_AT = datetime(2026, 1, 2, tzinfo=UTC)


def _plan(table: pl.DataFrame, target: str, **fields: Any) -> Plan:
    schema = infer_schema(table, target=target, roles=fields.pop("roles", {}))
    task = infer_task(table[target], kind=fields.pop("kind", None))
    given = {
        "question": "?",
        "target": target,
        "table": TableFacts(address="t.csv", rows=len(table), columns=1, fingerprint=""),
        "schema": schema,
        "task": task,
        "metric": default_metric(task, table[target])[0].name,
        "metric_reason": "",
        "split": Split(kind="random"),
        "schemes": (),
        "risks": (),
        "gates": (),
        "budget_s": 60.0,
        "seed": 0,
    }
    return Plan(**(given | fields))


@pytest.fixture
def plan_for() -> Callable[..., Plan]:
    """Return a function from a table and its target to a plan."""
    return _plan


@pytest.fixture
def case_for() -> Callable[..., Case]:
    """Return a function from a table and its target to what evidence is given."""

    def make(table: pl.DataFrame, target: str, **fields: Any) -> Case:
        plan = _plan(table, target, **fields)
        return Case.of(plan, prepare(table, plan.schema), plan.schema)

    return make


@pytest.fixture
def explore(tmp_path: Path) -> Callable[..., Findings]:
    """Return a function from a table and its target to findings."""

    def run(
        table: pl.DataFrame,
        target: str,
        *,
        crew: Crew | None = None,
        budget: Budget | None = None,
        **fields: Any,
    ) -> Findings:
        plan = _plan(table, target, **fields)
        return make_findings(
            plan,
            prepare(table, plan.schema),
            Workspace.create(tmp_path / "workspace"),
            crew=crew,
            clock=lambda: MADE_AT,
            budget=budget,
        )

    return run


@pytest.fixture
def subject_for(tmp_path: Path) -> Callable[..., Subject]:
    """Return a function from a table and its target to what problems are looked for in."""

    def make(table: pl.DataFrame, target: str, **fields: Any) -> Subject:
        plan = _plan(table, target, **fields)
        workspace = Workspace.create(tmp_path / "subject")
        return Subject(plan, prepare(table, plan.schema), plan.schema, workspace)

    return make


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator with a fixed seed."""
    return np.random.default_rng(7)
