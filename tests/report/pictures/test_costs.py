import dataclasses

import pytest
from msgspec.structs import replace

from modelwright.report.pictures.costs import draw_costs
from modelwright.tasks.costs import Costs


def test_the_ends_are_never_and_always_warning(flights):
    costs = Costs(false_positive=1.0, false_negative=4.0, unit="EUR")
    drawing = draw_costs(replace(flights.plan, costs=costs), flights.candidate)
    counts = flights.candidate.evaluation.counts
    never, always = (float(row[1].replace(",", "")) for row in (drawing.rows[0], drawing.rows[-1]))
    assert never == pytest.approx(4_000 * counts.positives / counts.rows, rel=1e-3)
    assert always == pytest.approx(1_000 * (1 - counts.positives / counts.rows), rel=1e-3)
    assert (drawing.rows[0][0], drawing.rows[-1][0]) == ("0", "1")
    assert drawing.headings[1] == "cost of a thousand cases, EUR"


def test_without_costs_or_a_ranking_there_is_no_picture(flights, houses):
    assert draw_costs(flights.plan, flights.candidate) is None
    assert draw_costs(None, flights.candidate) is None
    told = dataclasses.replace(houses, plan=replace(houses.plan, costs=Costs()))
    assert draw_costs(told.plan, told.candidate) is None
