from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, softmax

from modelwright.learners.loss import Loss
from modelwright.learners.networks.loss import NetworkLoss
from modelwright.testing import example_rows

LOSSES = [
    NetworkLoss("squared"),
    NetworkLoss("absolute"),
    NetworkLoss("quantile", level=0.9),
    NetworkLoss("poisson"),
    NetworkLoss("binary"),
    NetworkLoss("multiclass", 4, smoothing=0.1),
]


def _example(loss: NetworkLoss) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(0)
    classes = {"binary": 2, "multiclass": loss.outputs}.get(loss.kind, 1)
    target = draw.normal(size=9) if classes == 1 else draw.integers(0, classes, 9).astype(float)
    return draw.normal(size=(9, loss.outputs)), loss.wanted(target), draw.uniform(0.5, 2.0, 9)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
def test_the_slope_is_that_of_the_mean(loss):
    raw, wanted, weight = _example(loss)
    slope = loss.slope(raw, wanted, weight)
    for place in np.ndindex(raw.shape):
        step = np.zeros(raw.shape)
        step[place] = 1e-5
        rise = loss.mean(raw + step, wanted, weight) - loss.mean(raw - step, wanted, weight)
        assert slope[place] == pytest.approx(rise / 2e-5, abs=1e-6)


def test_many_classes_are_wanted_almost_surely():
    two = NetworkLoss("binary").wanted(np.array([0.0, 1.0]))
    assert two.tolist() == [[0.0], [1.0]]
    three = NetworkLoss("multiclass", 3, smoothing=0.3).wanted(np.array([2.0]))
    np.testing.assert_allclose(three, [[0.1, 0.1, 0.8]], rtol=1e-6)


def test_the_loss_is_what_the_rows_ask():
    rows = example_rows("regression", count=10, seed=0)
    assert NetworkLoss.of(rows, smoothing=0.1) == NetworkLoss("squared")
    asked = replace(rows, loss=Loss("quantile", 0.9))
    assert NetworkLoss.of(asked, smoothing=0.1) == NetworkLoss("quantile", level=0.9)
    below = replace(rows, loss=Loss("poisson"), target=rows.target - 9_999.0)
    assert NetworkLoss.of(below, smoothing=0.1) == NetworkLoss("squared")
    three = example_rows("multiclass", count=10, seed=0)
    assert NetworkLoss.of(three, smoothing=0.1) == NetworkLoss("multiclass", 3, smoothing=0.1)


def test_a_network_begins_with_the_shares_of_the_classes():
    target, weight = np.repeat([0.0, 1.0, 2.0], [997, 1997, 4997]), np.ones(7991)
    raw = NetworkLoss("multiclass", 3).start(target, weight)
    np.testing.assert_allclose(softmax(raw), [998 / 7994, 1998 / 7994, 4998 / 7994])
    two = NetworkLoss("binary").start(target[:2994], weight[:2994])
    np.testing.assert_allclose(expit(two), [1998 / 2996])
    assert NetworkLoss("squared").start(target, weight).tolist() == [0.0]
    assert NetworkLoss("quantile", level=0.9).start(target, weight).tolist() == [2.0]


def test_rows_that_weigh_nothing_have_a_loss():
    loss = NetworkLoss("squared")
    raw, wanted, nothing = np.ones((2, 1)), np.zeros((2, 1)), np.zeros(2)
    assert loss.mean(raw, wanted, nothing) == 0.5
    assert loss.slope(raw, wanted, nothing).tolist() == [[0.0], [0.0]]
