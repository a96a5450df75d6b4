import numpy as np

from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.reference.beyond import shares_beyond

_ROWS = 3000
_AT = np.arange(_ROWS)
_DRAW = np.random.default_rng(0)


def beyond(values, kind: Kind = Kind.NUMERIC, order=_AT) -> float:
    schema = Schema(columns=(Column(name="x", kind=kind),))
    return shares_beyond({"x": values}, schema, order).get("x", 0.0)


def test_what_comes_in_its_turn_lies_beyond_what_came_before():
    seasons = np.array(["winter", "spring", "summer"], dtype=object)[_AT // 1000]
    assert beyond(seasons, Kind.CATEGORICAL) == 1
    assert beyond(_AT // 500 + 1.0) == 1
    # In another order all seasons were there from the beginning.
    assert beyond(seasons, Kind.CATEGORICAL, _DRAW.permutation(_ROWS)) == 0


def test_what_is_drawn_alike_does_not():
    assert beyond(_DRAW.lognormal(0, 2, _ROWS)) == 0
    some = _DRAW.integers(0, 40, _ROWS).astype(str).astype(object)
    assert beyond(some, Kind.CATEGORICAL) == 0


def test_what_is_missing_or_of_few_rows_says_nothing():
    assert beyond(np.where(_AT < 1500, np.nan, 1.0)) == 0
    assert beyond(np.where(_AT < 1500, 1.0, np.nan)) == 0
    missing = np.full(_ROWS, None, dtype=object)
    assert beyond(missing, Kind.CATEGORICAL) == 0
    assert beyond(np.arange(400.0), order=np.arange(400)) == 0
