"""All documents of a workspace as one HTML file that needs no network and runs no script."""

import hashlib
from base64 import b64encode
from pathlib import Path

from markupsafe import Markup

from modelwright._version import __version__
from modelwright.report import advice, everyday
from modelwright.report.dossier import Dossier
from modelwright.report.rendering import environment, source_of
from modelwright.workspace.folder import Workspace

_NAME = "reports/report.html"


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
    style = source_of("style.css")
    return (
        environment()
        .get_template("page.html")
        .render(
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
    )
