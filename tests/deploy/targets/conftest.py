from pathlib import Path

import pytest

from example_bundle import make_bundle
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.wheels import wheels
from modelwright.errors import InputError
from modelwright.predictor.bundle_folder import write_bundle


@pytest.fixture
def delivery(tmp_path) -> Delivery:
    write_bundle(make_bundle(), tmp_path / "source")
    return Delivery.of(tmp_path / "source")


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "out"


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory) -> Path:
    """A folder with the pinned wheels, fetched once; without an index what needs it is skipped."""
    folder = tmp_path_factory.mktemp("wheels")
    try:
        found = wheels(Delivery(make_bundle(), Path("unused")))
    except InputError as error:
        pytest.skip(f"no package index: {error}")
    for name, data in found.items():
        (folder / Path(name).name).write_bytes(data)
    return folder
