import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from modelwright.errors import BundleError
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link, ScaleLogits

ENDS = {"inputs": ("x",), "output": "y"}
scores = st.floats(-1e300, 1e300)
KNOTS = Isotonic(**ENDS, x=np.array([0.2, 0.5, 0.8]), y=np.array([0.1, 0.4, 1.0]))
STEPS = {
    "sigmoid": (Link(**ENDS, kind="sigmoid"), 1),
    "softmax": (Link(**ENDS, kind="softmax"), 3),
    "scale_logits": (ScaleLogits(**ENDS, slope=0.7, bias=np.array([0.1, 0.0, -0.2])), 3),
    "isotonic": (KNOTS, 2),
}


@pytest.mark.parametrize("name", STEPS)
@given(data=st.data())
def test_answers_are_probabilities_and_the_same_alone(name, data):
    step, width = STEPS[name]
    raw = data.draw(arrays(np.float64, (7, width), elements=scores))
    values = raw if name in ("sigmoid", "softmax") else np.abs(np.tanh(raw))
    answers = step.run(values)
    assert step.check((width,)) == answers.shape[1]
    assert ((answers >= 0) & (answers <= 1)).all()
    np.testing.assert_allclose(answers.sum(axis=1), 1.0, atol=1e-12)
    alone = np.concatenate([step.run(values[row : row + 1]) for row in range(7)])
    assert np.array_equal(answers, alone)


@given(arrays(np.float64, (5, 2), elements=scores))
def test_the_exponential_is_positive_and_finite(raw):
    answers = Link(**ENDS, kind="exponential").run(raw)
    assert (np.isfinite(answers) & (answers > 0)).all()


@given(arrays(np.float64, (5, 2), elements=scores))
def test_clipped_numbers_lie_between_the_ends(raw):
    clipped = Clip(**ENDS, low=-1.5, high=2.0).run(raw)
    assert ((clipped >= -1.5) & (clipped <= 2.0)).all()
    inside = (raw >= -1.5) & (raw <= 2.0)
    assert np.array_equal(clipped[inside], raw[inside])
    assert np.array_equal(Clip(**ENDS, low=-1e301).run(raw), raw)
    assert (Clip(**ENDS, high=0.0).run(raw) <= 0).all()


def test_a_blend_is_the_weighted_sum():
    blend = Blend(inputs=("a", "b"), output="y", weights=(0.25, 0.75))
    assert blend.check((2, 2)) == 2
    assert blend.run(np.array([[0.0, 4.0]]), np.array([[4.0, 0.0]])).tolist() == [[3.0, 1.0]]


def test_isotonic_is_flat_outside_its_knots():
    answers = KNOTS.run(np.array([[1.0, 0.0], [0.65, 0.35], [0.0, 1.0]]))
    np.testing.assert_allclose(answers[:, 1], [0.1, 0.25, 1.0])


@pytest.mark.parametrize(
    ("step", "widths"),
    [
        (Link(**ENDS, kind="sigmoid"), (2,)),
        (Clip(**ENDS), (1,)),
        (Clip(**ENDS, low=2.0, high=1.0), (1,)),
        (Clip(**ENDS, low=float("nan")), (1,)),
        (Clip(**ENDS, high=float("inf")), (1,)),
        (Blend(inputs=("a", "b"), output="y", weights=(1.0, 1.0)), (1, 2)),
        (Blend(inputs=("a", "b"), output="y", weights=(1.0,)), (1, 1)),
        (Blend(inputs=("a",), output="y", weights=(float("nan"),)), (1,)),
        (ScaleLogits(**ENDS, slope=1.0, bias=np.zeros(3)), (2,)),
        (ScaleLogits(**ENDS, slope=float("inf"), bias=np.zeros(2)), (2,)),
        (ScaleLogits(**ENDS, slope=1.0, bias=np.array([np.nan, 0])), (2,)),
        (KNOTS, (3,)),
        (Isotonic(**ENDS, x=np.zeros(0), y=np.zeros(0)), (2,)),
        (Isotonic(**ENDS, x=np.array([0.0, 0.0]), y=np.array([0.0, 1.0])), (2,)),
        (Isotonic(**ENDS, x=np.array([0.0, 1.0]), y=np.array([1.0, 0.0])), (2,)),
        (Isotonic(**ENDS, x=np.array([0.0, 1.0]), y=np.array([0.0, 1.1])), (2,)),
        (Isotonic(**ENDS, x=np.array([0.0, np.nan]), y=np.array([0.0, 1.0])), (2,)),
        (Isotonic(**ENDS, x=np.array([0.0, 1.0]), y=np.array([np.nan, 1.0])), (2,)),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(step, widths):
    with pytest.raises(BundleError, match="'y'"):
        step.check(widths)
