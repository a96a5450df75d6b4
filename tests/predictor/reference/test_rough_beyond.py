import numpy as np

from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.reference.beyond import Beyond
from modelwright.predictor.reference.rough_beyond import rough_beyond

_ROWS = 3000
_AT = np.arange(_ROWS)
_DRAW = np.random.default_rng(0)


def beyond(values, kind: Kind = Kind.NUMERIC, order=_AT) -> Beyond:
    schema = Schema(columns=(Column(name="x", kind=kind),))
    return rough_beyond({"x": values}, schema, order).get("x", Beyond())


def test_what_comes_in_its_turn_lies_beyond_what_came_before():
    seasons = np.array(["winter", "spring", "summer"], dtype=object)[_AT // 1000]
    assert beyond(seasons, Kind.CATEGORICAL).levels == 1
    assert beyond(_AT // 500 + 1990.0).above.share == 1
    # In another order all seasons were there from the beginning.
    assert beyond(seasons, Kind.CATEGORICAL, _DRAW.permutation(_ROWS)) == Beyond()


def test_what_is_drawn_alike_does_not():
    assert beyond(_DRAW.lognormal(0, 2, _ROWS)) == Beyond()
    some = _DRAW.integers(0, 40, _ROWS).astype(str).astype(object)
    assert beyond(some, Kind.CATEGORICAL) == Beyond()


def test_what_is_missing_or_of_few_rows_says_nothing():
    assert beyond(np.where(_AT < 1500, np.nan, 1.0)) == Beyond()
    assert beyond(np.where(_AT < 1500, 1.0, np.nan)) == Beyond()
    missing = np.full(_ROWS, None, dtype=object)
    assert beyond(missing, Kind.CATEGORICAL) == Beyond()
    assert beyond(np.arange(400.0), order=np.arange(400)) == Beyond()


def test_it_went_on_to_a_side_and_so_far():
    risen = beyond(_AT * 1.0)
    assert risen.below is None
    assert risen.above.share == 1
    # Five more lengths of training.
    assert 17_000 < risen.above.end < 19_000
    mirrored = beyond(_AT * -1.0)
    assert mirrored.above is None
    assert mirrored.below.end == -risen.above.end


def test_a_window_that_was_broken_excuses_nothing():
    values = _DRAW.normal(15, 8, 20_000)
    values[15_250:15_750] = -999.0
    assert beyond(values, order=np.arange(20_000)) == Beyond()
    levels = np.full(20_000, "a", dtype=object)
    levels[15_250:15_750] = "?"
    assert beyond(levels, Kind.CATEGORICAL, np.arange(20_000)) == Beyond()


def test_a_calendar_begins_again():
    autumn = beyond(7.0 + _AT // 501)
    assert (autumn.below.share, autumn.below.end) == (autumn.above.share, 1)
