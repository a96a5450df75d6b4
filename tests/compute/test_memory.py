import sys

import numpy as np
import pytest

from modelwright.compute.memory import held_memory, peak_memory, release_memory

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
