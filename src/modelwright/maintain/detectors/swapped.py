"""Two columns that have changed places."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from modelwright.data.schema import Kind
from modelwright.maintain.belonging import BELONGING
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.grids import Codes, joint, missing_in
from modelwright.maintain.lattices import fits_steps
from modelwright.maintain.look import Look
from modelwright.maintain.sudden import left_at_once
from modelwright.predictor.operations.base import Floats

_KINDS = (Kind.NUMERIC, Kind.BOOLEAN, Kind.CATEGORICAL, Kind.CODED)
_MOST = 24
_SUSPECT = 3.0
"""Nats from which on a column is tried with all others; the gain must be as clear as promised."""
_EXPLAINED = 0.6
"""The part of the surprise that must vanish when the columns are swapped back."""
_STRANGE = 0.5
"""The part of values that the past had: swapped back most are known, and as they come few."""
_MOST_LEFT = 0.5
"""The part of the step from the last rows to the first that may be left of the clearer column."""


def find_swapped(look: Look, least: float) -> Iterator[Finding]:
    """Yield the pair of columns whose rows are likeliest swapped back."""
    varied = [
        column
        for column in look.sketch.columns
        if column.kind in _KINDS and _varies(look, column.name)
    ]
    suspects = {each.name for each in varied if _suspicion(look, each.name) >= _SUSPECT}
    if not suspects:
        return
    # A partner may look innocent alone, where what it holds now is common in it, too.
    columns = sorted(varied, key=lambda column: column.name not in suspects)[:_MOST]
    best: tuple[float, tuple[str, str]] | None = None
    for one, other in combinations(columns, 2):
        if one.value_type != other.value_type or not suspects & {one.name, other.name}:
            continue
        as_come, swapped_back = _surprise(look, one.name, other.name, least)
        now, back = sum(as_come), sum(swapped_back)
        # Neighbours that are alike say it once.
        gain = (now - back) / max(look.sketch.persistences[each.name] for each in (one, other))
        # Both of them must be better off: what one column alone explains is no swap.
        both = all(abs(a) - abs(b) >= _SUSPECT for a, b in zip(as_come, swapped_back, strict=True))
        explained = both and gain >= least and back <= (1 - _EXPLAINED) * now
        if not explained or (best is not None and gain <= best[0]):
            continue
        if one.value_type != "number" or _is_shown(look, one.name, other.name):
            best = gain, (one.name, other.name)
    if best:
        gain, (first, second) = best
        yield Finding(
            kind="swapped columns",
            columns=(first, second),
            evidence=gain,
            sentence=f"{first!r} and {second!r} look swapped: changed back they are as before.",
            is_broken=True,
        )


def _is_shown(look: Look, one: str, other: str) -> bool:
    """Say whether numbers cannot have come so by themselves, as a season brings them.

    They lie on the steps of the other column, are values that only that one had, or follow the last
    rows once they are swapped back.
    """
    fits, shares, left = list[bool | None](), list[tuple[float, float]](), list[float]()
    for name, swapped in ((one, other), (other, one)):
        usual, came, back = look.sketch.values[name], look.values[name], look.values[swapped]
        fits.append(fits_steps(usual, came, back))
        shares.append((float(np.isin(came, usual).mean()), float(np.isin(back, usual).mean())))
        left.append(left_at_once(look.sketch.past[-1].columns[name], came, back))
    if False in fits:
        return False
    strange = any(came < _STRANGE * back and back > _STRANGE for came, back in shares)
    return True in fits or strange or (min(left) <= _MOST_LEFT and max(left) < 1)


def _varies(look: Look, name: str) -> bool:
    """Say whether a column has more than one value: what stays the same is stuck."""
    values = look.rows.columns[name]
    return len(set(values[~missing_in(values)].tolist())) > 1


def _suspicion(look: Look, name: str) -> float:
    return max(look.surprise(kind, name) for kind in ("values", "unseen", "missing", BELONGING))


def _surprise(look: Look, one: str, other: str, least: float) -> tuple[list[float], list[float]]:
    """Return how unlikely the rows of each column are as they came, and swapped back, in nats."""
    sketch = look.sketch
    as_come, back = list[float](), list[float]()
    for name, swapped in ((one, other), (other, one)):
        as_come.append(_loss(look, name, look.values[name]))
        back.append(_loss(look, name, look.values[swapped]))
        partner = _partner(look, name, swapped, least)
        if partner:
            coarse = sketch.coarse[name]
            as_come[-1] += _given(look, name, partner, coarse.codes(look.values[name]))
            back[-1] += _given(look, name, partner, coarse.codes(look.values[swapped]))
    return as_come, back


def _loss(look: Look, name: str, values: Floats) -> float:
    """Return how far values are from usual ones, by their bins: all in one are far, too."""
    grid = look.sketch.grids[name]
    # A value that is missing, or that nobody saw, is told by a bin of its own.
    before = _with_missing(grid.codes(look.sketch.values[name]), grid.bins)
    now = _with_missing(grid.codes(values), grid.bins)
    shares = (before + 0.5) / (before + 0.5).sum()
    some = now > 0
    return float(now[some] @ (np.log(now[some] / now.sum()) - np.log(shares[some])))


def _with_missing(codes: Codes, bins: int) -> Floats:
    return np.bincount(np.where(codes < 0, bins, codes), minlength=bins + 1).astype(float)


def _partner(look: Look, name: str, not_this: str, least: float) -> str | None:
    """Return the column that says most of another one."""
    for pair in look.sketch.pairs:
        if name in pair and not_this not in pair:
            other = pair[0] if pair[1] == name else pair[1]
            # A column that is broken itself is no witness.
            if look.surprise("values", other) < least:
                return other
    return None


def _given(look: Look, name: str, partner: str, codes: Codes) -> float:
    """Return how much less likely bins are than usual, given the partner's."""
    sketch, shape = look.sketch, look.sketch.shape(name, partner)
    before = joint(sketch.coarse_codes[name], sketch.coarse_codes[partner], shape).reshape(shape)
    table = before + 0.5
    given = np.log(table / table.sum(axis=0)) - np.log(
        table.sum(axis=1, keepdims=True) / table.sum()
    )
    now = joint(codes, look.coarse_codes[partner], shape).reshape(shape)
    usual = float((table * given).sum() / table.sum())
    return float(now.sum() * usual - (now * given).sum())
