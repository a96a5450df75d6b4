"""The page of a drill."""

import dataclasses
import re

import msgspec
import pytest

from dossiers import flights_gameday
from html_page import Page
from modelwright.report.dashboard.drilled import drilled
from modelwright.report.dashboard.pages import render_page
from modelwright.report.dashboard.site import Site
from modelwright.report.dashboard.standing import Standing


def _page(dossier, **changed) -> str:
    held = msgspec.structs.replace(flights_gameday(), **changed)
    standing = Standing(name="late", dossier=dataclasses.replace(dossier, gameday=held))
    return render_page("gameday", standing, Site())


def test_every_fault_is_a_row_under_what_is_due(flights):
    page = Page(_page(flights))
    for told in (
        "Harm went unfound",
        "2 of 3 faults that do harm were found.",
        "Faults that do harm",
        "Changes of the world that do no harm",
        "2 windows late; loss +31%",
        "named covariate drift wind instead",
        "mended: impute (74 % of the added loss)",
        "An alarm in 1 of 9 windows",
        "a person is called for: unit change",
        "november <b>.parquet",
        "not the champion now",
    ):
        assert told in page.text, told


def test_what_was_never_found_goes_on_to_the_end():
    harmful = drilled(flights_gameday()).groups[0].figure
    assert ["unfound" in row.mark for row in harmful.rows] == [True, False, False]
    assert ["circle" in row.mark for row in harmful.rows] == [False, True, True]


@pytest.mark.parametrize("windows", [2, 3, 9, 24, 700])
def test_windows_have_no_halves(windows):
    held = msgspec.structs.replace(flights_gameday(), windows=windows)
    scale = drilled(held).groups[0].figure.scale
    assert re.findall(r">([0-9.,]+)<", scale)
    assert "." not in "".join(re.findall(r">([0-9.,]+)<", scale))


def test_a_drill_that_found_all_is_good(flights):
    outcomes = [each for each in flights_gameday().outcomes if each.found]
    html = _page(
        flights,
        outcomes=tuple(outcomes),
        false_alarms=(),
        bundle_hash=flights.release.bundle_hash,
    )
    assert "Found what does harm" in html
    assert "No alarm in 9 windows" in html.replace("\u00a0", " ")
    assert "not the champion now" not in html


def test_a_drill_in_which_nothing_did_harm_found_nothing():
    held = flights_gameday()
    harmless = [each for each in held.outcomes if each.harm != "harmful"]
    told = drilled(msgspec.structs.replace(held, outcomes=tuple(harmless)))
    assert (told.word, told.verdict) == ("Nothing did harm", "No fault did harm.")


@pytest.mark.parametrize("name", ["flights", "houses"])
def test_where_none_was_held_the_page_says_how(name, request):
    dossier = request.getfixturevalue(name)
    html = render_page("gameday", Standing(name="late", dossier=dossier), Site())
    assert "<code>modelwright gameday</code>" in html
