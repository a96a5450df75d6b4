"""The learners that can be tested here."""

from importlib.util import find_spec
from typing import Any

import pytest

from modelwright.learners.portfolio import family_of
from modelwright.learners.registry import LEARNERS

_LIBRARIES = {"torch": "torch"}
"""Libraries that the tests' own environment lacks, by the learners that need them."""


def learners_here() -> list[Any]:
    """Return the names of all learners, for a test that runs with each; some are skipped."""
    return [_marked(name, _LIBRARIES.get(family_of(LEARNERS[name]))) for name in LEARNERS]


def _marked(name: str, library: str | None) -> Any:
    absent = library is not None and find_spec(library) is None
    return pytest.param(name, marks=pytest.mark.skipif(absent, reason=f"{library} is missing"))
