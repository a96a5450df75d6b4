"""Made-up rows and a small bundle, with every kind of column."""

from functools import cache
from itertools import product
from typing import Any

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME, Columns
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.linear import Linear
from modelwright.predictor.bundle import Bundle, Facts
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.reference.reference import reference_of
from modelwright.tasks.task import Task, TaskKind

EXAMPLE_SCHEMA = Schema(
    columns=(
        Column(name="size", kind=Kind.NUMERIC),
        Column(name="age", kind=Kind.NUMERIC),
        Column(name="member", kind=Kind.BOOLEAN),
        Column(name="city", kind=Kind.CATEGORICAL),
        Column(name="shop", kind=Kind.CODED),
        Column(name="since", kind=Kind.DATETIME),
        Column(name="note", kind=Kind.TEXT),
        Column(name="same", kind=Kind.CONSTANT),
    )
)
EXAMPLE_RECORDS: tuple[dict[str, Any], ...] = (
    {
        "size": 0.5,
        "age": 40,
        "member": True,
        "city": "Bern",
        "shop": "7",
        "since": "2024-03-01T10:00:00",
        "note": "late again",
        "same": "x",
    },
    {"size": -1.25, "age": 61, "member": False, "city": "Nowhere", "note": "Z\u00fcrich `refund`"},
)
"""Rows of `EXAMPLE_SCHEMA` as clients send them."""
_BUDGET_S = 300.0
_WORDS = ("late", "early", "again", "Zürich", "refund", "thanks", "Straße", "don't", "42", "日本")


def example_rows(kind: TaskKind, *, count: int, seed: int) -> Rows:
    """Return made-up rows of every kind of column, with missing values and a target to learn.

    Parameters
    ----------
    kind
        Of the task.
    count
        How many rows, at least 10.
    seed
        The same seed gives the same rows.

    Examples
    --------
    >>> len(example_rows("regression", count=10, seed=0))
    10
    """
    draw = np.random.default_rng(seed)
    columns = _example_columns(draw, count)
    size = np.nan_to_num(columns["size"])
    signal = size + (columns["city"] == "Bern") - 2.0 * (columns["shop"] == "7")
    signal += draw.normal(scale=0.5, size=count)
    weight = draw.uniform(0.5, 2.0, size=count)
    if kind == "regression":
        return Rows(EXAMPLE_SCHEMA, columns, 1000.0 + 50.0 * signal, Task(kind=kind), weight)
    classes = ("no", "yes") if kind == "binary" else ("low", "middle", "high")
    edges = np.quantile(signal, np.arange(1, len(classes)) / len(classes))
    target = np.searchsorted(edges, signal).astype(np.int64)
    return Rows(EXAMPLE_SCHEMA, columns, target, Task(kind=kind, classes=classes), weight)


def hostile_columns() -> Columns:
    """Return rows of `EXAMPLE_SCHEMA` as no training row looks: unknown, missing, extreme."""
    numbers = (np.nan, 0.0, -0.0, np.inf, -np.inf, 1e300, -1e300, 5e-324)
    texts = (None, "", "never seen", "\x00", "late " * 500, "🙂", "7 ", "bern")
    moments = (MISSING_DATETIME, 0, -62_135_596_800_000_000, 253_402_300_799_999_999)
    pick = list(product(range(8), range(8)))
    values = {
        "number": np.array([numbers[left] for left, _ in pick]),
        "string": np.array([texts[right] for _, right in pick], dtype=object),
        "datetime": np.array([moments[left % 4] for left, _ in pick], dtype=np.int64),
    }
    return {column.name: values[column.value_type].copy() for column in EXAMPLE_SCHEMA}


@cache
def example_bundle(kind: TaskKind = "binary") -> Bundle:
    """Return a small bundle with every kind of column, as a target or a server gets it.

    Parameters
    ----------
    kind
        Of the task.

    Examples
    --------
    >>> example_bundle("regression").name
    'answer'
    """
    rows = example_rows(kind, count=120, seed=1)
    program = Linear().fit(rows, budget=Budget.start(_BUDGET_S), seed=7).program
    answers = program.run(rows.columns)
    return Bundle(
        program=program,
        schema=EXAMPLE_SCHEMA,
        contract_text="apiVersion: v3.1.0\n",
        reference=reference_of(rows.columns, EXAMPLE_SCHEMA, answers, rows.task),
        cases=recorded_cases(program, EXAMPLE_RECORDS, EXAMPLE_SCHEMA),
        facts=Facts(question="An example?", target="answer", metric="log_loss"),
        card_text="# An example?\n",
    )


def _example_columns(draw: np.random.Generator, count: int) -> Columns:
    cities = np.array(["Bern", "Genf", "Basel", "Chur", "Thun", None], dtype=object)
    shops = np.array([str(number) for number in range(30)], dtype=object)
    words = np.array(_WORDS, dtype=object)
    size, age = draw.normal(size=(2, count))
    size[draw.random(count) < 0.1] = np.nan
    since = draw.integers(0, 60 * 365 * 86_400, size=count) * 1_000_000
    since[draw.random(count) < 0.05] = MISSING_DATETIME
    notes = [" ".join(draw.choice(words, size=draw.integers(1, 6))) for _ in range(count)]
    return {
        "size": size,
        "age": np.round(40 + 12 * age),
        "member": draw.integers(0, 2, size=count).astype(np.float64),
        "city": draw.choice(cities, size=count, p=[0.4, 0.2, 0.15, 0.1, 0.05, 0.1]),
        "shop": draw.choice(shops, size=count),
        "since": since,
        "note": np.array([note if len(note) > 5 else None for note in notes], dtype=object),
        "same": np.full(count, "x", dtype=object),
    }
