"""Pages: whole, safe, and true to the documents."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from html_page import Page
from modelwright.documents import Proposal
from modelwright.report.dashboard.pages import (
    PAGES,
    render_live,
    render_message,
    render_page,
    render_projects,
    render_sign_in,
)
from modelwright.report.dashboard.site import Notice, Site, Visitor
from modelwright.report.dashboard.standing import Standing
from modelwright.report.dashboard.work import Line, Work
from modelwright.tasks.interval import Interval
from modelwright.workspace.alarm import Alarm, Sign
from modelwright.workspace.journal import Run

_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _every_page(standing: Standing, site: Site) -> list[str]:
    pages = [render_page(page, standing, site) for page in PAGES]
    others = (
        render_projects([standing], site),
        render_sign_in(site, then="/p/<x>/"),
        render_message("A fault", "<b>", site),
    )
    return [*pages, *others]


def _standing(dossier, **given) -> Standing:
    return Standing(name="<b>late & flights", dossier=dossier, **given)


@pytest.mark.parametrize("name", ["flights", "houses", "penguins", "wide"])
def test_every_page_is_well_formed_and_has_no_script_or_style_of_its_own(name, request):
    standing = _standing(request.getfixturevalue(name))
    for html in _every_page(standing, Site(base="/ui", several=True)):
        page = Page(html)
        for tag, attributes in page.elements:
            assert "style" not in attributes, attributes
            assert not any(each.startswith("on") for each in attributes), attributes
            assert tag != "style"
            assert tag not in {"b", "em", "img", "u"} or attributes == {}
            for address in (attributes.get("href", "#"), attributes.get("src", "#")):
                assert address.startswith(("/ui/", "#")), address
        scripts = [attributes for tag, attributes in page.elements if tag == "script"]
        assert [set(each) for each in scripts] == [{"src", "defer"}]
        assert "<em>this" not in html
        assert "alert('a')</script>" not in html
        assert "{{" not in page.text.replace("x{{ 7 * 7 }}", "")


def test_headings_and_labels_are_there_for_who_does_not_see_the_page(wide):
    for html in _every_page(_standing(wide), Site()):
        elements = Page(html).elements
        assert [tag for tag, _ in elements].count("h1") == 1
        names = {each["id"] for _, each in elements if "id" in each}
        assert all(each["for"] in names for tag, each in elements if tag == "label" and each)
        ids = [each["id"] for _, each in elements if "id" in each]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_workspace_says_what_to_do(page):
    html = render_page(page, Standing(name="new"), Site())
    assert ("Nothing was made here yet" if not page else "modelwright run") in html


def test_the_overview_tells_the_answer_and_what_was_done(flights):
    run = Run(id=1, command="run", pid=1, started=_NOW, ended=None, exit_code=None)
    html = render_page("", _standing(flights, runs=[run]), Site())
    assert "Will this flight arrive more than 15 minutes late" in html
    assert "The model answers this better" in html
    assert "did not end" in html


def test_the_pages_show_what_is_in_the_documents(flights):
    standing = _standing(flights)
    for page, told in {
        "plan": "area under the ROC curve",
        "findings": "arr_delay",
        "candidate": "XGBoost",
        "release": "the served bundle answers the same",
        "health": "the median fell from 59 to 45",
    }.items():
        assert told in render_page(page, standing, Site())


def test_only_those_who_may_sign_in_are_offered_it(flights):
    standing = _standing(flights)
    assert "read only" in render_page("", standing, Site())
    told = render_page("", standing, Site(visitor=Visitor(may_sign_in=True)))
    assert "/sign-in" in told
    acting = Visitor(token="abc", may_act=True, may_sign_in=True)
    told = render_page("", standing, Site(visitor=acting))
    assert "/sign-out" in told
    assert 'value="abc"' in told


def test_a_notice_and_a_fault_are_said_first(flights):
    site = Site(notice=Notice(sentence="<i>rolled back"))
    html = render_page("", _standing(flights, fault="<u>damaged"), site)
    assert 'role="status">&lt;i&gt;rolled back' in html
    assert 'role="alert">&lt;u&gt;damaged' in html


def test_work_is_told_with_its_phases_and_the_time_left():
    lines = [
        Line(at=_NOW + timedelta(seconds=second), room=room, sentence=f"<p>{room}")
        for second, room in ((1, "data"), (2, "plan"), (9, "build"))
    ]
    work = Work(
        command="run", started=_NOW, now=_NOW + timedelta(seconds=30), lines=lines, budget_s=60.0
    )
    html = render_live(Standing(name="x", work=work), Site())
    assert html.count('class="done"') == 2
    assert 'class="now" aria-current="step"' in html
    assert "at most 30\u00a0s left" in html
    assert "&lt;p&gt;build" in html
    assert render_live(Standing(name="x"), Site()).strip() == ""


def test_alarms_are_told_on_the_overview_and_on_health(flights):
    sign = Sign(kind="unit change", columns=("amo<unt",), sentence="in cents", action="fix input")
    alarm = Alarm.open_for(sign, number=3, at=_NOW)
    gone = replace(alarm, number=2, kind="stuck values").close(at=_NOW)
    standing = _standing(flights, alarms=[gone, alarm.acknowledge("Ann", note="asked", at=_NOW)])
    assert "unit change: amo&lt;unt" in render_page("", standing, Site())
    assert "stuck values" not in render_page("", standing, Site())
    health = render_page("health", standing, Site())
    assert "acknowledged by <bdi>Ann</bdi>: <bdi>asked</bdi>" in health
    assert "1 closed alarm" in health


def test_judgements_are_a_picture_and_a_table(flights):
    ill = replace(flights.health, healthy=False, action="retrain", realised=None)
    well = [
        replace(flights.health, made_at=(_NOW + timedelta(days=day)).isoformat())
        for day in range(3)
    ]
    html = render_page("health", _standing(flights, judgements=[*well, ill]), Site())
    assert "4 judgements over time, 1 of them called for action" in html
    assert html.count('class="ill"') == 1
    assert "retrain" in html
    assert "over time" not in render_page("health", _standing(flights), Site())


def test_remedies_are_told_with_what_they_spared_and_taken_by_those_who_may(flights):
    release = flights.release
    saves = Interval(value=0.62, low=0.4, high=0.81, method="blocks")
    fix = Proposal(
        remedy="fix <i>units",
        sentence="Read 'amount' / 100.",
        columns=("amo<unt",),
        saves=saves,
        worst=-0.1,
        windows=6,
        rows=1_200,
        bundle_path="remedies/fix-units",
        bundle_hash="c0ffee" * 8,
    )
    asks = Proposal(remedy="call a person", sentence="Let somebody look.")
    health = replace(
        flights.health,
        healthy=False,
        bundle_hash=release.bundle_hash,
        remedies=(fix, asks),
    )
    standing = _standing(dataclasses.replace(flights, health=health))
    html = render_page("health", standing, Site())
    assert "62\u00a0% (40\u00a0% to 81\u00a0%)" in html
    assert "In the worst window the loss was 10\u00a0% larger." in html
    assert "fix &lt;i&gt;units" in html
    assert "do/remedy" not in html
    acting = Site(visitor=Visitor(token="abc", may_act=True, may_sign_in=True))
    html = render_page("health", standing, acting)
    assert html.count("do/remedy") == 1
    assert "so it needs a reason" not in html
    stale = dataclasses.replace(flights, health=replace(health, bundle_hash="0" * 64))
    html = render_page("health", _standing(stale), acting)
    assert "do/remedy" not in html
    assert "not the champion now" in html
