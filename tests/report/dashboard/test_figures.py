"""Every figure of the dashboard is in what it names: a document, or what a workspace remembers."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from dossiers import flights_gameday
from modelwright.documents import Cause, Proposal
from modelwright.report.dashboard.contest import LEDGER, Side, SideBySide
from modelwright.report.dashboard.pages import (
    PAGES,
    render_contest,
    render_live,
    render_page,
    render_projects,
)
from modelwright.report.dashboard.site import Site, Visitor
from modelwright.report.dashboard.standing import Standing
from modelwright.report.dashboard.work import Line, Work
from modelwright.tasks.interval import Interval
from modelwright.workspace.alarm import Alarm, Sign
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.journal import Run
from modelwright.workspace.trial import Trial
from page_figures import astray, count_figures

_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_SITE = Site(visitor=Visitor(token="abc", may_act=True, may_sign_in=True), several=True)
_GAIN = Interval(value=0.03, low=0.01, high=0.05, method="betting")


def _busy(dossier) -> Standing:
    """Return a project with everything that pages tell beside the documents."""
    health = dossier.health
    saves = Interval(value=0.62, low=-0.1, high=0.81, method="blocks")
    fix = Proposal(
        remedy="fix units",
        sentence="Read 'amount' / 100.",
        saves=saves,
        worst=-0.1,
        windows=6,
        rows=1_200,
        bundle_path="remedies/fix-units",
        bundle_hash="c0ffee" * 8,
    )
    cause = Cause(
        kind="unit change", columns=("temp",), sentence="A factor of 1.8 in 38 % of rows."
    )
    ill = replace(health, healthy=False, remedies=(fix,), causes=(cause,))
    sign = Sign(kind="unit change", columns=("temp",), sentence="a factor of 1.8", action="fix")
    alarm = Alarm.open_for(sign, number=3, at=_NOW)
    gone = replace(alarm, number=2, kind="stuck values").close(at=_NOW)
    aliases = Aliases().assign("champion", health.bundle_hash, at=_NOW, who="Ann", why="by 0.02")
    trial = Trial(role="canary", share=0.15)
    run = Run(id=7, command="run", pid=1, started=_NOW, ended=None, exit_code=None)
    ended = replace(run, ended=_NOW + timedelta(seconds=83), exit_code=0)
    return Standing(
        name="late",
        dossier=dataclasses.replace(dossier, health=ill, gameday=flights_gameday()),
        aliases=aliases.assign("challenger", "b2" * 32, at=_NOW, trial=trial),
        runs=[*([ended] * 11), run],
        work=Work(
            command="run",
            started=_NOW,
            now=_NOW + timedelta(seconds=30),
            lines=[Line(at=_NOW, room="build", sentence="LightGBM: 0.7321, the best so far")],
            budget_s=60.0,
        ),
        alarms=[gone, alarm.acknowledge("Ann", note="asked 2 suppliers", at=_NOW)],
        judgements=[health, ill, ill],
    )


def _astray(html: str, standing: Standing) -> list[str]:
    return astray(html, standing.dossier, beside=standing.remembered)


@pytest.mark.parametrize(("name", "most"), [("flights", 500), ("houses", 150), ("wide", 900)])
def test_every_figure_is_derived_from_what_it_names(name, most, request):
    dossier = request.getfixturevalue(name)
    standing = _busy(dossier) if dossier.health else Standing(name="prices", dossier=dossier)
    pages = [render_page(page, standing, _SITE) for page in PAGES if page != "try"]
    pages += [render_projects([standing], _SITE), render_live(standing, _SITE)]
    assert [word for html in pages for word in _astray(html, standing)] == []
    assert sum(map(count_figures, pages)) > most


def test_a_figure_that_is_not_there_is_found_out(flights):
    standing = _busy(flights)
    changed = dataclasses.replace(standing, alarms=(), judgements=standing.judgements[:1])
    html = render_page("health", standing, _SITE)
    with pytest.raises(IndexError):
        _astray(html, changed)
    other = replace(flights.candidate, verdict="No.", training_rows=17)
    told = dataclasses.replace(standing, dossier=dataclasses.replace(flights, candidate=other))
    assert len(_astray(render_page("candidate", standing, _SITE), told)) > 0


def test_the_comparison_is_held_to_what_was_counted():
    sides = SideBySide(
        sides=(
            Side(alias="champion", bundle="a1" * 20, loss=0.31, row_s=0.00041, answered=900),
            Side(alias="challenger", bundle="b2" * 20, loss=0.28, answered=100, in_shadow=7),
        ),
        verdict="promote",
        sentence="It loses 0.03 less.",
        loss="log loss",
        answered=1_000,
        labelled=800,
        refused=3,
        looks=tuple((rows, _GAIN) for rows in (100, 400, 800)),
    )
    html = render_contest(sides, Standing(name="late"), Site(), part=True)
    found = astray(html, Standing(name="late").dossier, beside={LEDGER: sides})
    assert found == []
