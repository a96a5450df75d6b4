import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from modelwright.errors import BundleError
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.linear import Columns
from modelwright.predictor.program import Input, Program
from modelwright.predictor.storage.storage import read_program, write_program
from modelwright.tasks.task import Task

NUMBERS = st.floats() | st.sampled_from([-1.0, 0.0, -0.0, 1.0, 2.0])


def _curves(**changed) -> Curves:
    fields = {
        "sizes": np.array([3, 2], dtype=np.int32),
        "knots": np.array([-1.0, 0.0, 2.0, 1.0, 5.0]),
        "heights": np.array([[1.0, 0.0], [3.0, -1.0], [7.0, 5.0], [10.0, 0.5], [20.0, 0.1]]),
        "missing": np.array([[100.0, 1.0], [200.0, 2.0]]),
    }
    return Curves(inputs=("x",), output="y", **(fields | changed))


def test_curves_are_linear_between_knots_and_constant_beyond():
    matrix = np.array([[-1.0, 1.0], [1.0, 3.0], [9.0, np.inf], [-np.inf, 0.0], [np.nan, np.nan]])
    assert _curves().check((2,)) == 2
    assert _curves().run(matrix)[:, 0].tolist() == [11.0, 20.0, 27.0, 11.0, 300.0]


@given(arrays(np.float64, st.tuples(st.integers(0, 40), st.just(2)), elements=NUMBERS))
def test_a_row_alone_has_the_bits_of_the_batch(matrix):
    step = _curves()
    answers = step.run(matrix)
    assert answers.shape == (len(matrix), 2)
    assert np.isfinite(answers).all()
    for row, answer in zip(matrix, answers, strict=True):
        assert step.run(row[None]).tobytes() == answer.tobytes()


@given(arrays(np.float64, 30, elements=NUMBERS))
def test_one_curve_is_an_interpolation(numbers):
    knots, heights = np.array([-1.0, 0.0, 2.0]), np.array([[1.0], [3.0], [-7.0]])
    sizes = np.array([3], dtype=np.int32)
    step = _curves(sizes=sizes, knots=knots, heights=heights, missing=np.array([[0.5]]))
    expected = np.where(np.isnan(numbers), 0.5, np.interp(numbers, knots, heights[:, 0]))
    np.testing.assert_allclose(step.run(numbers[:, None])[:, 0], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("rows", [0, 1, 40])
@pytest.mark.parametrize("outputs", [0, 1, 9])
def test_any_shape_gives_one_number_per_row_and_output(rows, outputs):
    step = _curves(heights=np.ones((5, outputs)), missing=np.ones((2, outputs)))
    assert step.check((2,)) == outputs
    assert step.run(np.ones((rows, 2))).tolist() == [[2.0] * outputs] * rows


def test_a_stored_step_is_the_same():
    inputs = tuple(Input(name=name, type="number") for name in "ab")
    matrix = Columns(inputs=("column:a", "column:b"), output="x")
    step = _curves(heights=np.arange(5.0)[:, None], missing=np.ones((2, 1)))
    program = Program(task=Task(kind="regression"), inputs=inputs, steps=(matrix, step), answer="y")
    stored = read_program(*write_program(program))
    columns = {"a": np.array([0.5, np.nan]), "b": np.array([np.inf, 2.0])}
    np.testing.assert_array_equal(stored.run(columns), program.run(columns))


@pytest.mark.parametrize(
    "changed",
    [
        {"sizes": np.array([5], dtype=np.int32)},
        {"sizes": np.array([[3, 2]], dtype=np.int32)},
        {"sizes": np.array([4, 1], dtype=np.int32)},
        {"sizes": np.array([6, -1], dtype=np.int32)},
        {"sizes": np.array([3, 3], dtype=np.int32)},
        {"knots": np.array([-1.0, 0.0, 0.0, 1.0, 5.0])},
        {"knots": np.array([-1.0, 0.0, np.nan, 1.0, 5.0])},
        {"knots": np.array([-1.7e308, 1.7e308, np.inf, 1.0, 5.0])},
        {"knots": np.array([-1.7e308, 1.7e308, 1.75e308, 1.0, 5.0])},
        {"heights": np.zeros(5)},
        {"heights": np.zeros((4, 2))},
        {"heights": np.zeros((5, 1))},
        {"heights": np.full((5, 2), np.inf)},
        {"heights": np.array([[-1.7e308] * 2, [1.7e308] * 2, *[[0.0] * 2] * 3])},
        {"missing": np.zeros((1, 2))},
        {"missing": np.zeros(2)},
        {"missing": np.full((2, 2), np.nan)},
    ],
)
def test_parameters_that_do_not_fit_are_refused(changed):
    with pytest.raises(BundleError, match="'y'"):
        _curves(**changed).check((2,))


def test_no_columns_have_no_curves():
    nothing = {"sizes": np.zeros(0, dtype=np.int32), "knots": np.zeros(0)}
    step = _curves(**nothing, heights=np.zeros((0, 1)), missing=np.zeros((0, 1)))
    with pytest.raises(BundleError, match="no columns"):
        step.check((0,))


def test_a_table_that_no_memory_holds_is_refused():
    sizes = np.full(20_000, 2, dtype=np.int32)
    sizes[0] = 2_000
    count = int(sizes.sum())
    step = _curves(
        sizes=sizes,
        knots=np.arange(1.0 * count),
        heights=np.zeros((count, 1)),
        missing=np.zeros((20_000, 1)),
    )
    with pytest.raises(BundleError, match="fewer knots"):
        step.check((20_000,))
