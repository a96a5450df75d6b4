import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.learners.likeness.reading import Reading
from modelwright.learners.networks.numbers import LIMIT
from modelwright.testing import example_rows


def test_rows_held_back_are_read_as_the_program_reads_them():
    rows, others = (example_rows("regression", count=120, seed=seed) for seed in (1, 2))
    reading = Reading.of(rows, budget=Budget.start(60), seed=0)
    points = reading.points_of(others)
    assert points == pytest.approx(reading.encoding.matrix(others.columns) + LIMIT)
    assert points.shape[1] == reading.points.shape[1]
    assert np.isfinite(points).all()
    assert points.min() >= 0.0
    assert points.max() <= 2 * LIMIT
