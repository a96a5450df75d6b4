import numpy as np
import pytest
from scipy.special import expit, softmax

from modelwright.compute.budget import Budget
from modelwright.learners.networks.encoding import encode_for_networks
from modelwright.learners.networks.layers import Pass, Shape
from modelwright.learners.networks.loss import NetworkLoss
from modelwright.learners.networks.program import write_network
from modelwright.learners.unit import Unit
from modelwright.predictor.program import check_program
from modelwright.testing import example_rows

UNIT = Unit(1000.0, 50.0)


@pytest.mark.parametrize("activation", ["silu", "relu"])
@pytest.mark.parametrize(
    ("kind", "loss", "answer"),
    [
        ("binary", NetworkLoss("binary"), lambda raw: np.hstack([expit(-raw), expit(raw)])),
        ("multiclass", NetworkLoss("multiclass", 3), lambda raw: softmax(raw, axis=1)),
        ("regression", NetworkLoss("squared"), lambda raw: 1000 + 50 * raw),
        ("regression", NetworkLoss("poisson"), lambda raw: 1000 + 50 * np.exp(raw)),
    ],
)
def test_the_program_answers_as_the_network(activation, kind, loss, answer):
    rows, others = (example_rows(kind, count=count, seed=count) for count in (200, 90))
    drawn = np.arange(len(rows))
    encoding = encode_for_networks(rows, drawn, budget=Budget.start(60), seed=0)
    shape = Shape(encoding.width, encoding.sizes, (12, 10), loss.outputs, activation)
    weights = shape.begin(np.zeros(loss.outputs), seed=0)
    weights += np.random.default_rng(0).normal(scale=0.1, size=len(weights)).astype(np.float32)
    program = write_network(encoding, shape, weights, loss=loss, unit=UNIT)
    check_program(program)
    batch = encoding.batch(others)
    # A level that is rare has the embedding of an unknown one.
    expected = answer(Pass(shape, shape.split(weights), batch).raw.astype(np.float64))
    if kind == "regression":
        expected = np.clip(expected, rows.target.min(), rows.target.max())
    np.testing.assert_allclose(program.run(others.columns), expected, rtol=1e-4, atol=1e-5)


def test_weights_take_four_bytes():
    rows = example_rows("regression", count=100, seed=0)
    encoding = encode_for_networks(rows, np.arange(100), budget=Budget.start(60), seed=0)
    shape = Shape(encoding.width, encoding.sizes, (8,), 1, "silu")
    weights = shape.begin(np.zeros(1), seed=0) * np.float32(1.1)
    program = write_network(encoding, shape, weights, loss=NetworkLoss("squared"), unit=UNIT)
    first = next(step for step in program.steps if step.output == "sums0")
    assert (first.weights.astype(np.float32) == first.weights).all()
