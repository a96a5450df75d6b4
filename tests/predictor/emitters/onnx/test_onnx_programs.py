import numpy as np
import pytest

from learners_here import missing_library
from modelwright.compute.budget import Budget
from modelwright.data.records import Columns
from modelwright.data.values.cells import WHITESPACE
from modelwright.learners.registry import LEARNERS
from modelwright.predictor.compose import append_step, blend_programs
from modelwright.predictor.operations.answers import Isotonic, ScaleLogits
from modelwright.predictor.program import Program
from modelwright.testing import EXAMPLE_SCHEMA, example_rows, hostile_columns
from onnx_graphs import check_equal, open_program, run_session

KINDS = ("binary", "multiclass", "regression")
_ROUNDS = 3


@pytest.fixture(scope="module", params=KINDS)
def programs(request: pytest.FixtureRequest) -> dict[str, Program]:
    """Programs of every learner, and their blend."""
    rows = example_rows(request.param, count=150, seed=1)
    found = {}
    for name, learner in LEARNERS.items():
        rounds = _ROUNDS if name not in ("constant", "rule", "linear") else None
        if learner.suits(rows.task) and missing_library(name) is None:
            fitted = learner.fit(rows, rounds=rounds, budget=Budget.start(300.0), seed=3)
            found[name] = fitted.program
    found["blend"] = blend_programs([*found.values()], [1.0] * len(found))
    return found


def test_programs_of_every_family_answer_as_by_the_interpreter(programs):
    kind = programs["blend"].task.kind
    rows = example_rows(kind, count=60, seed=2).columns
    alone = {name: values[:1] for name, values in rows.items()}
    for program in programs.values():
        check_program(program, rows, alone, read(hostile_columns()))


def test_calibrated_blends_answer_as_by_the_interpreter(programs):
    blend = programs["blend"]
    columns = example_rows(blend.task.kind, count=60, seed=2).columns
    line = Isotonic(inputs=("",), output="", x=np.linspace(0.1, 0.8, 5), y=np.linspace(0, 1, 5))
    bias = np.linspace(-0.1, 0.2, blend.task.n_outputs)
    if blend.task.kind == "binary":
        check_program(append_step(blend, line), columns)
    if blend.task.is_classification:
        step = ScaleLogits(inputs=("",), output="", slope=1.3, bias=bias)
        check_program(append_step(blend, step), columns)


def check_program(program: Program, *tables: Columns) -> None:
    session = open_program(program, EXAMPLE_SCHEMA)
    for columns in tables:
        found, expected = run_session(session, columns), program.run(columns)
        check_equal(found["answers"], expected)
        if program.task.is_classification:
            assert np.array_equal(found["index"], program.choose(expected))


def read(columns):
    """Return columns as a reader gives them, which strips texts and leaves no empty ones."""
    return {
        name: np.array([(text and text.strip(WHITESPACE)) or None for text in values], dtype=object)
        if values.dtype == object
        else values
        for name, values in columns.items()
    }
