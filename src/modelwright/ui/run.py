"""The dashboard behind a socket of its own."""

import sys
from collections.abc import Callable
from pathlib import Path

from modelwright.errors import ServiceError, WorkspaceError
from modelwright.report.rendering import load_templates
from modelwright.serving.hosting import host
from modelwright.serving.settings import Settings, is_loopback
from modelwright.ui.app import create_dashboard


def run_dashboard(folder: Path, settings: Settings, *, announce: Callable[[str], None]) -> None:
    """Show workspaces until SIGTERM or Ctrl-C.

    Parameters
    ----------
    folder
        A workspace, or a folder of workspaces.
    settings
        How the dashboard is reached, and by whom.
    announce
        Told the address when requests are answered.

    Raises
    ------
    ServiceError
        When the address cannot be listened on, or others could reach it without a token.
    WorkspaceError
        When there is no such folder.
    """
    if not folder.is_dir():
        raise WorkspaceError(f"There is no folder {folder}.", "Name one that holds workspaces.")
    loopback = is_loopback(settings.host)
    if not loopback and not settings.tokens:
        raise ServiceError(
            f"On {settings.host} other machines could read everything, and there is no token.",
            "Put one into the environment variable MODELWRIGHT_TOKEN.",
        )
    load_templates()
    app = create_dashboard(folder, tokens=settings.tokens, loopback=loopback)
    host(app, settings, announce=lambda address: _tell(address, announce))


def _tell(address: str, announce: Callable[[str], None]) -> None:
    announce(address)
    sys.stdout.flush()
