"""A feed that is stale: its last value stays."""

from collections.abc import Iterator

import numpy as np

from modelwright.data.schema import Column, Kind
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.stays import Stays, trained_share
from modelwright.maintain.look.such_rows import share_of_such
from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.grids import joint, missing_in

_ALWAYS = 0.98
"""The share of a run that makes a column stuck: a value that is merely common is none."""
_LONGEST = 0.3
"""The part of the window that such a run must fill."""
_CLEAR = 10.0
"""Nats by which other columns must say so."""
_SEEN = 0.5
"""Rows with a value, and without it, that are taken to have been seen before any (Jeffreys)."""
_LONGER = 3.0
"""How many times as long as any before a run must be: months stay, too."""


def find_stuck(look: Look, least: float) -> Iterator[Finding]:
    """Yield the columns in which one value stays, although others go on."""
    for column in look.sketch.columns:
        if column.kind in (Kind.DATETIME, Kind.TEXT):
            continue
        run, rows = look.tallies[f"run {column.name}"]
        if run < _LONGEST * rows:
            continue
        usual = max(window.tallies[f"run {column.name}"][0] for window in look.sketch.past)
        trained = look.bundle.reference.roughness.runs.get(column.name, 0)
        if run < max(_LONGER * usual, min(_LONGER * trained, _ALWAYS * rows)) or run <= trained:
            continue
        values = look.rows.columns[column.name]
        value = _of_longest_run(values[~missing_in(values)])
        evidence = _stays(look, column, value).log_stuck(run)
        if evidence < least:
            continue
        if (values == value).mean() >= _ALWAYS and _others_moved_too(look, column, value):
            continue
        if (
            min(_of_such_rows(look, column.name, value, run), _of_others(values, value, run))
            < least
        ):
            continue
        yield Finding(
            kind="stuck values",
            columns=(column.name,),
            evidence=evidence,
            sentence=f"{column.name!r} is {value!r} in {run:,} rows in a row; the longest run "
            f"before had {usual:,}.",
            is_broken=True,
            # A stale feed repeats what it had: where a swap brings other values, it says it better.
            is_vague=not (look.sketch.values[column.name] == value).any(),
        )


def _of_longest_run(values: Value) -> object:
    changes = np.flatnonzero(values[1:] != values[:-1]) + 1
    ends = np.concatenate([changes, [len(values)]])
    lengths = np.diff(np.concatenate([[0], ends]))
    value = values[ends[int(lengths.argmax())] - 1]
    return value if isinstance(value, str) else float(value)


def _stays(look: Look, column: Column, value: object) -> Stays:
    windows = [window.columns[column.name] for window in look.sketch.past]
    return Stays(
        np.array([int((values == value).sum()) for values in windows]),
        np.array([int((~missing_in(values)).sum()) for values in windows]),
        trained_share(look.bundle.reference.in_training(column.name), value),
    )


def _of_such_rows(look: Look, name: str, value: object, run: int) -> float:
    """Return how surprising it is, in nats, that rows like these all have a value."""
    share = share_of_such(look, name, look.sketch.values[name] == value)
    return -run * float(np.log(share)) if share > 0 else np.inf


def _of_others(values: Value, value: object, run: int) -> float:
    """Return how surprising a run is, in nats, beside the other rows: nearly all may have it."""
    others, such = len(values) - run, int((values == value).sum()) - run
    return -run * float(np.log((such + _SEEN) / (others + 2 * _SEEN)))


def _others_moved_too(look: Look, column: Column, value: object) -> bool:
    """Say whether other columns are as they were in rows of that value: then such rows came."""
    sketch, name = look.sketch, column.name
    such = sketch.values[name] == value
    if such.sum() < 20:
        return False
    gained = list[float]()
    for pair in sketch.pairs:
        if name not in pair:
            continue
        other = pair[0] if pair[1] == name else pair[1]
        bins = sketch.coarse[other].bins
        codes, now = sketch.coarse_codes[other], look.coarse_codes[other]
        usual, of_such = (
            (joint(part, np.zeros_like(part), (bins, 1)) + 0.5) for part in (codes, codes[such])
        )
        counts = joint(now, np.zeros_like(now), (bins, 1))
        said = np.log(of_such / of_such.sum()) - np.log(usual / usual.sum())
        # Neighbours that are alike say it once.
        gained.append(float(counts @ said) / sketch.persistences[other])
    # A season moves others, too: none may be clearly unlike such rows.
    return sum(gained) > _CLEAR and min(gained) > -_CLEAR
