"""Champion and challenger side by side."""

import pytest

from modelwright.report.dashboard.contest import Side, SideBySide
from modelwright.report.dashboard.pages import render_contest
from modelwright.report.dashboard.site import Site
from modelwright.report.dashboard.standing import Standing
from modelwright.tasks.interval import Interval


def _interval(value: float) -> Interval:
    return Interval(value=value, low=value - 0.02, high=value + 0.02, method="betting")


SIDES = (
    Side(alias="champion", bundle="a1" * 20, loss=0.31, row_s=0.00041, answered=900),
    Side(alias="challenger", bundle="b2" * 20, loss=0.28, row_s=0.0005, answered=100, in_shadow=7),
)
COMPARED = SideBySide(
    sides=SIDES,
    verdict="promote",
    sentence="The challenger loses less <b>.",
    loss="log loss",
    answered=1_000,
    labelled=800,
    refused=3,
    looks=tuple((rows, _interval(0.03)) for rows in (100, 400, 800)),
)


@pytest.mark.parametrize("part", [True, False])
def test_both_are_shown_with_what_they_answered_and_lost(part):
    html = render_contest(COMPARED, Standing(name="x"), Site(), part=part)
    assert ("<!doctype html>" in html) is not part
    shown = html.replace("\u00a0", " ")
    for told in ("The challenger is better", "&lt;b&gt;", "90 %", "10 %", "0.31", "0.41 ms"):
        assert told in shown
    assert html.count("+0.030 (+0.010 to +0.050)") == 3
    assert "could not answer 3" in html


def test_nothing_is_compared_before_there_is_a_challenger():
    none = SideBySide(sides=SIDES[:1], sentence="There is no challenger.")
    html = render_contest(none, Standing(name="x"), Site(), part=True)
    assert "Nothing to compare" in html
    assert "There is no challenger." in html
    assert SideBySide(sides=()).shares == ()


@pytest.mark.parametrize(("verdict", "tone"), [("wait", "open"), ("give up", "care")])
def test_a_verdict_has_a_word_and_a_colour(verdict, tone):
    sides = SideBySide(sides=SIDES, verdict=verdict)
    assert (sides.tone, bool(sides.word)) == (tone, True)
