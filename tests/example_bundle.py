"""Bundles made by hand, small enough to reckon with."""

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from modelwright.data.records import columns_from_records
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.bundle import Bundle, Facts
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.coverage import Coverage, Ranges, Sets
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.categories import Codes, CodeTable
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.operations.numbers import Impute, Scale
from modelwright.predictor.program import Input, Program
from modelwright.predictor.reference.reference import reference_of
from modelwright.tasks.interval import Interval
from modelwright.tasks.task import Task

SCHEMA = Schema(
    columns=(
        Column(name="age", kind=Kind.NUMERIC),
        Column(name="member", kind=Kind.BOOLEAN),
        Column(name="job", kind=Kind.CATEGORICAL),
        Column(name="seen", kind=Kind.DATETIME),
    )
)
ROWS: list[dict[str, Any]] = [
    {"age": 39, "member": True, "job": "clerk", "seen": "2024-03-01T10:00:00"},
    {"age": 20.5, "member": False, "job": "cook", "seen": "2024-12-31"},
    {"age": None, "member": None, "job": None, "seen": None},
    {"age": 61, "member": True, "job": "cook", "seen": "1999-01-01 00:00:00"},
]
BINARY = Task(kind="binary", classes=("no", "yes"))
MULTICLASS = Task(kind="multiclass", classes=(1, 2, 3))
REGRESSION = Task(kind="regression")


def make_program(task: Task = BINARY) -> Program:
    raw = 1 if task.kind == "binary" else task.n_outputs
    weights = np.linspace(-1.0, 1.0, 5 * raw).reshape(5, raw) / 3
    link = {"binary": ("sigmoid",), "multiclass": ("softmax",), "regression": ()}[task.kind]
    return Program(
        task=task,
        inputs=tuple(Input(name=column.name, type=column.value_type) for column in SCHEMA),
        steps=(
            Columns(inputs=("column:age", "column:member"), output="numbers"),
            Impute(inputs=("numbers",), output="filled", fill=np.array([40.0, 0.5])),
            Scale(
                inputs=("filled",),
                output="scaled",
                center=np.array([40.0, 0.0]),
                scale=np.array([10.0, 1.0]),
                limit=5.0,
            ),
            Codes(inputs=("column:job",), output="code", levels=("clerk", "cook")),
            CodeTable(
                inputs=("code",),
                output="job",
                table=np.array([[0.0, 0.0], [0.1, 0.3], [0.0, 0.0], [1.0, 0.2], [0.0, 1.0]]),
            ),
            DateParts(inputs=("column:seen",), output="month", parts=("month",)),
            Impute(inputs=("month",), output="filled_month", fill=np.array([6.0])),
            Columns(inputs=("scaled", "job", "filled_month"), output="all"),
            Linear(inputs=("all",), output="raw", weights=weights, bias=np.full(raw, -0.1)),
            *(Link(inputs=("raw",), output="answer", kind=kind) for kind in link),
        ),
        answer="answer" if link else "raw",
        threshold=0.4,
        weights=(1.0, 1.75, 0.6) if task.kind == "multiclass" else (),
    )


def make_bundle(task: Task = BINARY) -> Bundle:
    program = make_program(task)
    columns = columns_from_records(ROWS, SCHEMA)
    return Bundle(
        program=program,
        schema=SCHEMA,
        contract_text="apiVersion: v3.1.0\n",
        reference=reference_of(columns, SCHEMA, program.run(columns), task),
        cases=recorded_cases(program, ROWS, SCHEMA),
        facts=Facts(
            question="Will the customer leave?",
            target="left",
            metric="log_loss",
            holdout_score=Interval(value=0.4, low=0.3, high=0.5, method="by hand"),
            training_rows=4,
            threshold=0.4,
            version="0.1.0",
            made_at="2026-01-01T00:00:00+00:00",
        ),
        card_text="# Will the customer leave?\n",
    )


def make_coverage(task: Task) -> Coverage:
    if task.is_classification:
        thresholds = np.array([[0.7] * task.n_outputs, [0.3] * task.n_outputs])
        return Sets(levels=(0.8, 0.9), thresholds=thresholds)
    return Ranges(
        levels=(0.8, 0.9),
        edges=np.array([-0.5, 0.5]),
        below=np.array([[0.1, 0.2, 0.4], [0.2, 0.4, 0.8]]),
        above=np.array([[0.1, 0.1, 0.5], [0.2, 0.2, 1.0]]),
        floor=-0.25,
    )


def make_covered_bundle(task: Task = BINARY) -> Bundle:
    """Return the bundle with ranges or sets beside its answers."""
    bundle = make_bundle(task)
    program = msgspec.structs.replace(bundle.program, coverage=make_coverage(task))
    return replace(bundle, program=program)
