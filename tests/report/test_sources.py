"""Every figure of the report is in the document that it names, and is derived from it anew."""

import dataclasses

import msgspec
import pytest

from modelwright.documents import Dependence, Disturbance
from modelwright.report.dossier import Dossier
from modelwright.report.page import render_page
from modelwright.tasks.costs import Costs
from modelwright.tasks.interval import Interval
from page_figures import astray, count_figures


def with_behaviour(dossier: Dossier) -> Dossier:
    """Return a dossier whose candidate says how it behaves."""
    assert dossier.candidate is not None
    loss = Interval(value=0.0712, low=0.051, high=0.0914, method="paired bootstrap")
    lost = [
        Disturbance(kind=kind, column="carrier", amount=amount, rows=2_000, score=0.6931, loss=loss)
        for kind, amount in (("missing column", 1.0), ("noise", 0.1), ("unit change", 1_000.0))
    ]
    follows = Dependence(
        column="dep_hour",
        of=True,
        values=(5.5, 12.25, 21.0),
        answers=(0.1234, 0.2345, 0.4567),
        low=(0.05, 0.1, 0.2),
        high=(0.3, 0.4, 0.8),
        rows=288,
    )
    levels = msgspec.structs.replace(
        follows, column="carrier 7", values=("B6", "2014-03-01T10:00:00", "9E")
    )
    evaluation = msgspec.structs.replace(
        dossier.candidate.evaluation, robustness=tuple(lost), dependences=(follows, levels)
    )
    made = msgspec.structs.replace(dossier.candidate, evaluation=evaluation)
    return dataclasses.replace(dossier, candidate=made)


def with_costs(dossier: Dossier) -> Dossier:
    """Return a dossier whose question says what mistakes cost."""
    costs = Costs(false_positive=1.0, false_negative=4.0, unit="EUR")
    return dataclasses.replace(dossier, plan=msgspec.structs.replace(dossier.plan, costs=costs))


@pytest.mark.parametrize(("name", "most"), [("flights", 600), ("houses", 250), ("penguins", 150)])
def test_every_figure_is_derived_from_the_document_that_it_names(name, most, request):
    dossier = with_costs(with_behaviour(request.getfixturevalue(name)))
    html = render_page(dossier)
    assert astray(html, dossier) == []
    assert count_figures(html) > most


def test_a_page_of_300_columns_names_its_sources_too(wide):
    assert astray(render_page(wide), wide) == []


@pytest.mark.parametrize(
    ("field", "place", "value"),
    [
        ("training_rows", None, 27_123),
        ("trials", 0, {"score": 0.6213}),
        ("evaluation", "score", {"value": 0.6123}),
        ("evaluation", "gain", {"low": 0.0444}),
        ("evaluation", "warned_right", 4_321),
    ],
)
def test_a_figure_that_is_not_in_the_document_is_found_out(field, place, value, flights):
    html = render_page(flights)
    made = getattr(flights.candidate, field)
    if isinstance(place, int):
        changed = (msgspec.structs.replace(made[place], **value), *made[place + 1 :])
    elif place is None:
        changed = value
    elif isinstance(value, dict):
        part = msgspec.structs.replace(getattr(made, place), **value)
        changed = msgspec.structs.replace(made, **{place: part})
    else:
        changed = msgspec.structs.replace(made, **{place: value})
    candidate = msgspec.structs.replace(flights.candidate, **{field: changed})
    assert astray(html, dataclasses.replace(flights, candidate=candidate))
