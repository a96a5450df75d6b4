"""Splines and quantiles are programs that answer as scikit-learn does, beyond the ends too."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import QuantileTransformer, SplineTransformer

from modelwright.data.schema import Kind
from modelwright.errors import LearnerError
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import dense
from modelwright.learners.foreign.scaling import scaled
from modelwright.tasks.task import Task

_NUMBERS = st.floats(-1e6, 1e6).map(lambda number: round(number, 2))
_NEAR = np.array([0.0, 5e-8, 1e-7, 2e-7])
"""What is so near to an end is there, where numbers become normal ones."""


def _answered(transformer, numbers):
    """Return the sum of what a program makes of numbers, with weights 1, 2, 3, …"""
    draft = Draft()
    value = scaled(draft, transformer, draft.column("x", Kind.NUMERIC))
    weights = np.arange(1.0, draft.width(value) + 1)
    program = draft.program(Task(kind="regression"), dense(draft, value, weights[:, None], None))
    own = transformer.transform(numbers[:, None]) @ weights
    return program.run({"x": numbers})[:, 0], own


@pytest.mark.parametrize("extrapolation", ["constant", "linear", "continue"])
@pytest.mark.parametrize("degree", [1, 2, 3, 5])
def test_splines_answer_between_knots_and_beyond(degree, extrapolation):
    draw = np.random.default_rng(0)
    learned = 1e4 + draw.exponential(30, (200, 1))
    transformer = SplineTransformer(7, degree=degree, extrapolation=extrapolation)
    transformer.fit(learned)
    ends = np.array([learned.min(), learned.max(), learned.min() - 40, learned.max() + 40])
    answers, own = _answered(transformer, np.concatenate([learned[:, 0], ends]))
    np.testing.assert_allclose(answers, own, rtol=1e-9, atol=1e-9)


def test_what_is_missing_is_in_no_spline():
    learned = np.linspace(0, 1, 50)
    transformer = SplineTransformer(4, handle_missing="zeros").fit(learned[:, None])
    answers, own = _answered(transformer, np.array([0.3, np.nan, 1.0]))
    assert own[1] == 0.0
    np.testing.assert_allclose(answers, own, rtol=1e-12, atol=1e-300)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(_NUMBERS, min_size=2, max_size=40),
    st.lists(_NUMBERS, max_size=20),
    st.sampled_from([("uniform", 1e-12), ("normal", 1e-9)]),
)
def test_quantiles_answer_at_ties_and_between(learned, others, spread):
    distribution, apart = spread
    assume(distribution == "uniform" or max(learned) > min(learned) + 1e-6)
    ends = min(learned) + _NEAR, max(learned) - _NEAR
    near = np.concatenate([*ends, np.add(learned, 0.005)])
    numbers = np.array([*learned, *others, *near, np.nan])
    transformer = QuantileTransformer(n_quantiles=30, output_distribution=distribution)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformer.fit(np.array(learned)[:, None])
    answers, own = _answered(transformer, numbers)
    np.testing.assert_allclose(answers, own, rtol=1e-12, atol=apart)
    assert np.isnan(answers[-1])


def test_infinite_numbers_are_beyond_all_quantiles():
    transformer = QuantileTransformer(n_quantiles=3).fit(np.array([[1.0], [2.0], [4.0]]))
    draft = Draft()
    value = scaled(draft, transformer, draft.column("x", Kind.NUMERIC))
    answers = draft.program(Task(kind="regression"), value).run({"x": np.array([-np.inf, np.inf])})
    assert answers.ravel().tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("transformer", "learned", "words"),
    [
        (SplineTransformer(6, knots="quantile"), [0.0] * 50 + [1.0] * 50 + [2.0, 3.0], "lie on"),
        (SplineTransformer(5), [3.0] * 20, "lie on"),
        (SplineTransformer(5, degree=0), [0.0, 1.0, 2.0], "degree=0"),
        (QuantileTransformer(n_quantiles=2), [-1e308, 0.0, 1e308], "as far apart"),
        (QuantileTransformer(n_quantiles=3), [0.0, 1e-300, 1.0], "as small"),
        (QuantileTransformer(n_quantiles=2, output_distribution="normal"), [1.0, 1.0], "as small"),
    ],
)
def test_numbers_that_a_curve_cannot_tell_apart_are_refused(transformer, learned, words):
    transformer.fit(np.array(learned)[:, None])
    draft = Draft()
    with pytest.raises(LearnerError, match=words):
        scaled(draft, transformer, draft.column("x", Kind.NUMERIC))
