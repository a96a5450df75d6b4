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
    return [_marked(name) for name in LEARNERS]


def missing_library(name: str) -> str | None:
    """Return the library that a learner needs and that is missing here, if there is one."""
    library = _LIBRARIES.get(family_of(LEARNERS[name]))
    return library if library is not None and find_spec(library) is None else None


def _marked(name: str) -> Any:
    library = missing_library(name)
    absent = pytest.mark.skipif(library is not None, reason=f"{library} is missing")
    return pytest.param(name, marks=absent)
