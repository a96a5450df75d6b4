"""A model that is there in seconds: LightGBM on a table as it is, for drills of what watches it."""

from datetime import UTC, datetime

import numpy as np
import polars as pl

from bench.suite import TARGET
from modelwright.compute.budget import Budget
from modelwright.data.conform import columns_of, conform
from modelwright.data.contracts.rules import contract_from
from modelwright.data.inference.infer import infer_schema
from modelwright.data.odcs.writer import write_contract
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.predictor.bundle import Bundle, Facts
from modelwright.predictor.program import Program
from modelwright.predictor.reference.reference import reference_of
from modelwright.tasks.task import Task

_CHECKED = 0.2
"""The last part of the rows, which says how many rounds are enough."""
_LEAVES, _RATE = 15, 0.1


def learn_quickly(train: pl.DataFrame, task: Task, *, target: str, metric: str) -> Bundle:
    """Let a small model learn, and bundle it with what a watch needs to know of its training.

    Parameters
    ----------
    train
        Features, and `TARGET` as codes or numbers, none missing.
    task
        What is predicted.
    target, metric
        Names, for the bundle.
    """
    frame = train.drop(TARGET)
    schema = infer_schema(frame)
    schema = schema.select(tuple(column.name for column in schema.features))
    conformed = conform(frame, schema)
    columns = columns_of(conformed, schema)
    rows = Rows(schema, columns, train[TARGET].to_numpy(), task, forward=True)
    program = _fit(rows)
    return Bundle(
        program=program,
        schema=schema,
        contract_text=write_contract(contract_from(conformed, schema, title=target)),
        reference=reference_of(columns, schema, program.run(columns), task),
        cases=(),
        facts=Facts(
            question=f"What will {target} be?",
            target=target,
            metric=metric,
            training_rows=len(train),
            threshold=0.5 if task.kind == "binary" else None,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        ),
        card_text=f"# {target}\n",
    )


def _fit(rows: Rows) -> Program:
    learner, cut = LightGBM(leaves=_LEAVES, rate=_RATE), int((1 - _CHECKED) * len(rows))
    found = learner.fit(
        rows.take(np.arange(cut)),
        check_rows=rows.take(np.arange(cut, len(rows))),
        budget=Budget.start(1e9),
        seed=0,
    )
    every = learner.fit(rows, rounds=max(1, found.rounds), budget=Budget.start(1e9), seed=0)
    return every.program
