import numpy as np
import pytest

from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.reference.directions import Answered
from modelwright.predictor.reference.rough_relation import misses_of, rough_levels, rough_moves

_ROWS = 4000
_DRAW = np.random.default_rng(0)
_SCHEMA = Schema(columns=(Column(name="warm", kind=Kind.NUMERIC),))
_WARM = _DRAW.normal(size=_ROWS)
_BY_WINDOW = np.repeat([0.0, 1.5, -1.5, 0.0, 1.5, -1.5, 0.0, 1.5], 500)


def moves(answers: np.ndarray, truth: np.ndarray, rows: int = _ROWS) -> tuple[float, ...]:
    answers, truth = answers[:rows], truth[:rows]
    answered = Answered(answers, answers[:, -1], misses_of(truth, answers))
    return rough_moves(answered, {"warm": _WARM[:rows]}, _SCHEMA, doubt=0.01)


def test_a_relation_that_stays_is_calm_and_one_that_moves_is_rough():
    answers, noise = _WARM[:, None], _DRAW.normal(size=_ROWS)
    calm, rough = moves(answers, _WARM + noise), moves(answers, _WARM + noise + _BY_WINDOW)
    assert calm[2] + calm[3] < 0.01
    assert rough[3] > 0.5
    assert sum(calm) == pytest.approx(1) == sum(rough)


def test_so_it_is_of_classes():
    def drawn(moved: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        likely = 1 / (1 + np.exp(-_WARM))
        truth = _DRAW.random(_ROWS) < 1 / (1 + np.exp(-_WARM - moved))
        return np.column_stack([1 - likely, likely]), truth.astype(np.int64)

    calm, rough = moves(*drawn(0 * _BY_WINDOW)), moves(*drawn(_BY_WINDOW))
    assert calm[2] + calm[3] < 0.02 < rough[2] + rough[3]


def test_levels_of_losses_are_rough_where_they_jump():
    losses = _DRAW.exponential(size=_ROWS)
    calm = rough_levels(losses, doubt=0.01)
    rough = rough_levels(losses * np.exp(_BY_WINDOW / 2), doubt=0.01)
    assert sum(calm[3:]) < 0.01 < 0.5 < sum(rough[3:])


def test_of_few_windows_nothing_is_known():
    truth = _WARM + _DRAW.normal(size=_ROWS)
    assert moves(_WARM[:, None], truth, rows=2400) == ()
    assert moves(_WARM[:, None], np.full(_ROWS, np.nan)) == ()


def test_of_several_classes_it_counts_whether_the_likeliest_came_true():
    answers = np.array([[0.2, 0.5, 0.3], [0.2, 0.5, 0.3], [0.4, 0.3, 0.3]])
    assert misses_of(np.array([1, 2, -1]), answers).tolist()[:2] == [1.0, -1.0]
