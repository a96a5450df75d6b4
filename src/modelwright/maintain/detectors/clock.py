"""A clock that is off."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Kind
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.look import Look

_LEAST = 15 * 60_000_000
"""Microseconds that a clock must be off to matter."""
_HOUR = 3_600_000_000
_EXPLAINED = 0.8
"""The part of the surprise that must vanish when the clock is turned back."""
_LATE = 0.1
"""How often past moments may have run back, as a part of how far they run back now."""


def find_shifted_clock(look: Look, least: float) -> Iterator[Finding]:
    """Yield the columns of moments that ran back, or whose hours of the day are others."""
    for column in look.sketch.columns:
        if column.kind != Kind.DATETIME:
            continue
        back = _ran_back(look, column.name)
        hours, partner = _hours(look, column.name, least)
        if back:
            yield Finding(
                kind="shifted clock",
                columns=(column.name,),
                evidence=max(least + 1.0, hours),
                sentence=f"{column.name!r} ran back by {timedelta(microseconds=back)}, which it "
                "never did before.",
                is_broken=True,
            )
        elif hours >= least and _is_explained(look, column.name, partner, hours):
            yield Finding(
                kind="shifted clock",
                columns=(column.name,),
                evidence=hours,
                sentence=f"{column.name!r} has other hours of the day than before.",
                is_broken=True,
            )


def _hours(look: Look, name: str, least: float) -> tuple[float, str | None]:
    """Return how surprising the hours are, alone or beside another column that is as it was."""
    found: list[tuple[float, str | None]] = [(look.surprise("values", name), None)]
    for pair in look.sketch.pairs:
        if name in pair:
            other = pair[0] if pair[1] == name else pair[1]
            if look.surprise("values", other) < least:
                found.append((look.surprise("pair", *pair), other))
    return max(found, key=lambda each: each[0])


def _is_explained(look: Look, name: str, partner: str | None, hours: float) -> bool:
    """Say whether the hours are as before once the clock is turned by some of them."""
    turned = ((look.values[name] + shift * _HOUR) % (24 * _HOUR) for shift in range(1, 24))
    if partner is None:
        left = min(look.recount(name, values) for values in turned)
    else:
        left = min(look.recount_pair(name, partner, values) for values in turned)
    return left < (1 - _EXPLAINED) * hours


def _ran_back(look: Look, name: str) -> int:
    """Return by how much the first moments lie before the last ones, if that is new; else 0."""
    moments = look.rows.columns[name]
    moments = moments[moments != MISSING_DATETIME]
    windows = look.sketch.past
    lasts = [window.last[name] for window in windows if name in window.last]
    if not len(moments) or not lasts:
        return 0
    back = int(max(lasts) - moments[0])
    return back if back >= _LEAST and _usual_back(look, name) <= _LATE * back else 0


def _usual_back(look: Look, name: str) -> int:
    """Return how far moments ran back at most, from row to row and from window to window."""
    moments = np.concatenate([window.columns[name] for window in look.sketch.past])
    moments = moments[moments != MISSING_DATETIME]
    now = look.rows.columns[name]
    now = now[now != MISSING_DATETIME]
    steps = [_most_back(part) for part in (moments, now)]
    return max(steps)


def _most_back(moments: np.ndarray) -> int:
    if len(moments) < 2:
        return 0
    return int((np.maximum.accumulate(moments) - moments).max())
