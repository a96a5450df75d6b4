"""Bundles whose programs have every operation, for emitters to write."""

from collections.abc import Collection, Iterator, Sequence
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
from modelwright.predictor.operations.activation import Activation, ActivationKind
from modelwright.predictor.operations.answers import Clip, Isotonic, Link, ScaleLogits
from modelwright.predictor.program import Program
from modelwright.tasks.task import TaskKind
from modelwright.testing import example_rows

_MEMBERS = ("linear", "network", "kernel_machine", "lightgbm", "xgboost", "extra_trees", "catboost")
_KINDS: tuple[TaskKind, ...] = ("binary", "multiclass", "regression")
_RECORDED = 12


def learned_bundles() -> dict[str, Bundle]:
    """Return a blend of every family for each kind of task, calibrated, with ranges or sets."""
    return {kind: learned_bundle(kind) for kind in _KINDS}


def learned_bundle(
    kind: TaskKind,
    *,
    members: Sequence[str] = _MEMBERS,
    without: Collection[str] = (),
    rounds: int | None = None,
) -> Bundle:
    """Return a blend of families.

    Parameters
    ----------
    kind
        Of the task.
    members
        The families.
    without
        Columns that are left out.
    rounds
        Of each family; None for as many as it takes.
    """
    rows, unseen = (
        _rows(example_rows(kind, count=count, seed=seed), without)
        for count, seed in ((300, 1), (40, 2))
    )
    held_back = None if rounds else unseen
    programs = [
        LEARNERS[name]
        .fit(rows, check_rows=held_back, rounds=rounds, budget=Budget.start(300.0), seed=7)
        .program
        for name in members
        if name in LEARNERS
    ]
    blend = blend_programs(programs, [1.0 + place for place in range(len(programs))])
    # So that each bend of a network's units is in one of the bundles.
    blend = _bent(blend, "tanh") if kind == "multiclass" else blend
    program = msgspec.structs.replace(_finished(blend), coverage=make_coverage(rows.task))
    cases = recorded_cases(program, [*_records(unseen)][:_RECORDED], rows.schema)
    return replace(
        make_bundle(),
        program=program,
        schema=rows.schema,
        cases=cases,
        hash=f"hash of {kind}",
    )


def _rows(rows: Rows, without: Collection[str]) -> Rows:
    schema = rows.schema.select(tuple(name for name in rows.schema.names if name not in without))
    columns = {name: rows.columns[name] for name in schema.names}
    return Rows(schema, columns, rows.target, rows.task, rows.weight)


def _bent(program: Program, kind: ActivationKind) -> Program:
    bent = [
        msgspec.structs.replace(step, kind=kind) if isinstance(step, Activation) else step
        for step in program.steps
    ]
    return msgspec.structs.replace(program, steps=tuple(bent))


def _finished(blend: Program) -> Program:
    if blend.task.kind == "regression":
        for step in (
            Activation(inputs=(), output="", kind="logarithm"),
            Link(inputs=(), output="", kind="exponential"),
            Clip(inputs=(), output="", low=900.0),
        ):
            blend = append_step(blend, step)
        return blend
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
