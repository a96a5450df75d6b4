import numpy as np

from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.reference.roughness import rough_columns, rough_losses

_ROWS = 6000
_DRAW = np.random.default_rng(0)


def rough(values, kind: Kind = Kind.NUMERIC) -> float:
    schema = Schema(columns=(Column(name="warm", kind=kind),))
    return rough_columns({"warm": values}, schema, np.arange(len(values))).get("warm", 0.0)


def test_a_column_that_jumped_in_training_is_rough():
    calm = _DRAW.normal(size=_ROWS)
    assert rough(calm) < 1
    assert rough(calm + 9 * (np.arange(_ROWS) >= 3000)) > 10
    levels = np.where(np.arange(_ROWS) < 3000, "winter", "summer").astype(object)
    assert rough(levels, Kind.CATEGORICAL) > 10


def test_a_break_in_training_does_not_make_the_watch_blind():
    assert rough(1e6 * (np.arange(_ROWS) >= 3000) + _DRAW.normal(size=_ROWS)) <= 40


def test_of_few_rows_and_of_nothing_that_varies_nothing_is_known():
    assert rough(_DRAW.normal(size=1500) + (np.arange(1500) >= 700) * 9) == 0
    assert rough(np.full(_ROWS, np.nan)) == 0
    assert rough_losses(np.ones(1500)) is None


def test_losses_are_as_rough_as_their_windows():
    levels = np.repeat(np.exp([0.0, 0.5, 0.0, 0.5, 0.0, 0.5]), 500)
    assert 0.2 < rough_losses(levels) < 0.3
    assert rough_losses(np.where(np.arange(3000) % 2, np.nan, levels)) == rough_losses(levels)
    assert rough_losses(np.ones(_ROWS)) == 0
