from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.detectors.stale import find_stale

HOUR = 3_600_000_000
NOON = 1_772_366_400_000_000
RANDOM = np.random.default_rng(1)


def window(hours: float, *, logged: bool = True) -> Any:
    """Make rows that are so old, and an hour more or less, when they come."""
    arrived = NOON + np.arange(300) * 1_000_000
    moments = arrived - ((hours + RANDOM.random(300)) * HOUR).astype(np.int64)
    moments[0] = MISSING_DATETIME
    came: NDArray[Any] | None = arrived if logged else None
    return SimpleNamespace(columns={"asked": moments}, arrived=came)


def found(now: Any, *, moment: str = "asked") -> list[Finding]:
    past = [window(1.0) for _ in range(3)]
    bundle = SimpleNamespace(facts=SimpleNamespace(moment=moment))
    sketch = SimpleNamespace(past=past)
    look: Any = SimpleNamespace(bundle=bundle, rows=now, sketch=sketch, of_feed=lambda least: least)
    for each in past:
        each.arrived = tuple(each.arrived)
    return list(find_stale(look, 10.0))


def test_rows_that_lag_are_told_with_their_age() -> None:
    (finding,) = found(window(7.0))
    assert (finding.kind, finding.columns, finding.is_broken) == ("stale rows", ("asked",), True)
    assert finding.sentence.startswith("100 % of rows are older than 3:2")
    assert "half of them 7:" in finding.sentence


def test_a_clock_turned_by_an_hour_is_no_lag() -> None:
    assert not found(window(2.0))


def test_what_is_not_known_is_not_judged() -> None:
    assert not found(window(7.0, logged=False))
    assert not found(window(7.0), moment="")
