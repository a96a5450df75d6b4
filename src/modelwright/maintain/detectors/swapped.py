"""Two columns that have changed places."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from modelwright.data.schema import Column, Kind
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.belonging import BELONGING
from modelwright.maintain.look.lattices import fits_steps
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.sudden import left_at_once
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.grids import Codes, joint, missing_in

_KINDS = (Kind.NUMERIC, Kind.BOOLEAN, Kind.CATEGORICAL, Kind.CODED)
_MOST = 24
_SUSPECT = 3.0
"""Nats from which on a column is tried with all others; the gain must be as clear as promised."""
_EXPLAINED = 0.6
"""The part of the surprise that must vanish when the columns are swapped back."""
_EXPLAINED_SURELY = 0.4
"""The same where no season brings such numbers, although it has moved them since."""
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
        gain = _gain(look, one, other, least)
        if gain >= least and (best is None or gain > best[0]):
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


def _gain(look: Look, one: Column, other: Column, least: float) -> float:
    """Return by how many nats rows are likelier swapped back; 0 where that is no swap."""
    as_come, swapped_back = _surprise(look, one.name, other.name, least)
    now, back = sum(as_come), sum(swapped_back)
    # Neighbours that are alike say it once.
    gain = (now - back) / max(look.sketch.persistences[each.name] for each in (one, other))
    if gain < least:
        return 0.0
    sure = (False, False)
    if one.value_type == "number":
        signs = (_Signs.of(look, one.name, other.name), _Signs.of(look, other.name, one.name))
        if not _is_shown(*signs):
            return 0.0
        sure = signs[0].is_sure, signs[1].is_sure
    # Both of them must be better off: what one column alone explains is no swap.
    both = all(
        is_sure or abs(a) - abs(b) >= _SUSPECT
        for a, b, is_sure in zip(as_come, swapped_back, sure, strict=True)
    )
    explained = _EXPLAINED_SURELY if any(sure) else _EXPLAINED
    return gain if both and back <= (1 - explained) * now else 0.0


@dataclass(frozen=True)
class _Signs:
    """What the numbers of a column say of a swap.

    Parameters
    ----------
    fits
        As `fits_steps` says.
    is_strange
        Whether they are values that hardly came before, and the other column now holds those.
    left
        As `left_at_once` says.
    """

    fits: bool | None
    is_strange: bool
    left: float

    @classmethod
    def of(cls, look: Look, name: str, swapped: str) -> "_Signs":
        usual, came, back = look.sketch.values[name], look.values[name], look.values[swapped]
        known, were = (float(np.isin(each, usual).mean()) for each in (came, back))
        return cls(
            fits_steps(usual, came, back),
            known < _STRANGE * were and were > _STRANGE,
            left_at_once(look.sketch.past[-1].columns[name], came, back),
        )

    @property
    def is_sure(self) -> bool:
        """Whether no season brings such numbers."""
        return bool(self.fits) or self.is_strange


def _is_shown(*signs: _Signs) -> bool:
    """Say whether numbers cannot have come so by themselves, as a season brings them."""
    if any(each.fits is False for each in signs):
        return False
    left = [each.left for each in signs]
    return any(each.is_sure for each in signs) or (min(left) <= _MOST_LEFT and max(left) < 1)


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
