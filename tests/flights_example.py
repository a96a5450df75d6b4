"""A small world, a model that knows it, and faults to happen to its rows."""

import functools

import numpy as np
import polars as pl

from modelwright.data.checks.levels import Levels
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.shape import RowCount
from modelwright.data.conform import columns_of, conform
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.odcs.writer import write_contract
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.predictor.bundle import Bundle, Facts
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.categories import Codes, CodeTable
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.operations.numbers import Impute
from modelwright.predictor.program import Input, Program
from modelwright.predictor.reference.reference import reference_of
from modelwright.tasks.intervals import bootstrap_interval
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.task import Task

SCHEMA = Schema(
    columns=(
        Column(name="temp", kind=Kind.NUMERIC),
        Column(name="load", kind=Kind.NUMERIC),
        Column(name="carrier", kind=Kind.CATEGORICAL),
        Column(name="unused", kind=Kind.NUMERIC),
    )
)
TASK = Task(kind="binary", classes=("no", "yes"))
_CARRIERS = ("AA", "UA", "DL", "B6")


def draw_flights(rows: int, *, seed: int) -> pl.DataFrame:
    """Draw inputs: bell-shaped degrees Celsius, heavy-tailed loads of which a fifth is missing."""
    random = np.random.default_rng(seed)
    load = np.where(random.random(rows) < 0.2, np.nan, random.lognormal(0.0, 1.5, rows))
    return pl.DataFrame(
        {
            "temp": random.normal(15.0, 8.0, rows),
            "load": pl.Series(load, nan_to_null=True),
            "carrier": random.choice(_CARRIERS, rows, p=[0.5, 0.3, 0.15, 0.05]),
            "unused": random.normal(0.0, 1.0, rows),
        }
    )


def draw_labels(table: pl.DataFrame, *, seed: int, rarer: float = 0.0) -> pl.Series:
    """Draw what comes true, with the log-odds of the model, lowered for all rows alike."""
    odds = make_program().run(columns_of(conform(table, SCHEMA), SCHEMA))
    likely = odds[:, 1] / (odds[:, 1] + odds[:, 0] * np.exp(rarer))
    late = np.random.default_rng(seed).random(len(table)) < likely
    return pl.Series("late", np.where(late, "yes", "no"))


def make_program() -> Program:
    return Program(
        task=TASK,
        inputs=tuple(
            Input(name=column.name, type=column.value_type)
            for column in SCHEMA
            if column.name != "unused"
        ),
        steps=(
            Columns(inputs=("column:temp", "column:load"), output="numbers"),
            Impute(inputs=("numbers",), output="filled", fill=np.array([15.0, 1.0])),
            Codes(inputs=("column:carrier",), output="code", levels=_CARRIERS),
            CodeTable(
                inputs=("code",),
                output="carrier",
                table=np.array([[0.0], [0.0], [0.0], [-1.0], [0.0], [1.0], [2.0]]),
            ),
            Columns(inputs=("filled", "carrier"), output="all"),
            Linear(
                inputs=("all",),
                output="raw",
                weights=np.array([[0.2], [0.02], [1.0]]),
                bias=np.array([-4.0]),
            ),
            Link(inputs=("raw",), output="answer", kind="sigmoid"),
        ),
        answer="answer",
        threshold=0.5,
    )


def make_contract() -> Contract:
    """Make the contract of the training table, which has a target and many rows."""
    checks = {
        "temp": (NotMissing(column="temp", allowed_fraction=0.01),),
        "carrier": (Levels(column="carrier", levels=_CARRIERS, allowed_fraction=0.01),),
        "late": (NotMissing(column="late"),),
    }
    target = Column(name="late", kind=Kind.BOOLEAN, role=Role.TARGET)
    return Contract(
        id="flights",
        title="Flights",
        columns=tuple(
            ContractColumn(column=column, checks=checks.get(column.name, ()))
            for column in (*SCHEMA, target)
        ),
        checks=(RowCount(minimum=10_000),),
    )


@functools.cache
def make_flights_bundle(metric: str = "roc_auc") -> Bundle:
    """Make the bundle that 20,000 training rows would give."""
    program = make_program()
    table = draw_flights(20_000, seed=1)
    frame = conform(table, SCHEMA)
    columns = columns_of(frame, SCHEMA)
    answers = program.run(columns)
    truth = (draw_labels(table, seed=1) == "yes").to_numpy().astype(np.int64)
    taken = answers if METRICS[metric].takes == "probabilities" else program.choose(answers)
    score = bootstrap_interval(METRICS[metric], truth, taken, resamples=200)
    return Bundle(
        program=program,
        schema=SCHEMA,
        contract_text=write_contract(make_contract()),
        reference=reference_of(columns, SCHEMA, answers, TASK),
        cases=(),
        facts=Facts(
            question="Will the flight be late?",
            target="late",
            metric=metric,
            holdout_score=score,
            training_rows=len(table),
            threshold=0.5,
        ),
        card_text="# Will the flight be late?\n",
    )
