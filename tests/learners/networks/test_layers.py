import numpy as np
import pytest

from modelwright.learners.networks.layers import EMBEDDING, Batch, Pass, Shape

SHAPE = Shape(columns=3, levels=(4, 5), hidden=(6, 5), outputs=2, activation="silu")


def _batch(shape: Shape = SHAPE, count: int = 7) -> Batch:
    draw = np.random.default_rng(1)
    begins = np.cumsum([0, *shape.levels])[: len(shape.levels)]
    codes = [draw.integers(0, size, count) for size in shape.levels]
    places = np.array([b + c for b, c in zip(begins, codes, strict=True)], np.intp)
    return Batch(draw.normal(size=(count, shape.columns)), places.reshape(-1, count).T)


def _weights(shape: Shape = SHAPE) -> np.ndarray:
    begun = shape.begin(np.zeros(shape.outputs), seed=0).astype(np.float64)
    return begun + np.random.default_rng(2).normal(scale=0.2, size=len(begun))


@pytest.mark.parametrize("activation", ["silu", "relu"])
@pytest.mark.parametrize("drops", [False, True])
def test_the_gradient_is_that_of_finite_differences(activation, drops):
    shape = Shape(SHAPE.columns, SHAPE.levels, SHAPE.hidden, SHAPE.outputs, activation)
    flat, batch = _weights(shape), _batch(shape)
    draw = np.random.default_rng(3)
    kept = tuple((draw.random((7, units)) < 0.7) / 0.7 for units in shape.hidden)
    upward = draw.normal(size=(7, 2))

    def rise(weights: np.ndarray) -> float:
        there = Pass(shape, shape.split(weights), batch, kept if drops else None)
        return float((there.raw * upward).sum())

    there = Pass(shape, shape.split(flat), batch, kept if drops else None)
    found = there.back(upward)
    for place in range(len(flat)):
        step = np.zeros(len(flat))
        step[place] = 1e-6
        slope = (rise(flat + step) - rise(flat - step)) / 2e-6
        assert found[place] == pytest.approx(slope, abs=1e-6)


def test_pieces_are_views_of_all_weights():
    flat = np.zeros(SHAPE.size, np.float32)
    pieces = SHAPE.split(flat)
    assert {name: piece.shape for name, piece in pieces.items()} == SHAPE.pieces
    for piece in pieces.values():
        piece += 1
    assert (flat == 1).all()


def test_a_network_begins_with_one_answer_for_all():
    begun = SHAPE.begin(np.array([0.3, -0.7]), seed=0)
    raw = Pass(SHAPE, SHAPE.split(begun), _batch()).raw
    np.testing.assert_allclose(raw, np.tile([0.3, -0.7], (7, 1)), rtol=1e-6)


def test_other_seeds_begin_elsewhere():
    first, again, other = (SHAPE.begin(np.zeros(2), seed=seed) for seed in (0, 0, 1))
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_what_counts_alone_does_not_decay():
    pieces = SHAPE.split(SHAPE.decay(0.5))
    assert {name for name, piece in pieces.items() if piece.any()} == {
        "embedding",
        "weights0",
        "weights1",
        "weights2",
    }


def test_without_categories_there_are_no_embeddings():
    shape = Shape(columns=3, levels=(), hidden=(4,), outputs=1, activation="relu")
    assert shape.sizes == (3, 4, 1)
    assert SHAPE.sizes[0] == 3 + 2 * EMBEDDING
    there = Pass(shape, shape.split(_weights(shape)), _batch(shape))
    assert there.back(np.ones((7, 1))).shape == (shape.size,)
