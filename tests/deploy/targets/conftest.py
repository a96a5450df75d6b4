from pathlib import Path

import pytest

from example_bundle import make_bundle
from modelwright.deploy.targets.base import Delivery
from modelwright.predictor.bundle import write_bundle


@pytest.fixture
def delivery(tmp_path) -> Delivery:
    write_bundle(make_bundle(), tmp_path / "source")
    return Delivery.of(tmp_path / "source")


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "out"
