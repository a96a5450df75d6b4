"""What a whole run holds, beside what it may."""

import pytest

from bench.memory import Held
from bench.phases import MIB, Phase, Run


@pytest.mark.parametrize(("peak_mib", "kept"), [(500, True), (510, False)])
def test_a_run_may_hold_three_times_its_table_beside_the_base(peak_mib, kept):
    phases = [Phase("plan", 1.0, 1.0, 300.0), Phase("build: Learning", 1.0, 1.0, float(peak_mib))]
    held = Held.of("shop", 10_000_000, Run(phases, peak_bytes=peak_mib * MIB))

    assert (held.allowed_bytes, held.is_kept) == (530_000_000, kept)
    assert held.phase == "build: Learning"
