import numpy as np
import pytest
from scipy import sparse

from modelwright.learners.lines import descent
from modelwright.learners.lines.conditioning import (
    MIN_ROWS,
    Variables,
    products,
    round_variables,
    rows_for_products,
    worth_products,
)
from modelwright.learners.lines.descent import Problem, descend
from modelwright.learners.lines.factored import Factored
from modelwright.learners.lines.raw_losses import raw_loss
from modelwright.learners.loss import Loss

DRAW = np.random.default_rng(0)


def _design(rows: int, width: int) -> Factored:
    """Return a matrix whose columns are of very different sizes and much alike."""
    matrix = DRAW.normal(size=(rows, width)) + 3.0 * DRAW.normal(size=(rows, 1))
    matrix *= np.logspace(0, 2, width)
    matrix[:, 0] = 1.0
    return Factored(sparse.csr_array(matrix), sparse.csr_array(np.eye(width)))


def _problem(kind: str, design: Factored) -> Problem:
    score = design.left.toarray() @ DRAW.normal(size=design.shape[1]) / 100
    target = score if kind == "regression" else (score > 0) + 1.0 * (score > 1)
    outputs = 3 if kind == "multiclass" else 1
    weight = DRAW.uniform(0.5, 2.0, size=len(score))
    return Problem(design, np.minimum(target, 2), weight, raw_loss(kind, Loss()), outputs)


def test_products_are_weighted_means():
    design, weight = _design(50, 4), np.arange(50.0)
    whole = design.whole().toarray()
    expected = whole.T @ (whole * weight[:, None]) / weight.sum()
    np.testing.assert_allclose(products(design, weight), expected)


def test_variables_go_there_and_back():
    variables = round_variables(products(_design(50, 4), np.ones(50)), bend=0.25, penalty=0.1)
    coefficients, gradient = DRAW.normal(size=(2, 4, 3))
    np.testing.assert_allclose(variables.back(variables.of(coefficients)), coefficients)
    # What a small step gains is the same in either.
    gain = (gradient * coefficients).sum()
    np.testing.assert_allclose((variables.slope(gradient) * variables.of(coefficients)).sum(), gain)


def test_without_a_factor_coefficients_are_the_variables():
    same = Variables(None)
    coefficients = np.ones((2, 1))
    assert same.of(coefficients) is same.back(coefficients) is same.slope(coefficients)


def test_products_that_have_no_factor_leave_coefficients_alone():
    assert round_variables(-np.eye(2), bend=1.0, penalty=0.1).factor is None


@pytest.mark.parametrize("kind", ["regression", "multiclass"])
def test_the_descent_ends_as_low_in_far_fewer_steps(kind, monkeypatch):
    problem = _problem(kind, _design(400, 8))
    start = np.zeros((8, problem.outputs))
    steps = []

    def end() -> float:
        steps.append(0)

        def count() -> bool:
            steps[-1] += 1
            return False

        found = descend(problem, start, penalty=0.1, out_of_time=count).coefficients
        return problem.loss(found) + 0.05 * (found[1:] ** 2).sum() / problem.weight.sum()

    lower = end()
    monkeypatch.setattr(descent, "worth_products", lambda design: False)
    object.__setattr__(problem, "_some", None)
    plain = end()
    assert lower <= plain + 1e-4
    assert 2 * steps[0] < steps[1]


def test_bend_is_the_second_derivative():
    squares = _problem("regression", _design(40, 3))
    np.testing.assert_allclose(squares.bend(np.ones((3, 1))), 1.0)
    classes = _problem("multiclass", _design(4_000, 3))
    # At zero each of three classes has a third.
    np.testing.assert_allclose(classes.bend(np.zeros((3, 3))), 2 / 9, rtol=0.1)


def test_only_narrow_matrices_with_many_rows_are_worth_products():
    assert worth_products(_design(400, 8))
    wide = Factored(sparse.eye_array(2_000, format="csr"), sparse.eye_array(2_000, format="csr"))
    assert not worth_products(wide)


def test_some_of_many_rows_are_enough():
    many = Factored(sparse.csr_array((20 * MIN_ROWS, 3)), sparse.csr_array(np.eye(3)))
    assert MIN_ROWS <= len(rows_for_products(many)) < 2 * MIN_ROWS
    assert len(rows_for_products(_design(30, 3))) == 30


def test_rows_without_weight_do_no_harm():
    design = _design(30, 3)
    problem = Problem(design, np.zeros(30), np.zeros(30), raw_loss("regression", Loss()), 1)
    assert problem.bend(np.zeros((3, 1))) == 0.0
    assert np.isfinite(products(design, problem.weight)).all()
