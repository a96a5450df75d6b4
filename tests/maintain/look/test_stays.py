import numpy as np

from modelwright.maintain.look.stays import trained_share
from modelwright.predictor.reference.distribution import Binned, Levels, distribution_of


def test_a_level_of_many_is_not_as_common_as_all_that_are_rare() -> None:
    names = np.array([f"shop {number}" for number in range(2000)], dtype=object)
    trained = distribution_of(names, None)
    assert isinstance(trained, Levels)
    share = trained_share(trained, "shop 1999")
    assert share is not None
    assert share <= 0.001


def test_what_is_named_has_its_own_share_and_nothing_has_none() -> None:
    levels = Levels(levels=("a", "b"), counts=(5, 3, 0, 2))
    assert trained_share(levels, "a") == 0.5
    assert trained_share(Binned(measure="value", edges=(1.0,), counts=(0, 0, 0)), 0.5) is None
