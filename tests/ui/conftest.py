import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from dossiers import flights_dossier
from modelwright.documents import write_document
from modelwright.report.dossier import Dossier
from modelwright.ui.app import create_dashboard
from modelwright.workspace.folder import Workspace

with warnings.catch_warnings():
    # Newer Starlettes would rather have httpx2 here; older ones know only httpx.
    warnings.filterwarnings("ignore", message=".*httpx", category=UserWarning)
    from starlette.testclient import TestClient

TOKEN = "not-a-secret"
NOW = 1_770_000_000.0


def make_workspace(folder: Path, dossier: Dossier | None = None) -> Workspace:
    """Make a workspace with the documents of a dossier."""
    workspace = Workspace.create(folder)
    for document in (dossier or flights_dossier()).documents:
        write_document(document, workspace)
    return workspace


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return make_workspace(tmp_path / "late flights")


@pytest.fixture
def open_client(tmp_path, workspace) -> Callable[..., TestClient]:
    """Open a browser of a kind, at the machine of the server unless another address is said."""

    def make(folder: Path | None = None, *, address="http://localhost:8010", **given) -> TestClient:
        app = create_dashboard(
            folder or workspace.path, clock=lambda: NOW, **{"tokens": [TOKEN]} | given
        )
        return TestClient(app, base_url=address, raise_server_exceptions=False)

    return make


@pytest.fixture
def client(open_client) -> TestClient:
    return open_client()
