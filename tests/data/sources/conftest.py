"""What the tests of sources share."""

from collections.abc import Iterator

import pytest

from throwaway_postgresql import Server, run_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with run_server() as running:
        yield running
