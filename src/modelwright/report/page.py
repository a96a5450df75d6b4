"""All documents of a workspace as one HTML file that needs no network and runs no script."""

from pathlib import Path

from modelwright._version import __version__
from modelwright.report import advice, everyday
from modelwright.report.dossier import Dossier
from modelwright.report.rendering import render_file
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
    return render_file(
        "page.html",
        dossier=dossier,
        source=dossier.sources,
        root="../",
        version=__version__,
        answer=everyday.answer(dossier),
        steps=advice.next_steps(dossier),
        limits=advice.limits(dossier),
    )
