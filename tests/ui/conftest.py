import shutil
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dossiers import flights_dossier
from example_bundle import make_covered_bundle
from modelwright.documents import write_document
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.report.dossier import Dossier
from modelwright.ui.app import create_dashboard
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import draft_folder, store_folder
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


def release(workspace: Workspace, bundle: Bundle, *, at: float = NOW) -> str:
    """Make a bundle the champion, and return its hash."""
    folder = draft_folder(workspace, "made")
    digest = write_bundle(bundle, folder)
    store_folder(workspace, folder, bundle.name)
    named = Aliases.read(workspace).assign("champion", digest, at=datetime.fromtimestamp(at, UTC))
    named.write(workspace)
    return digest


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return make_workspace(tmp_path / "late flights")


@pytest.fixture
def released(workspace, make_release) -> Workspace:
    make_release()
    return workspace


@pytest.fixture
def make_release(workspace) -> Callable[..., str]:
    """Make a bundle with a text of its own the champion, and return its hash."""

    def make(card: str = "# A card") -> str:
        return release(workspace, replace(make_covered_bundle(), card_text=card))

    return make


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


# Not for the session: while Playwright runs, no other test of its process can run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Start a real browser once a file: playwright's package drives Debian's chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no chromium")
    with sync_api.sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        opened = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()
