import warnings
from collections.abc import Callable

import pytest

from example_bundle import make_bundle, make_covered_bundle
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.serving.app import create_app
from modelwright.tasks.task import Task

with warnings.catch_warnings():
    # Newer Starlettes would rather have httpx2 here; older ones know only httpx.
    warnings.filterwarnings("ignore", message=".*httpx", category=UserWarning)
    from starlette.testclient import TestClient


@pytest.fixture
def read(tmp_path) -> Callable[..., Bundle]:
    """Write a bundle, read it, as a server does."""

    def make(*task: Task, covered: bool = False) -> Bundle:
        made = make_covered_bundle(*task) if covered else make_bundle(*task)
        write_bundle(made, tmp_path / "bundle")
        return read_bundle(tmp_path / "bundle")

    return make


@pytest.fixture
def bundle(read) -> Bundle:
    return read()


@pytest.fixture
def client(bundle) -> TestClient:
    return TestClient(create_app(bundle), raise_server_exceptions=False)
