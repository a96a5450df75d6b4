"""Each operation alone, on rows that are made to find differences."""

from dataclasses import replace
from math import isinf

import numpy as np
import pytest

from example_bundle import make_bundle
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.adversarial import adversarial_records
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link, ScaleLogits
from modelwright.predictor.operations.categories import Codes, CodeTable
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.linear import Columns, Constant, Linear
from modelwright.predictor.operations.numbers import (
    Impute,
    MissingFlags,
    RoundToFloat32,
    Scale,
    SmoothClip,
)
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Input, Program, check_program
from modelwright.tasks.task import Task

SCHEMA = Schema(
    columns=(
        Column(name="a", kind=Kind.NUMERIC, missing_tokens=("-999",)),
        Column(name="b", kind=Kind.NUMERIC),
        Column(name="job", kind=Kind.CATEGORICAL, missing_tokens=("none of these",)),
        Column(name="code", kind=Kind.CODED),
        Column(name="seen", kind=Kind.DATETIME),
    )
)
PAIR = Columns(inputs=("column:a", "column:b"), output="pair")
_FAR = 1e300
LEVELS = (
    "clerk",
    "Clerk",
    "CLERK",
    "cl\u00e9rk",
    "cle\u0301rk",
    "it's",
    "a\\b",
    "\u65e5\u672c",
    "7",
)
MANY = (
    tuple(f"level {number}" for number in range(60)) + LEVELS + ("\U0001f6f8", "\uffee", "Z", "a")
)


def pair(operation, **fields):
    return (PAIR, operation(inputs=("pair",), output="answer", **fields))


def forest(comparison, *, rounds=False, outputs=1, wide=False):
    """Return trees with thresholds that rows meet exactly."""
    draw = np.random.default_rng(3)
    feature, left, right, roots = [], [], [], []
    for _ in range(60):
        root = len(feature)
        roots.append(root)
        # Chains to both sides, and a node that branches to both.
        feature += [0, 1, -1, 0, -1, -1, 1, -1, -1]
        left += [root + 1, root + 2, 0, root + 4, 1, 2, root + 7, 3, 4]
        right += [root + 6, root + 3, -1, root + 5, -1, -1, root + 8, -1, -1]
    nodes, trees = len(feature), len(roots)
    leaf = np.array(feature) < 0
    rows = np.where(leaf, np.arange(nodes), np.array(left))
    steps = Trees(
        inputs=("rounded" if rounds else "pair",),
        output="answer",
        comparison=comparison,
        roots=np.array(roots, dtype=np.int32),
        outputs=np.arange(trees, dtype=np.int32) % outputs
        if not wide
        else np.full(trees, -1, "i4"),
        feature=np.array(feature, dtype=np.int32),
        threshold=draw.choice([0.1, 1 / 3, 0.0, -2.5, 1e30, 3e38, 1e-45, 16777217.0], size=nodes),
        left=rows.astype(np.int32),
        right=np.array(right, dtype=np.int32),
        missing_left=draw.random(nodes) < 0.5,
        leaves=draw.normal(size=(nodes, outputs if wide else 1)),
        base=np.linspace(0.5, 1.0, outputs),
        scale=1 / trees,
    )
    rounded = RoundToFloat32(inputs=("pair",), output="rounded")
    return (PAIR, rounded, steps) if rounds else (PAIR, steps)


def numbers(*values):
    return np.array(values)


OPERATIONS = {
    "impute": pair(Impute, fill=numbers(0.1, -3.0)),
    "missing flags": pair(MissingFlags),
    "scale": pair(Scale, center=numbers(1 / 3, 0.0), scale=numbers(1e-3, 7.0), limit=5.0),
    "smooth clip": pair(SmoothClip, limit=3.0),
    "ramps": pair(
        Ramps,
        source=np.array([0, 1, 0], dtype=np.int32),
        start=numbers(0.0, 0.1, -1e3),
        length=numbers(3.0, 1e-9, 1e6),
    ),
    "trees <=": forest("<="),
    "trees <": forest("<", outputs=3),
    "trees of several outputs": forest("<=", outputs=2, wide=True),
    "trees of rounded numbers": forest("<", rounds=True),
    "trees of rounded numbers <=": forest("<=", rounds=True),
    "curves": pair(
        Curves,
        sizes=np.array([3, 12], dtype=np.int32),
        knots=np.concatenate([[0.0, 0.1, 1 / 3], np.linspace(-2.0, 17.0, 12)]),
        heights=np.stack([np.sin(np.arange(15.0)), np.cos(np.arange(15.0))], axis=1),
        missing=np.array([[0.5, -0.5], [0.25, 2.0]]),
    ),
    "linear": pair(Linear, weights=np.array([[0.3, -2.0], [1e-20, 0.0]]), bias=numbers(0.1, 0.0)),
    "relu": pair(Activation, kind="relu"),
    "silu": pair(Activation, kind="silu"),
    "tanh": pair(Activation, kind="tanh"),
    "logarithm": pair(Activation, kind="logarithm"),
    "sigmoid": (Link(inputs=("column:a",), output="answer", kind="sigmoid"),),
    "softmax": pair(Link, kind="softmax"),
    "exponential": pair(Link, kind="exponential"),
    "clip": pair(Clip, low=-0.5, high=0.1),
    "clip from below": pair(Clip, low=-0.5),
    "blend": (
        Blend(inputs=("column:a", "column:b"), output="answer", weights=(0.3, -0.7)),
    ),
    "scale logits": pair(ScaleLogits, slope=1.3, bias=numbers(0.1, -0.2)),
    "isotonic": pair(Isotonic, x=numbers(0.0, 0.1, 1 / 3, 0.9), y=numbers(0.0, 0.2, 0.2, 1.0)),
    "constant": (Constant(inputs=("column:job",), output="answer", answer=numbers(0.25)),),
    "columns": (PAIR,),
    "codes": (Codes(inputs=("column:job",), output="answer", levels=LEVELS, rare=("x y",)),),
    "many codes": (Codes(inputs=("column:job",), output="answer", levels=MANY),),
    "coded": (Codes(inputs=("column:code",), output="answer", levels=("7", "-07", "+3", "1.5")),),
    "code table": (
        CodeTable(
            inputs=("column:a",), output="answer", table=np.arange(24.0).reshape(12, 2) // 5
        ),
    ),
    "code table with missing numbers": (
        CodeTable(
            inputs=("column:a",),
            output="answer",
            table=np.array([[np.nan, 1.0], [2.0, np.nan], [3.0, np.nan], [np.nan, 0.5]]),
        ),
    ),
    "date parts": (
        DateParts(
            inputs=("column:seen",),
            output="answer",
            parts=(
                "year", "month", "day", "weekday", "day_of_year", "hour", "minute", "epoch_day",
            ),
        ),
    ),
}  # fmt: skip
SUMS = ("linear", "blend", "softmax")


def bundle_of(steps) -> Bundle:
    inputs = tuple(Input(name=column.name, type=column.value_type) for column in SCHEMA)
    widths = {f"column:{each.name}": 1 for each in inputs}
    for step in steps:
        widths[step.output] = step.check(tuple(widths[name] for name in step.inputs))
    width = widths[steps[-1].output]
    task = Task(kind="regression")
    if width > 1:
        task = Task(kind="binary" if width == 2 else "multiclass", classes=tuple(range(width)))
    program = Program(task=task, inputs=inputs, steps=steps, answer=steps[-1].output)
    check_program(program)
    return replace(make_bundle(), program=program, schema=SCHEMA, cases=())


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_alone(name, agrees):
    bundle = bundle_of(OPERATIONS[name])
    records = adversarial_records(bundle, count=400, seed=1)
    if name in SUMS:
        records = [record for record in records if not any(map(_is_far, record.values()))]
    if name in ("silu", "softmax"):
        # The interpreter itself warns of infinity less infinity and of times zero.
        records = [record for record in records if not any(map(_is_infinite, record.values()))]
    agrees(bundle, records)


def _is_far(value):
    return isinstance(value, float) and abs(value) > _FAR and not isinf(value)


def _is_infinite(value):
    return isinstance(value, float) and isinf(value)
