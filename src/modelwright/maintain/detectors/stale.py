"""Rows that are older than usual when they are asked about: a feed that lags."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.look import Look
from modelwright.maintain.wording import percent
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.surprise import log_surprises

_USUAL = (0.05, 0.95)
_SLACK = 90 * 60_000_000
"""Microseconds by which rows may be older than nearly all were: clocks are turned by an hour."""
_JUMP = 0.3


def find_stale(look: Look, least: float) -> Iterator[Finding]:
    """Yield that rows are older than those of the past were, by their column of moments."""
    name, rows = look.bundle.facts.moment, look.rows
    past = look.sketch.past
    if name not in rows.columns or rows.arrived is None or not all(each.arrived for each in past):
        return
    before = [_ages(np.array(each.arrived), each.columns[name]) for each in past]
    now, known = _ages(rows.arrived, rows.columns[name]), np.concatenate(before)
    if not len(now) or not len(known):
        return
    low, high = np.quantile(known, _USUAL)
    oldest = high + max(_SLACK, high - low)
    history = np.array([[(ages > oldest).sum(), (ages <= oldest).sum()] for ages in before])
    counts = np.array([(now > oldest).sum(), (now <= oldest).sum()])
    evidence = float(log_surprises(history[None], counts[None])[0])
    if evidence >= look.of_feed(least) and (now > oldest).mean() - (known > oldest).mean() >= _JUMP:
        yield Finding(
            kind="stale rows",
            columns=(name,),
            evidence=evidence,
            sentence=f"{percent(float((now > oldest).mean()))} of rows are older than "
            f"{_told(float(oldest))} by {name!r} when they come, half of them {_told(_middle(now))}"
            f"; before, half were {_told(_middle(known))}.",
            is_broken=True,
        )


def _ages(arrived: NDArray[Any], moments: NDArray[Any]) -> Floats:
    known = moments != MISSING_DATETIME
    return np.asarray((arrived - moments)[known], dtype=np.float64)


def _middle(ages: Floats) -> float:
    return float(np.median(ages))


def _told(microseconds: float) -> str:
    return str(timedelta(seconds=round(microseconds / 1e6)))
