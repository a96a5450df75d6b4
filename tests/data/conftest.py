"""What the tests of data share."""

from collections.abc import Iterator

import pytest

from throwaway_mariadb import Server as Mariadb
from throwaway_mariadb import run_server as run_mariadb
from throwaway_postgresql import Server, run_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with run_server() as running:
        yield running


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Mariadb]:
    with run_mariadb() as running:
        yield running
