import sys

import numpy as np
import pytest

from modelwright.compute import memory
from modelwright.compute.memory import (
    held_memory,
    peak_memory,
    release_grown_memory,
    release_memory,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it so")
_BYTES = 200_000_000


def test_what_is_held_is_counted_and_given_back():
    before = held_memory()
    kept = np.ones(_BYTES, dtype=np.uint8)
    assert held_memory() - before > 0.9 * _BYTES
    assert peak_memory() >= held_memory() * 0.99
    del kept
    release_memory()
    assert held_memory() - before < 0.5 * _BYTES


def test_memory_is_given_back_when_the_process_has_grown(monkeypatch):
    given = []
    release_memory()
    monkeypatch.setattr(memory, "release_memory", lambda: given.append(1))
    held = held_memory()
    for grown in (0, 1 << 20, 20 << 20):
        monkeypatch.setattr(memory, "held_memory", lambda grown=grown: held + grown)
        release_grown_memory()
    assert len(given) == 1


def test_growth_counts_from_the_least_that_was_held_since(monkeypatch):
    given = []
    release_memory()
    monkeypatch.setattr(memory, "release_memory", lambda: given.append(1))
    for held in (100 << 20, 10 << 20, 30 << 20):
        monkeypatch.setattr(memory, "held_memory", lambda held=held: held)
        release_grown_memory()
    assert given
