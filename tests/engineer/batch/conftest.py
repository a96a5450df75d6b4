import pytest

from batch_examples import write_example


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    """A bundle's folder, with a contract."""
    return write_example(tmp_path_factory.mktemp("batch"))
