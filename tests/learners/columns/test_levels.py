import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelwright.learners.columns.levels import MAX_LEVELS, MIN_COUNT, learn_levels, levels_of
from modelwright.predictor.operations.categories import MISSING_CODE, UNKNOWN_CODE
from modelwright.testing import example_rows


@given(st.lists(st.one_of(st.none(), st.sampled_from("abcdefg")), max_size=40))
def test_codes_are_those_that_the_program_gives(texts):
    values = np.array(texts, dtype=object)
    levels = learn_levels("x", values)
    np.testing.assert_array_equal(levels.codes, levels.step.run(values)[:, 0])
    counts = [texts.count(name) for name in levels.names]
    assert counts == sorted(counts, reverse=True)
    assert all(count >= MIN_COUNT for count in counts)
    assert levels.varies == (len(set(levels.codes.tolist())) > 1)


def test_levels_beyond_the_most_frequent_are_unknown():
    names = np.array([f"{number:05}" for number in range(MAX_LEVELS + 2)], dtype=object)
    levels = learn_levels("x", np.concatenate([np.repeat(names, MIN_COUNT), [None]]))
    assert len(levels.names) == MAX_LEVELS
    assert (levels.codes == UNKNOWN_CODE).sum() == 2 * MIN_COUNT
    assert levels.codes[-1] == MISSING_CODE
    assert levels.codes.max() == levels.size - 1


def test_learners_of_the_same_rows_share_levels():
    rows = example_rows("binary", count=60, seed=0)
    assert levels_of(rows, "city") is levels_of(rows, "city")
    assert levels_of(rows.take(np.arange(50)), "city") is not levels_of(rows, "city")
