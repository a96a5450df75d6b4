"""Every page of a project, and the list of projects."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from modelwright._version import __version__
from modelwright.report.advice import limits, next_steps
from modelwright.report.dashboard.contest import LEDGER, SideBySide
from modelwright.report.dashboard.drilled import drilled
from modelwright.report.dashboard.form import Form
from modelwright.report.dashboard.site import Site
from modelwright.report.dashboard.standing import Standing
from modelwright.report.dashboard.timeline import draw_timeline
from modelwright.report.dashboard.tried import Tried
from modelwright.report.rendering import environment
from modelwright.report.sources import Sources

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "": "Overview",
        "plan": "Plan",
        "findings": "Findings",
        "candidate": "Candidate",
        "release": "Release",
        "health": "Health",
        "gameday": "Gameday",
        "try": "Try it",
    }
)
"""The pages of a project by the last part of their address, with their titles."""


def render_page(page: str, standing: Standing, site: Site) -> str:
    """Return a page of a project as HTML.

    Parameters
    ----------
    page
        One of `PAGES`.
    standing
        The project.
    site
        Where the page is.

    Raises
    ------
    KeyError
        When there is no such page.
    """
    if page == "try":
        return render_try(standing, site, None)
    return _render(
        f"{page or 'overview'}.html",
        site,
        title=PAGES[page],
        page=page,
        standing=standing,
        dossier=standing.dossier,
        source=standing.sources,
        root=site.project(standing.name),
        timeline=draw_timeline(standing.judgements),
        drill=drilled(standing.dossier.gameday),
        steps=next_steps(standing.dossier) if standing.dossier.documents else (),
        limits=limits(standing.dossier),
    )


def render_try(
    standing: Standing,
    site: Site,
    form: Form | None,
    *,
    tried: Tried | None = None,
    suffixes: Sequence[str] = (),
) -> str:
    """Return the page where a person tries rows.

    Parameters
    ----------
    standing
        The project.
    site
        Where the page is.
    form
        The fields, as they are filled in; None where no bundle answers.
    tried
        The answer to them; None before there is one.
    suffixes
        Of files of rows that may be sent.
    """
    return _render(
        "try.html",
        site,
        title=PAGES["try"],
        page="try",
        standing=standing,
        dossier=standing.dossier,
        form=form,
        tried=tried,
        suffixes=suffixes,
    )


def render_contest(sides: SideBySide, standing: Standing, site: Site, *, part: bool) -> str:
    """Return the comparison of champion and challenger as HTML.

    Parameters
    ----------
    sides
        What is known of both.
    standing
        The project.
    site
        Where the page is.
    part
        Whether it becomes a part of another page, instead of a page of its own.
    """
    template = "contest_part.html" if part else "contest.html"
    title = "Champion and challenger"
    given = {
        "sides": sides,
        "source": Sources((), {LEDGER: sides}),
        "standing": standing,
        "dossier": standing.dossier,
    }
    return _render(template, site, title=title, page="release", **given)


def render_projects(standings: Sequence[Standing], site: Site) -> str:
    """Return the list of projects as HTML."""
    return _render("projects.html", site, title="Projects", standings=standings)


def render_live(standing: Standing, site: Site) -> str:
    """Return the part of a page that tells of the command at work."""
    return _render("live.html", site, standing=standing, source=standing.sources)


def render_message(title: str, sentence: str, site: Site) -> str:
    """Return a page that says one thing, such as why there is no other."""
    return _render("message.html", site, title=title, sentence=sentence)


def render_sign_in(site: Site, *, then: str) -> str:
    """Return the page where a person gives the token.

    Parameters
    ----------
    site
        Where the page is.
    then
        The address of the page to go on to.
    """
    return _render("sign_in.html", site, title="Sign in", then=then)


def _render(template: str, site: Site, **given: Any) -> str:
    return (
        environment()
        .get_template(f"dashboard/{template}")
        .render(site=site, pages=PAGES, version=__version__, **given)
    )
