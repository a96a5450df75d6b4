"""Bundles whose programs have every operation, for emitters to write."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from example_bundle import make_bundle, make_coverage
from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column
from modelwright.learners.base import Rows
from modelwright.learners.registry import LEARNERS
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.compose import append_step, blend_programs
from modelwright.predictor.operations.answers import Clip, Isotonic, ScaleLogits
from modelwright.predictor.program import Program
from modelwright.tasks.task import TaskKind
from modelwright.testing import EXAMPLE_SCHEMA, example_rows

_MEMBERS = ("linear", "network", "lightgbm", "xgboost", "extra_trees", "catboost")
_KINDS: tuple[TaskKind, ...] = ("binary", "multiclass", "regression")
_RECORDED = 12


def learned_bundles() -> dict[str, Bundle]:
    """Return a blend of every family for each kind of task, calibrated, with ranges or sets."""
    return {kind: _bundle(kind) for kind in _KINDS}


def _bundle(kind: TaskKind) -> Bundle:
    rows, unseen = example_rows(kind, count=300, seed=1), example_rows(kind, count=40, seed=2)
    programs = [
        LEARNERS[name].fit(rows, check_rows=unseen, budget=Budget.start(300.0), seed=7).program
        for name in _MEMBERS
        if name in LEARNERS
    ]
    blend = blend_programs(programs, [1.0 + place for place in range(len(programs))])
    program = msgspec.structs.replace(_finished(blend), coverage=make_coverage(rows.task))
    cases = recorded_cases(program, [*_records(unseen)][:_RECORDED], EXAMPLE_SCHEMA)
    return replace(
        make_bundle(),
        program=program,
        schema=EXAMPLE_SCHEMA,
        cases=cases,
        hash=f"hash of {kind}",
    )


def _finished(blend: Program) -> Program:
    if blend.task.kind == "regression":
        return append_step(blend, Clip(inputs=(), output="", low=900.0))
    bias = np.linspace(-0.1, 0.2, blend.task.n_outputs)
    scaled = append_step(blend, ScaleLogits(inputs=(), output="", slope=1.3, bias=bias))
    if blend.task.kind == "multiclass":
        return scaled
    x, y = np.array([0.1, 0.4, 0.5, 0.9]), np.array([0.05, 0.3, 0.6, 1.0])
    return append_step(scaled, Isotonic(inputs=(), output="", x=x, y=y))


def _records(rows: Rows) -> Iterator[dict[str, Any]]:
    for place in range(len(rows)):
        yield {
            column.name: _sent(rows.columns[column.name][place], column) for column in rows.schema
        }


def _sent(value: Any, column: Column) -> Any:
    """Write a value as a client would send it."""
    if column.value_type == "datetime":
        return None if value == MISSING_DATETIME else str(np.datetime64(int(value), "us"))
    if column.value_type == "number":
        return None if np.isnan(value) else float(value)
    return value
