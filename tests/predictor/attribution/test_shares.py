"""Parts of answers, compared with every combination of columns."""

from itertools import chain, combinations
from math import factorial

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grown_trees import grown, numbers
from modelwright.predictor.attribution.shares import share_out
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link, ScaleLogits
from modelwright.predictor.operations.categories import Codes, CodeTable
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.operations.numbers import Impute
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task

NAMES = ("a", "b", "c", "d")
REGRESSION = Task(kind="regression")
BINARY = Task(kind="binary", classes=("no", "yes"))
THREE = Task(kind="multiclass", classes=("u", "v", "w"))


def _matrix(random) -> tuple:
    """Numbers with missing ones, a category as a set of columns, and a mix of two columns."""
    return (
        Codes(inputs=("column:d",), output="code", levels=("u", "v")),
        CodeTable(inputs=("code",), output="level", table=random.normal(size=(5, 2))),
        Columns(inputs=("column:a", "column:b"), output="pair"),
        Linear(inputs=("pair",), output="mix", weights=np.array([[1.0], [-0.5]]), bias=np.zeros(1)),
        Columns(inputs=("column:a", "column:b", "column:c", "level", "mix"), output="x"),
    )


def _program(task: Task, *steps, answer: str = "y") -> Program:
    inputs = tuple(Input(name=name, type="string" if name == "d" else "number") for name in NAMES)
    return Program(task=task, inputs=inputs, steps=steps, answer=answer)


def _table(random, rows: int, *, most: float = np.inf) -> dict[str, np.ndarray]:
    table = {name: numbers(random, rows)[:, 0].clip(-most, most) for name in NAMES[:3]}
    return table | {"d": np.array(random.choice(["u", "v", "w", None], rows), dtype=object)}


def _one(table, place):
    return {name: values[place : place + 1] for name, values in table.items()}


def _by_definition(program, row, other, output):
    """Return the Shapley values as they are defined."""
    every = chain.from_iterable(combinations(NAMES, size) for size in range(len(NAMES) + 1))
    made = {
        frozenset(inside): program.run(
            {name: (row if name in inside else other)[name] for name in NAMES}
        )[0, output]
        for inside in every
    }
    n = len(NAMES)
    return [
        sum(
            factorial(len(inside))
            * factorial(n - len(inside) - 1)
            / factorial(n)
            * (made[inside | {name}] - made[inside])
            for inside in made
            if name not in inside
        )
        for name in NAMES
    ]


@pytest.fixture(params=["kernel", "numpy"])
def walked(request, monkeypatch):
    """Walk by the kernel, and again by NumPy."""
    found = request.getfixturevalue("kernel") if request.param == "kernel" else None
    monkeypatch.setattr("modelwright.predictor.attribution.trees.library", lambda: found)


@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.usefixtures("walked")
def test_parts_of_trees_are_the_shapley_values(columns, wide):
    random = np.random.default_rng(columns)
    for comparison in ("<=", "<"):
        trees = grown(
            random, [9, 17, 2], columns=columns, wide=wide, comparison=comparison, width=6
        )
        program = _program(REGRESSION, *_matrix(random), trees)
        rows, others = _table(random, 3), _table(random, 4)
        outputs = random.integers(0, columns, 3)
        shares = share_out(program, rows, others, outputs=outputs)
        assert shares.straight
        for i, output in enumerate(outputs):
            for j in range(4):
                wanted = _by_definition(program, _one(rows, i), _one(others, j), output)
                assert shares.parts[i, j] == pytest.approx(wanted, abs=1e-9)


def test_a_blend_of_trees_a_line_and_curves_is_exact():
    random = np.random.default_rng(5)
    curves = Curves(
        inputs=("filled",),
        output="curved",
        sizes=np.full(6, 3, np.int32),
        knots=np.tile([-1.0, 0.0, 1.0], 6),
        heights=random.normal(size=(18, 1)),
        missing=random.normal(size=(6, 1)),
    )
    program = _program(
        REGRESSION,
        *_matrix(random),
        Impute(inputs=("x",), output="filled", fill=np.zeros(6)),
        grown(random, [12, 12], width=6),
        Linear(inputs=("filled",), output="line", weights=np.ones((6, 1)), bias=np.ones(1)),
        curves,
        Blend(inputs=("y", "line", "curved"), output="all", weights=(0.5, 0.2, 0.3)),
        answer="all",
    )
    rows, others = _table(random, 2, most=9.0), _table(random, 3, most=9.0)
    shares = share_out(program, rows, others, outputs=np.zeros(2, int))
    assert shares.straight
    for i in range(2):
        for j in range(3):
            wanted = _by_definition(program, _one(rows, i), _one(others, j), 0)
            assert shares.parts[i, j] == pytest.approx(wanted, abs=1e-9)


def _bent(task: Task, random) -> Program:
    """A blend of trees and a small network with links and calibration behind it."""
    scores = 1 if task is BINARY else task.n_outputs
    kind = {"binary": "sigmoid", "multiclass": "softmax", "regression": "exponential"}[task.kind]
    last = {
        "binary": (
            ScaleLogits(inputs=("b",), output="s", slope=1.3, bias=np.array([0.1, -0.1])),
            Isotonic(
                inputs=("s",),
                output="z",
                x=np.array([0.0, 0.4, 1.0]),
                y=np.array([0.1, 0.3, 0.9]),
            ),
        ),
        "multiclass": (ScaleLogits(inputs=("b",), output="z", slope=0.7, bias=np.arange(3) / 5),),
        "regression": (Clip(inputs=("b",), output="z", low=0.5, high=4.0),),
    }
    return _program(
        task,
        *_matrix(random),
        grown(random, [9, 7, 8], columns=scores, width=6),
        Link(inputs=("y",), output="p", kind=kind),
        Impute(inputs=("x",), output="f", fill=np.zeros(6)),
        Linear(inputs=("f",), output="h", weights=random.normal(size=(6, 4)), bias=np.zeros(4)),
        Activation(inputs=("h",), output="bent", kind="tanh"),
        Linear(
            inputs=("bent",),
            output="raw",
            weights=random.normal(size=(4, scores)),
            bias=np.zeros(scores),
        ),
        Link(inputs=("raw",), output="q", kind=kind),
        Blend(inputs=("p", "q"), output="b", weights=(0.6, 0.4)),
        *last[task.kind],
        answer="z",
    )


@pytest.mark.parametrize("task", [BINARY, THREE, REGRESSION], ids=lambda task: task.kind)
@given(seed=st.integers(0, 2**32 - 1))
def test_parts_add_up_through_links_and_calibration(task, seed):
    random = np.random.default_rng(seed)
    program = _bent(task, random)
    rows, others = _table(random, 3, most=9.0), _table(random, 4, most=9.0)
    answers, beside = program.run(rows), program.run(others)
    outputs = random.integers(0, answers.shape[1], 3)
    shares = share_out(program, rows, others, outputs=outputs)
    assert not shares.straight
    apart = answers[range(3), outputs][:, None] - beside[:, outputs].T
    assert shares.parts.sum(axis=2) == pytest.approx(apart, abs=1e-9)
    usual = beside[:, outputs].mean(axis=0)
    added = shares.parts.mean(axis=1).sum(axis=1)
    assert usual + added == pytest.approx(answers[range(3), outputs])


def test_a_column_that_is_the_same_in_both_rows_adds_nothing():
    random = np.random.default_rng(2)
    program = _program(REGRESSION, *_matrix(random), grown(random, [20, 20], width=6))
    rows = _table(random, 1)
    others = _table(random, 6) | {"a": np.repeat(rows["a"], 6)}
    parts = share_out(program, rows, others, outputs=np.zeros(1, int)).parts
    assert parts[:, :, 0] == pytest.approx(0.0, abs=1e-12)


def test_through_a_step_without_a_line_nothing_is_led():
    """A number that depends on too many columns cannot be asked by trees."""
    random = np.random.default_rng(2)
    mixed = Linear(inputs=("f",), output="all", weights=np.ones((6, 6)), bias=np.zeros(6))
    filled = Impute(inputs=("x",), output="f", fill=np.zeros(6))
    trees = msgspec.structs.replace(grown(random, [5], width=6), inputs=("all",))
    program = _program(REGRESSION, *_matrix(random), filled, mixed, trees)
    table = _table(random, 2)
    assert share_out(program, table, table, outputs=np.zeros(2, int)) is None
