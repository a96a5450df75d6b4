"""The model that answers: its bundle, its metric, and the rows that it was asked about."""

from dataclasses import replace
from datetime import datetime

from modelwright.documents import Release
from modelwright.errors import WorkspaceError
from modelwright.maintain.log.live_rows import LiveRows, read_labelled_rows, read_live_rows
from modelwright.maintain.log.window import Window
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_any_bundle
from modelwright.tasks.metrics import Metric, metric_named
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger

EVERYTHING = Window()
"""All that was ever answered."""
_HISTORY = 3_000
"""Rows before a window that say how estimates agreed, and what late labels say."""


def read_ledger(workspace: Workspace, bundle: Bundle, window: Window = EVERYTHING) -> LiveRows:
    """Read what a bundle answered, as the server logged it."""
    with Ledger.open(ledger_of(workspace.path)) as ledger:
        return read_live_rows(ledger, bundle, replace(window, version=bundle.hash))


def read_history(workspace: Workspace, bundle: Bundle, *, until: datetime) -> LiveRows:
    """Read the latest rows before a moment whose labels have come, however late."""
    with Ledger.open(ledger_of(workspace.path)) as ledger:
        return read_labelled_rows(ledger, bundle, until=until, limit=_HISTORY)


def open_champion(release: Release, workspace: Workspace, *, version: str | None = None) -> Bundle:
    """Read the bundle of a version, else the champion's, else the release's.

    Raises
    ------
    WorkspaceError
        When there is none.
    """
    chosen = version or Aliases.read(workspace).bundle("champion") or release.bundle_hash
    if not chosen:
        red = ", ".join(f"'{gate.name}'" for gate in release.gates if not gate.passed)
        raise WorkspaceError(
            f"Nothing was released here: red were the gates {red}.",
            "See them by: modelwright show release.",
        )
    return read_any_bundle(find_folder(workspace, chosen))


def metric_of(bundle: Bundle, release: Release, workspace: Workspace) -> Metric:
    """Return the bundle's metric.

    A function of the person's own is run only when the person's release names it too: a bundle is
    data.
    """
    name = bundle.facts.metric
    folder = workspace.path if name == release.metric else None
    return metric_named(name, bundle.program.task, folder=folder)
