"""The report and the summary in a real browser: they fit the screen and the sheet."""

import dataclasses
import re
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from dossiers import flights_dossier, houses_dossier, wide_dossier
from modelwright.report.dossier import Dossier
from modelwright.report.notebook import show
from modelwright.report.page import render_page
from modelwright.report.summary import render_summary, summarise
from modelwright.report.voice import LANGUAGES, voice_of
from modelwright.tasks.costs import Costs
from seen_pages import judged, overflow

_A4 = {"width": "210mm", "height": "297mm"}
_LIMIT_BYTES = 2_000_000


def _with_costs(dossier: Dossier) -> Dossier:
    costs = Costs(false_positive=1.0, false_negative=4.0, unit="EUR")
    return dataclasses.replace(dossier, plan=replace(dossier.plan, costs=costs))


_DOSSIERS = {
    "flights": _with_costs(flights_dossier()),
    "houses": houses_dossier(),
    "wide": _with_costs(wide_dossier()),
}


def _pages() -> Iterator[tuple[str, str]]:
    for name, dossier in _DOSSIERS.items():
        yield f"report of {name}", render_page(dossier)
        yield f"summary of {name}", render_summary(summarise(dossier), dossier.sources)


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_they_fit_and_can_be_read_in_light_and_dark(page):
    faults = []
    for name, html in _pages():
        page.set_content(html)
        if name != "report of wide":  # It has the same parts, and ten times as many rows.
            faults += judged(page, "light", "dark")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) <= 0, (name, width)
    assert faults == []


def test_a_notebook_of_a_phone_needs_no_scrolling(page):
    page.set_viewport_size({"width": 390, "height": 900})
    for document in _DOSSIERS["wide"].documents:
        page.goto("about:blank")  # A report that was shown before lets no style in.
        page.set_content(show(document))
        assert overflow(page) <= 0, document.file_name


def test_drawings_stay_in_their_part_and_tables_need_no_scrolling(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.set_content(render_page(_DOSSIERS["flights"]))
    scrolled = page.evaluate(
        """() => [...document.querySelectorAll(".wide")]
            .filter((each) => each.scrollWidth > each.clientWidth + 1)
            .map((each) => each.getAttribute("aria-label"))"""
    )
    assert scrolled == []
    outside = page.evaluate(
        """() => [...document.querySelectorAll("svg")].filter((each) => {
            const part = each.closest("section").getBoundingClientRect();
            const drawn = each.getBoundingClientRect();
            const beyond = drawn.bottom > part.bottom || drawn.right > part.right;
            return beyond && each.checkVisibility();
        }).length"""
    )
    assert outside == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_prints_on_one_sheet(language, page):
    for name, dossier in _DOSSIERS.items():
        html = render_summary(summarise(dossier, voice_of(language)), dossier.sources)
        page.set_content(html)
        printed = page.pdf(prefer_css_page_size=True, **_A4)
        assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1, name
        assert len(html.encode()) < _LIMIT_BYTES
