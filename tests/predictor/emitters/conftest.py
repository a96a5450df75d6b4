"""Bundles of every learner, each with all kinds of columns, for emitters to write."""

import pytest

from emitted_bundles import learned_bundles
from modelwright.predictor.bundle import Bundle


@pytest.fixture(scope="session")
def bundles() -> dict[str, Bundle]:
    return learned_bundles()
