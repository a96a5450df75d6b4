"""What carried.py computes is what the program's operations compute."""

import importlib.util
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from modelwright.build.source.carrying import OPERATIONS, Carried, carry
from modelwright.build.source.rendering import render_one
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link
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
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task

DRAW = np.random.default_rng(0)
TREES = Trees(
    inputs=("m",),
    output="o",
    comparison="<",
    roots=np.array([0, 3], dtype=np.int32),
    outputs=np.array([0, 0], dtype=np.int32),
    feature=np.array([1, -1, -1, 0, -1, -1], dtype=np.int32),
    threshold=np.array([0.25, 0, 0, -0.5, 0, 0]),
    left=np.array([1, 0, 1, 4, 2, 3], dtype=np.int32),
    right=np.array([2, 0, 0, 5, 0, 0], dtype=np.int32),
    missing_left=np.array([True, False, False, False, False, False]),
    leaves=np.array([[1.0], [2.0], [30.0], [40.0]]),
    base=np.array([0.5]),
    scale=0.1,
)
STEPS = [
    Impute(inputs=("m",), output="o", fill=np.array([1.0, 2.0, 3.0])),
    MissingFlags(inputs=("m",), output="o"),
    Scale(inputs=("m",), output="o", center=np.ones(3), scale=np.full(3, 0.5), limit=2.0),
    SmoothClip(inputs=("m",), output="o", limit=3.0),
    RoundToFloat32(inputs=("m",), output="o"),
    Linear(inputs=("m",), output="o", weights=DRAW.normal(size=(3, 2)), bias=np.ones(2)),
    Linear(
        inputs=("m",),
        output="o",
        weights=DRAW.normal(size=(3, 400)).astype(np.float32).astype(np.float64),
        bias=np.ones(400),
    ),
    Ramps(
        inputs=("m",),
        output="o",
        source=np.array([0, 2, 2], dtype=np.int32),
        start=np.array([0.0, -1.0, 0.5]),
        length=np.array([1.0, 0.5, 2.0]),
    ),
    Curves(
        inputs=("m",),
        output="o",
        sizes=np.array([2, 3, 2], dtype=np.int32),
        knots=np.array([-0.5, 0.5, -1.0, 0.0, 0.3, -2.0, 2.0]),
        heights=DRAW.normal(size=(7, 2)),
        missing=DRAW.normal(size=(3, 2)),
    ),
    Activation(inputs=("m",), output="o", kind="relu"),
    Activation(inputs=("m",), output="o", kind="silu"),
    Activation(inputs=("m",), output="o", kind="tanh"),
    Constant(inputs=("m",), output="o", answer=np.array([0.25, 0.75])),
    Columns(inputs=("m", "m"), output="o"),
    Clip(inputs=("m",), output="o", low=-0.5),
    Blend(inputs=("m", "m"), output="o", weights=(0.25, 0.5)),
    Link(inputs=("m",), output="o", kind="exponential"),
    TREES,
]


@pytest.fixture(scope="module")
def carried_module(tmp_path_factory):
    """Render carried.py with every operation, and import it."""
    folder = tmp_path_factory.mktemp("carried")
    facts = {
        "outputs": 1,
        "operations": sorted(OPERATIONS),
        "has_runs_of_characters": True,
        "has_rarity": False,
        "task_kind": "regression",
        "is_classification": False,
    }
    for name in ("carried.py", "texts.py"):
        (folder / name).write_text(render_one(name, facts), encoding="utf-8")
    (folder / "learned").mkdir()
    modules = {}
    for name in ("texts", "carried"):
        spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
        modules[name] = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(modules[name])
    yield SimpleNamespace(folder=folder / "learned", module=modules["carried"])
    for name in modules:
        del sys.modules[name]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__struct_config__.tag)
def test_an_operation_gives_what_the_program_gives(carried_module, step):
    matrix = DRAW.normal(size=(40, 3))
    if not isinstance(step, Linear | Link | Activation | Blend):
        matrix[::7, 1] = np.nan
    kept = Carried("one", "One", "", 1.0, {}, (step,), "o")
    name = f"{len(list(carried_module.folder.iterdir()))}.json"
    (carried_module.folder / name).write_text(kept.numbers(), encoding="utf-8")
    member = carried_module.module.CarriedOver(name, 1.0, {"m": lambda table: matrix})
    expected = step.run(*[matrix for _ in step.inputs])
    np.testing.assert_allclose(member.predict(None), expected, rtol=1e-13, atol=1e-15)


def test_numbers_of_float32_take_half_the_room():
    weights = DRAW.normal(size=(100, 100))
    wide, single = (
        Carried("one", "One", "", 1.0, {}, (Linear(
            inputs=("m",), output="o", weights=each, bias=np.zeros(100)),), "o").numbers()
        for each in (weights, weights.astype(np.float32).astype(np.float64))
    )  # fmt: skip
    assert len(single) < 0.65 * len(wide)


def test_an_operation_without_a_function_is_not_carried():
    step = CodeTable(inputs=("column:a",), output="o", table=np.zeros((3, 1)))
    program = Program(
        task=Task(kind="regression"),
        inputs=(Input(name="a", type="number"),),
        steps=(step,),
        answer="o",
    )
    assert carry("a", "A", "", weight=1.0, program=program) is not None
    other = Isotonic(inputs=("o",), output="p", x=np.array([0.5]), y=np.array([0.5]))
    unknown = Program(task=program.task, inputs=program.inputs, steps=(step, other), answer="p")
    assert carry("a", "A", "", weight=1.0, program=unknown) is None
