import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.learners.lines.raw_losses import ROUNDING, raw_loss
from modelwright.learners.loss import Loss

NUMBERS = [Loss(), Loss("absolute"), Loss("quantile", 0.9), Loss("poisson")]
WAYS = [("regression", each) for each in NUMBERS]
WAYS += [("binary", Loss("proper")), ("multiclass", Loss("proper"))]


@pytest.mark.parametrize(("kind", "loss"), WAYS)
@given(seed=st.integers(0, 2**32 - 1))
def test_slopes_are_those_of_the_losses(kind, loss, seed):
    draw = np.random.default_rng(seed)
    outputs = 3 if kind == "multiclass" else 1
    raw = draw.normal(scale=2.0, size=(5, outputs))
    target = draw.integers(0, 3 if kind != "binary" else 2, size=5).astype(float)
    losses = raw_loss(kind, loss)
    _, slopes = losses(raw, target)
    step = 1e-6
    for output in range(outputs):
        away = step * (np.arange(outputs) == output)
        found = (losses(raw + away, target)[0] - losses(raw - away, target)[0]) / (2 * step)
        np.testing.assert_allclose(slopes[:, output], found, atol=1e-4)


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_the_rounded_quantile_is_nearly_the_quantile(level):
    draw = np.random.default_rng(0)
    target = draw.normal(size=500)
    missed = target - 0.3
    pinball = np.where(missed > 0, level, level - 1.0) * missed
    losses, _ = raw_loss("regression", Loss("quantile", level))(np.full((500, 1), 0.3), target)
    assert (np.abs(losses - pinball) <= ROUNDING / 2).all()


@pytest.mark.parametrize(("kind", "loss"), WAYS)
def test_absurd_scores_have_finite_losses(kind, loss):
    raw = np.array([[1e6, -1e6, 0.0], [-1e6, 1e6, 0.0]])[:, : 3 if kind == "multiclass" else 1]
    losses, slopes = raw_loss(kind, loss)(raw, np.array([1.0, 0.0]))
    assert np.isfinite(losses).all()
    assert np.isfinite(slopes).all()
