from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link, ScaleLogits
from modelwright.predictor.operations.categories import CodeTable
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.linear import Columns, Constant, Linear
from modelwright.predictor.operations.numbers import (
    Impute,
    MissingFlags,
    RoundToFloat32,
    Scale,
    SmoothClip,
)
from modelwright.predictor.operations.ramps import Ramps
from onnx_graphs import Steps, check_steps

NUMBERS = np.array(
    [
        np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.1, 1e300, -1e300, 1e155, 5e-324, -5e-324,
        1.7976931348623157e308, 2.2250738585072014e-308, 3.4028235677973366e38, 16777217.0, 1e-46,
        0.3, 0.5, np.nextafter(0.5, 0.0), np.nextafter(0.5, 1.0), 2.0, 3.0, 4.0, 700.5, -745.2,
    ]
)  # fmt: skip
TWO = Columns(inputs=("column:a", "column:b"), output="two")
IN = {"inputs": ("two",), "output": "out"}
ONE = {"inputs": ("column:a",), "output": "out"}

STEPS = [
    Impute(**IN, fill=np.array([1.5, -2.0])),
    MissingFlags(**IN),
    Scale(**IN, center=np.array([0.5, -1e300]), scale=np.array([1e-10, 3.0]), limit=4.0),
    SmoothClip(**IN, limit=3.0),
    Ramps(
        **IN,
        source=np.array([1, 0, 1], dtype=np.int32),
        start=np.array([0.5, -1.0, 1e300]),
        length=np.array([0.25, 2.0, 1e10]),
    ),
    RoundToFloat32(**IN),
    Constant(**IN, answer=np.array([1.0, 2.0, 3.0])),
    Columns(inputs=("two", "column:b"), output="out"),
    Activation(**IN, kind="relu"),
    Activation(**IN, kind="silu"),
    Activation(**IN, kind="tanh"),
    Activation(**IN, kind="logarithm"),
    Clip(**IN, low=-0.5),
    Clip(**IN, high=0.5),
    Clip(**IN, low=0.0, high=2.0),
    Blend(inputs=("two", "two"), output="out", weights=(0.25, 0.5)),
    Link(**ONE, kind="sigmoid"),
    Link(**IN, kind="softmax"),
    Link(**IN, kind="exponential"),
    ScaleLogits(**IN, slope=1.7, bias=np.array([0.3, -0.2])),
    Isotonic(**IN, x=np.array([0.1, 0.3, 0.5]), y=np.array([0.0, 0.4, 1.0])),
    Isotonic(**IN, x=np.array([0.5]), y=np.array([0.25])),
    CodeTable(**ONE, table=np.arange(8.0).reshape(4, 2)),
    CodeTable(**ONE, table=np.array([[np.nan, 1.0], [2.0, np.nan], [3.0, np.nan]])),
    Curves(
        **IN,
        sizes=np.array([2, 5], dtype=np.int32),
        knots=np.array([0.1, 0.5, -1.0, 0.0, 0.3, 0.5, 1e300]),
        heights=np.arange(14.0).reshape(7, 2) ** 2,
        missing=np.array([[7.0, 8.0], [9.0, 10.0]]),
    ),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("rows", [1, len(NUMBERS) ** 2])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
def test_an_operation_gives_what_the_interpreter_gives(step, rows):
    left, right = (each.ravel() for each in np.meshgrid(NUMBERS, NUMBERS))
    graph = Steps([TWO, step], {"a": left[:1], "b": right[:1]})
    for start in range(0, len(left), 83 if rows == 1 else rows):
        part = slice(start, start + rows)
        graph.check({"a": left[part], "b": right[part]})


def test_a_linear_form_is_summed():
    draw = np.random.default_rng(0)
    step = Linear(**IN, weights=draw.normal(size=(2, 3)), bias=draw.normal(size=3))
    check_steps([TWO, step], {"a": draw.normal(size=500), "b": np.append([np.nan], np.ones(499))})


@given(st.lists(st.floats(width=64), min_size=1, max_size=20))
def test_rounding_to_float32_is_the_processors_own(numbers):
    rounding().check({"a": np.array(numbers)})


@cache
def rounding() -> Steps:
    return Steps([RoundToFloat32(**ONE)], {"a": np.zeros(1)})


@pytest.mark.parametrize("count", [2, 3, 4, 9, 40])
def test_every_knot_is_met_from_both_sides(count):
    draw = np.random.default_rng(count)
    knots = np.sort(draw.normal(size=count))
    step = Curves(
        **ONE,
        sizes=np.array([count], dtype=np.int32),
        knots=knots,
        heights=draw.normal(size=(count, 1)),
        missing=np.ones((1, 1)),
    )
    near = np.concatenate([knots, np.nextafter(knots, np.inf), np.nextafter(knots, -np.inf)])
    check_steps([step], {"a": near})
    rising = np.sort(draw.random(count))
    line = Isotonic(**IN, x=knots, y=rising)
    check_steps([TWO, line], {"a": near, "b": near})
