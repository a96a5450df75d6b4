import numpy as np

from modelwright.learners.networks.adam import Adam


def _zeros(count: int = 1) -> np.ndarray:
    return np.zeros(count, np.float32)


def test_it_finds_the_bottom_of_a_bowl_whatever_its_scale():
    adam = Adam(_zeros(2), _zeros(2), window=10)
    bottom, steepness = np.array([2.0, -1.0], np.float32), np.array([1e-3, 1e3], np.float32)
    for step in range(400):
        adam.step(steepness * (adam.weights - bottom), rate=0.05 * (1 - step / 400))
    np.testing.assert_allclose(adam.mean, bottom, atol=0.05)


def test_the_first_step_is_as_long_as_the_rate():
    adam = Adam(_zeros(2), _zeros(2), window=10)
    adam.step(np.array([100.0, -0.01], np.float32), rate=0.5)
    np.testing.assert_allclose(adam.weights, [-0.5, 0.5], rtol=1e-4)


def test_weights_decay_by_their_own_measure():
    adam = Adam(np.ones(2, np.float32), np.array([0.0, 0.5], np.float32), window=10)
    adam.step(_zeros(2), rate=0.1)
    np.testing.assert_allclose(adam.weights, [1.0, 0.95], rtol=1e-6)


def test_the_mean_is_over_all_steps_and_then_over_a_window():
    adam = Adam(_zeros(), _zeros(), window=2)
    seen = []
    for _ in range(3):
        adam.step(np.ones(1, np.float32), rate=1.0)
        seen.append(float(adam.weights[0]))
    mean = (seen[0] + seen[1]) / 2
    np.testing.assert_allclose(adam.mean, [(mean + seen[2]) / 2], rtol=1e-6)
