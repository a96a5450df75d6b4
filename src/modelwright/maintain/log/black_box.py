"""A model that is not here: a bundle that stands for it, made of its log.

What can be watched is what the log shows: the inputs, the answers, the contract that the first rows
keep, and the score as labels come. Nothing can be answered, so nothing is estimated, replayed or
mended. The program of such a bundle is a placeholder, and every command that would run it refuses.
"""

from datetime import datetime

import msgspec
import numpy as np
import polars as pl
from scipy.stats import spearmanr

from modelwright.data.checks.ranges import Range
from modelwright.data.conform import columns_of, conform
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.contracts.rules import contract_from
from modelwright.data.inference.infer import infer_schema
from modelwright.data.odcs.writer import write_contract
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.data.values.series import series_of
from modelwright.errors import SchemaError
from modelwright.maintain.log.foreign_columns import LogColumns, said_by
from modelwright.predictor.bundle import Bundle, Facts
from modelwright.predictor.expectation.drawing import taken_by
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.categories import Codes, CodeTable
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.operations.numbers import Impute
from modelwright.predictor.program import Input, Program, Step, column_value
from modelwright.predictor.reference.reference import reference_of, with_training
from modelwright.tasks.infer import infer_task
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import bootstrap_interval
from modelwright.tasks.metrics import METRICS, Metric
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task

FEWEST_ROWS = 500
"""Rows that say how inputs and answers are distributed."""
_FEWEST_LABELS = 100
_RISING, _FEWEST_STEPS = 0.95, 10
"""The rank correlation with the order of rows from which on a number goes on like time, and the
fewest values in which it does so."""


def stand_in_for(
    table: pl.DataFrame, columns: LogColumns, *, target: str, made_at: datetime
) -> Bundle:
    """Return a bundle that stands for a model of which there is only a log.

    Parameters
    ----------
    table
        The log's first rows in the order of time, of which nothing is known to be wrong: they are
        what later ones are compared with, and the score of those with labels is what is promised.
    columns
        Which column holds what; all others are inputs of the model.
    target
        What is predicted, in words or as the column of labels.
    made_at
        When.

    Raises
    ------
    SchemaError
        When there are too few rows, or no answers.
    TargetError
        When answers are of no kind that can be judged.
    """
    if len(table) < FEWEST_ROWS:
        raise SchemaError(
            f"The log has {len(table):,} rows; {FEWEST_ROWS:,} are needed to know what is usual.",
            "Give a longer log.",
        )
    task = _task(table, columns)
    columns = columns.checked(Schema(columns=()), task)
    schema = _features(table, columns)
    answers = said_by(table, columns, task)
    inputs = columns_of(conform(table, schema), schema)
    metric = _metric(task, has_probabilities=bool(columns.probabilities))
    known = np.isfinite(answers).all(axis=1)
    program = _placeholder(schema, task)
    facts = Facts(
        question=f"What is {target!r}?",
        target=target,
        metric=metric.name,
        holdout_score=_score(table, columns, program, metric, answers),
        training_rows=len(table),
        threshold=0.5 if task.kind == "binary" else None,
        made_at=made_at.isoformat(),
        watched_only=True,
    )
    return Bundle(
        program=program,
        schema=schema,
        contract_text=write_contract(_contract(table, schema, target)),
        reference=with_training(reference_of(inputs, schema, answers[known], task), inputs, schema),
        cases=(),
        facts=facts,
        card_text=f"# {facts.question}\n\nThe model is not here; its log is watched.\n",
    )


def _contract(table: pl.DataFrame, schema: Schema, title: str) -> Contract:
    """Derive a contract in which a number that rises from row to row has no upper bound.

    Of a model that was learned here such a number is no feature; this one reads what it reads.
    """
    contract = contract_from(table, schema, title=title)
    rising = {column.name for column in schema if _rises(table, column)}
    return msgspec.structs.replace(
        contract,
        columns=tuple(
            _unbounded(each) if each.column.name in rising else each for each in contract.columns
        ),
    )


def _rises(table: pl.DataFrame, column: Column) -> bool:
    if column.kind != Kind.NUMERIC:
        return False
    values = conform(table, Schema(columns=(column,)))[column.name].drop_nulls().to_numpy()
    if len(np.unique(values)) < _FEWEST_STEPS:
        return False
    return float(spearmanr(np.arange(len(values)), values).statistic) > _RISING


def _unbounded(column: ContractColumn) -> ContractColumn:
    checks = tuple(
        msgspec.structs.replace(check, maximum=None) if isinstance(check, Range) else check
        for check in column.checks
    )
    return msgspec.structs.replace(column, checks=checks)


def _task(table: pl.DataFrame, columns: LogColumns) -> Task:
    for name in (columns.label, columns.prediction):
        if name:
            return infer_task(series_of(table, name))
    raise SchemaError(
        "The log names neither a label nor an answer.", "Name one: --prediction COLUMN."
    )


def _features(table: pl.DataFrame, columns: LogColumns) -> Schema:
    told = (columns.id, columns.time, columns.prediction, columns.label, columns.label_time)
    taken = {*told, *columns.probabilities.values()}
    found = infer_schema(table.select([name for name in table.columns if name not in taken]))
    kept = tuple(
        msgspec.structs.replace(column, role=Role.FEATURE)
        for column in found
        if column.role != Role.IGNORED and column.kind not in (Kind.ID, Kind.CONSTANT)
    )
    if not kept:
        raise SchemaError("The log holds no inputs of the model.", "Give them as columns.")
    return Schema(columns=kept)


def _metric(task: Task, *, has_probabilities: bool) -> Metric:
    if not task.is_classification:
        return METRICS["rmse"]
    return METRICS["log_loss" if has_probabilities else "accuracy"]


def _score(
    table: pl.DataFrame, columns: LogColumns, program: Program, metric: Metric, answers: Floats
) -> Interval | None:
    """Return the score of these rows; None where too few have a label."""
    if not columns.label:
        return None
    truth = encode_target(series_of(table, columns.label), program.task)
    known = np.isfinite(truth) if truth.dtype.kind == "f" else truth >= 0
    known &= np.isfinite(answers).all(axis=1)
    if known.sum() < _FEWEST_LABELS:
        return None
    return bootstrap_interval(metric, truth[known], taken_by(metric, program, answers[known]))


def _placeholder(schema: Schema, task: Task) -> Program:
    """Return a program that reads every column and knows nothing."""
    raw = 1 if task.kind == "binary" else task.n_outputs
    steps: tuple[Step, ...] = (
        *_numbers(schema.columns[0]),
        Linear(inputs=("known",), output="raw", weights=np.zeros((1, raw)), bias=np.zeros(raw)),
    )
    if task.kind == "binary":
        steps = (*steps, Link(inputs=("raw",), output="answer", kind="sigmoid"))
    elif task.kind == "multiclass":
        steps = (*steps, Link(inputs=("raw",), output="answer", kind="softmax"))
    return Program(
        task=task,
        inputs=tuple(Input(name=column.name, type=column.value_type) for column in schema),
        steps=steps,
        answer="answer" if task.is_classification else "raw",
    )


def _numbers(column: Column) -> tuple[Step, ...]:
    name = column_value(column.name)
    fill = Impute(inputs=("number",), output="known", fill=np.zeros(1))
    match column.value_type:
        case "number":
            return Columns(inputs=(name,), output="number"), fill
        case "datetime":
            return DateParts(inputs=(name,), output="number", parts=("month",)), fill
        case _:
            codes = Codes(inputs=(name,), output="code", levels=("-",))
            return codes, CodeTable(inputs=("code",), output="known", table=np.zeros((4, 1)))
