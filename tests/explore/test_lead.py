import numpy as np
import polars as pl
import pytest

from modelwright.explore.lead import Lead
from modelwright.explore.learning_curve import LearningCurve


def middle(lead):
    return float(np.median(lead.drawn(4_000)))


@pytest.mark.parametrize("told", [-0.5, 0.0])
def test_where_columns_tell_nothing_no_model_is_ahead(told):
    assert middle(Lead(told=told)) == pytest.approx(0.0, abs=0.01)


def test_the_more_they_tell_the_further_ahead_and_the_less_surely():
    leads = [Lead(told=0.5), Lead(told=1.5), Lead(told=1.5, classes=20)]
    middles = [middle(each) for each in leads]
    spreads = [each.drawn(4_000).std() for each in leads]
    assert middles == sorted(middles, reverse=True)
    assert spreads == sorted(spreads)


@pytest.mark.parametrize(("noise", "least", "most"), [(0.1, 1.0, 4.0), (100.0, -0.2, 0.1)])
def test_it_is_measured_beside_a_constant_answer(subject_for, rng, noise, least, most):
    x = rng.normal(size=3_000)
    table = pl.DataFrame({"x": x, "y": x + noise * rng.normal(size=3_000)})
    curve = LearningCurve.measure(subject_for(table, "y").rehearsal)
    assert least < curve.lead.told < most
