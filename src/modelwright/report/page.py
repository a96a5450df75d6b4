"""All documents of a workspace as one HTML file that needs no network and runs no script."""

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from modelwright._version import __version__
from modelwright.compute.budget import format_duration
from modelwright.report import advice, coverage, everyday, figures, words
from modelwright.report.charts.dots import draw_dots
from modelwright.report.dossier import Dossier
from modelwright.report.drawings import draw_curves
from modelwright.workspace.folder import Workspace

_NAME = "reports/report.html"
_TEMPLATES = PackageLoader("modelwright.report")


def write_report(workspace: Workspace) -> Path:
    """Write `reports/report.html` from the documents that the workspace has.

    Parameters
    ----------
    workspace
        With one document at least; the more there are, the more the report tells.

    Returns
    -------
    Path
        The file. It is replaced as a whole, holds everything that it shows, stays under 2 MB and
        escapes whatever came from the data.

    Raises
    ------
    WorkspaceError
        When there is no document, or the file cannot be written.
    """
    page = render_page(Dossier.read(workspace))
    workspace.write_text(_NAME, page)
    return workspace.path / _NAME


def render_page(dossier: Dossier) -> str:
    """Return the report as HTML, the same for the same documents.

    Parameters
    ----------
    dossier
        The documents.
    """
    environment = _environment()
    style, _, _ = _TEMPLATES.get_source(environment, "style.css")
    return environment.get_template("page.html").render(
        dossier=dossier,
        version=__version__,
        style=Markup(style),
        # A policy that names the one style by its hash lets nothing else in, not even what a
        # mistake in escaping would have let through.
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        answer=everyday.answer(dossier),
        steps=advice.next_steps(dossier),
        limits=advice.limits(dossier),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=_TEMPLATES,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= _FILTERS
    environment.globals |= _FUNCTIONS
    return environment


_FILTERS: dict[str, Any] = {
    "better": words.better_is,
    "clip": words.clip,
    "duration": format_duration,
    "gain": words.gain,
    "interval": words.interval,
    "listed": words.listed,
    "moment": words.moment,
    "number": words.number,
    "percent": words.percent,
    "plural": words.plural,
    "size": words.size,
    "times": words.times,
    "title_of": words.metric_title,
}

_FUNCTIONS: dict[str, Any] = {
    "draw_curves": draw_curves,
    "draw_dots": draw_dots,
    "hundreds": everyday.hundreds,
    "positive_name": everyday.positive_name,
    "quality": everyday.quality,
    "show_coverage": coverage.show_coverage,
    "show_gains": figures.show_gains,
    "show_frontier": figures.show_frontier,
    "show_health": figures.show_health,
    "show_importances": figures.show_importances,
    "show_growth": figures.show_growth,
    "show_outlook": figures.show_outlook,
    "show_scores": figures.show_scores,
    "show_slices": figures.show_slices,
}
