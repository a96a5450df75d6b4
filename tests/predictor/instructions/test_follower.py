import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fresh_kernel import matrices, same_bits, trees
from modelwright.predictor.instructions import turns
from modelwright.predictor.instructions.follower import MOST_ROWS, write_instructions
from modelwright.predictor.instructions.layout import Kind
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
from modelwright.predictor.operations.text import TokenWeights
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task

RANDOM = np.random.default_rng(5)
NUMBERS = ("a", "b", "c")
READ = Columns(inputs=tuple(f"column:{name}" for name in NUMBERS), output="x")
ONE = {"inputs": ("x",), "output": "y"}
STEPS = (
    Impute(**ONE, fill=np.array([1.0, -2.0, 0.5])),
    MissingFlags(**ONE),
    Scale(**ONE, center=np.array([0.0, 1.0, -1.0]), scale=np.array([1.0, 1e-300, 3.0]), limit=9.0),
    SmoothClip(**ONE, limit=3.0),
    RoundToFloat32(**ONE),
    Ramps(
        **ONE,
        source=np.array([2, 0, 0], dtype=np.int32),
        start=np.array([0.0, -1.0, 5.0]),
        length=np.array([1.0, 1e-300, 2.0]),
    ),
    Curves(
        **ONE,
        sizes=np.array([2, 3, 4], dtype=np.int32),
        knots=np.array([0.0, 1.0, -1.0, 0.0, 1e300, -5.0, -1.0, 1.0, 2.0]),
        heights=RANDOM.normal(size=(9, 2)),
        missing=RANDOM.normal(size=(3, 2)),
    ),
    Constant(**ONE, answer=np.array([3.0, -0.0])),
    Clip(**ONE, low=-1.0),
    Clip(**ONE, low=-1.0, high=0.5),
    Activation(**ONE, kind="relu"),
    Activation(**ONE, kind="silu"),
    Activation(**ONE, kind="tanh"),
    Activation(**ONE, kind="logarithm"),
    Link(**ONE, kind="softmax"),
    Link(**ONE, kind="exponential"),
    ScaleLogits(**ONE, slope=1.3, bias=np.array([0.0, 0.1, -3.0])),
    Linear(**ONE, weights=RANDOM.normal(size=(3, 35)), bias=RANDOM.normal(size=35)),
    Linear(**ONE, weights=np.ones((3, 64)), bias=np.zeros(64)),
    Blend(inputs=("x", "x", "x"), output="y", weights=(0.5, -0.0, 0.1)),
)


@pytest.fixture(scope="module")
def follow(kernel):
    def make(*steps, inputs=()):
        task = Task(kind="regression")
        names = [Input(name=name, type="number") for name in NUMBERS]
        program = Program(
            task=task, inputs=(*names, *inputs), steps=(READ, *steps), answer=steps[-1].output
        )
        follower = write_instructions(program, kernel)
        assert follower is not None
        program.__dict__["follower"] = None
        return program.run, follower.run

    return make


def columns_of(matrix):
    return {name: matrix[:, place].copy() for place, name in enumerate(NUMBERS)}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
@given(matrix=matrices(rows=MOST_ROWS))
@settings(max_examples=15)
def test_instructions_give_the_bits_of_the_interpreter(follow, step, matrix):
    interpret, run = follow(step)
    if len(matrix):
        with np.errstate(all="ignore"):
            # Adding zero makes one of the two zeros, which NumPy's maximum takes either of.
            assert same_bits(run(columns_of(matrix)) + 0.0, interpret(columns_of(matrix)) + 0.0)


@given(ensemble=trees(), matrix=matrices(rows=MOST_ROWS))
@settings(max_examples=25)
def test_trees_are_walked_likewise(follow, ensemble, matrix):
    interpret, run = follow(ensemble)
    if len(matrix):
        with np.errstate(all="ignore"):
            assert same_bits(run(columns_of(matrix)), interpret(columns_of(matrix)))


@given(rows=st.integers(1, MOST_ROWS))
@settings(max_examples=10)
def test_texts_moments_and_what_numpy_does_itself(follow, rows):
    seen = np.array([[np.nan], [0.5], [np.nan], [-1.0], [2.0]])
    interpret, run = follow(
        Codes(inputs=("column:word",), output="code", levels=("red", "blue"), rare=("pink",)),
        CodeTable(inputs=("code",), output="seen", table=seen),
        CodeTable(inputs=("column:a",), output="by number", table=RANDOM.normal(size=(5, 1))),
        TokenWeights(
            inputs=("column:word",),
            output="weighed",
            analyzer="word",
            lengths=(1, 1),
            vocabulary=("red", "pink"),
            rarity=np.array([1.0, 2.0]),
            weights=RANDOM.normal(size=(2, 2)),
        ),
        DateParts(inputs=("column:when",), output="parts", parts=("weekday",)),
        Columns(inputs=("seen", "by number", "weighed", "parts"), output="all"),
        Linear(inputs=("all",), output="raw", weights=np.ones((5, 1)), bias=np.zeros(1)),
        Link(inputs=("raw",), output="two", kind="sigmoid"),
        Isotonic(inputs=("two",), output="even", x=np.array([0.0, 1.0]), y=np.array([0.2, 0.3])),
        ScaleLogits(inputs=("even",), output="y", slope=2.0, bias=np.zeros(2)),
        inputs=(Input(name="word", type="string"), Input(name="when", type="datetime")),
    )
    matrix = RANDOM.normal(size=(rows, 3)) * 3
    columns = columns_of(matrix) | {
        "word": np.array([None, "red", "pink", "new"] * 8, dtype=object)[:rows],
        "when": np.arange(rows, dtype=np.int64) * 86_400_000_000,
    }
    assert same_bits(run(columns), interpret(columns))


def test_where_numpy_keeps_its_loops_elsewhere_it_takes_powers_itself(follow, monkeypatch):
    monkeypatch.setattr(turns, "loop_of", lambda function: None)
    steps = (READ, Activation(inputs=("x",), output="bent", kind="silu"))
    interpret, run = follow(*steps, Link(inputs=("bent",), output="y", kind="softmax"))
    columns = columns_of(RANDOM.normal(size=(5, 3)))
    assert same_bits(run(columns), interpret(columns))


def test_an_older_kernel_and_none_follow_nothing(kernel, monkeypatch):
    program = Program(
        task=Task(kind="regression"),
        inputs=tuple(Input(name=name, type="number") for name in NUMBERS),
        steps=(READ, STEPS[0]),
        answer="y",
    )
    assert write_instructions(program, None) is None
    assert kernel.follows(max(Kind))
    assert not kernel.follows(len(Kind))


def test_what_does_not_fit_is_left_to_who_says_so(kernel):
    step = Impute(**ONE, fill=np.zeros(7))
    program = Program(
        task=Task(kind="regression"),
        inputs=(Input(name="a", type="number"),),
        steps=(Columns(inputs=("column:a",), output="x"), step),
        answer="y",
    )
    assert write_instructions(program, kernel) is None
