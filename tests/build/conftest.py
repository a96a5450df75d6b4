"""A small table whose answer follows several columns, planned and explored."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from modelwright.build.candidate import build_candidate
from modelwright.build.material import Material
from modelwright.compute.budget import Budget
from modelwright.data.contracts.rules import contract_from
from modelwright.data.inference.infer import infer_schema
from modelwright.data.odcs.writer import write_contract
from modelwright.data.prepare import prepare
from modelwright.data.splitting.splits import SealedRows, Split, holdout_mask
from modelwright.documents import Findings, Plan, Scheme, TableFacts
from modelwright.tasks.infer import infer_task
from modelwright.workspace.folder import Workspace

MADE_AT = datetime(2026, 1, 2, tzinfo=UTC)


def make_table(count=800, *, strength=2.0, seed=0):
    """Return flights that are late by delay, wind and airline, and by chance."""
    draw = np.random.default_rng(seed)
    delay, wind, error = draw.normal(size=(3, count))
    airline = draw.choice(["LX", "BA", "AF"], size=count)
    minutes = strength * (delay + 0.7 * wind + (airline == "LX")) + error
    return pl.DataFrame(
        {
            "delay": delay,
            "wind": np.round(wind, 2),
            "airline": airline,
            "planned": [MADE_AT + timedelta(hours=4 * hour) for hour in range(count)],
            "late": np.where(minutes > strength / 2, "yes", "no"),
            "minutes": minutes,
        }
    ).with_columns(pl.when(pl.col("wind").abs() < 1.8).then("wind"))


def plan_for(table, target, *, metric, split=None, learners=("linear",), **fields):
    schema = infer_schema(table, target=target)
    given = {
        "question": f"What is {target}?",
        "target": target,
        "table": TableFacts(
            address="flights.csv", rows=table.height, columns=table.width, fingerprint=""
        ),
        "schema": schema,
        "task": infer_task(table[target]),
        "metric": metric,
        "metric_reason": "It was asked for.",
        "split": split or Split(kind="random", seed=0),
        "schemes": (
            Scheme(
                name="quick",
                title="Quick",
                learners=learners,
                reason="",
                expected_s=5.0,
                probe="",
                chosen=True,
            ),
        ),
        "risks": (),
        "gates": (),
        "budget_s": 60.0,
        "seed": 0,
    }
    return Plan(**(given | fields))


class Room:
    """The room with all that it takes: rows, a workspace and findings."""

    def __init__(self, workspace, table, target, **fields):
        self.workspace = workspace
        self.openings = 0
        self.told = []
        plan = plan_for(table, target, **fields)
        frame = prepare(table, plan.schema)
        # A random holdout by rows serves all tasks; only splits by a column are asked otherwise.
        split = plan.split if plan.split.column else Split(kind="random", seed=0)
        held = holdout_mask(frame, split, None)
        self.training = frame.filter(pl.Series(~held))
        self.holdout = frame.filter(pl.Series(held))
        features = plan.schema.select(tuple(column.name for column in plan.schema.features))
        contract = contract_from(self.training, features, title="flights")
        workspace.write_text("contract.yaml", write_contract(contract))
        self.findings = Findings(
            plan=plan,
            schema=plan.schema,
            profile=(),
            leaks=(),
            refused=(),
            problems=(),
            training_rows=self.training.height,
            duplicate_rows=0,
            contract_path="contract.yaml",
        )

    def build(self, *, seconds=60.0, further=None):
        return build_candidate(
            self.findings,
            Material(
                training=self.training,
                holdout=SealedRows(self.holdout, on_open=self._open),
                openings=lambda: self.openings,
                further=further,
            ),
            self.workspace,
            budget=Budget.start(seconds),
            clock=lambda: MADE_AT,
            report=self.told.append,
        )

    def _open(self):
        self.openings += 1


@pytest.fixture
def room_for(tmp_path):
    """Return a function from a table and its target to the room."""
    workspace = Workspace.create(tmp_path / "flights")
    return lambda table, target, **fields: Room(workspace, table, target, **fields)


@pytest.fixture(scope="session")
def flights():
    return make_table()
