import numpy as np
import pytest

from modelwright.learners.likeness.centres import Centres
from modelwright.learners.networks.numbers import LIMIT

POINTS = np.random.default_rng(0).uniform(0, 2 * LIMIT, size=(30, 3))
STRETCH = np.array([1.0, 0.5, 1e-3])
CENTRES = Centres.at(POINTS[:10], STRETCH, width=2.0)


def test_likeness_fades_with_the_distance():
    apart = ((POINTS[:, None] - POINTS[None, :10]) * STRETCH) ** 2
    expected = np.exp(-CENTRES.sharpness * apart.sum(axis=2))
    assert CENTRES.likeness(POINTS) == pytest.approx(expected)


def test_the_pair_in_the_middle_is_like_by_the_width():
    places = POINTS[:10] * STRETCH
    apart = ((places[:, None] - places[None]) ** 2).sum(axis=2)[np.triu_indices(10, 1)]
    assert np.exp(-CENTRES.sharpness * np.median(apart)) == pytest.approx(np.exp(-0.5))


def test_along_its_axes_a_squared_penalty_is_that_of_the_machine():
    turned = np.random.default_rng(1).normal(size=(10, 1))
    coefficients = CENTRES.back(turned)
    raw = CENTRES.design(POINTS) @ np.vstack([[[0.5]], turned])
    assert raw == pytest.approx(CENTRES.likeness(POINTS) @ coefficients + 0.5, abs=1e-9)
    among = CENTRES.likeness(POINTS[:10])
    assert (turned**2).sum() == pytest.approx(
        (coefficients.T @ among @ coefficients)[0, 0], rel=1e-3
    )


def test_the_steps_of_a_program_give_the_same():
    coefficients, bias = np.random.default_rng(2).normal(size=(10, 2)), np.array([1.0, -1.0])
    steps = CENTRES.steps("column:x", coefficients, bias)
    values = {"column:x": POINTS - LIMIT}
    for step in steps:
        values[step.output] = step.run(*[values[name] for name in step.inputs])
    assert values["raw"] == pytest.approx(CENTRES.likeness(POINTS) @ coefficients + bias, abs=1e-12)


def test_centres_that_are_one_row_do_no_harm():
    alike = Centres.at(np.ones((5, 3)), np.ones(3), width=4.0)
    assert np.isfinite(alike.design(POINTS)).all()
