"""The same season of training: what was so in other Marches is no fault and no alarm in this one.

A window is held against the training rows of its months, and of its times of the week. A column is
as in the season where the season explains at least half of what it lies away from the last windows,
and where it is no farther from the season than those windows were from theirs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.look import Look
from modelwright.maintain.truths.losses import MATERIAL
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.distribution import counts_of
from modelwright.predictor.reference.reference import Seasons
from modelwright.predictor.reference.seasons import Season, season_names

_MOST_ALIKE = 0.5
"""How far from the season a column may lie, as a part of how far it lies from the last windows."""
_NEAR = 0.1
"""A distance that is taken for none."""
_OF_LOSS = ("concept drift", "probabilities off")


def note_seasons(findings: Iterable[Finding], look: Look) -> tuple[Finding, ...]:
    """Turn what was so in the same season of training from alarms into notes.

    Parameters
    ----------
    findings
        What the detectors found.
    look
        The window beside the past.
    """
    found = tuple(findings)
    beside = _Beside.of(look) if found else ()
    for each in beside:
        found = tuple(each.noted(finding) for finding in found)
    return found


@dataclass(frozen=True)
class _Beside:
    """A window beside the seasons of one kind: months, or times of the week.

    Parameters
    ----------
    now, before
        The parts of the rows in each season: of the window, and of each of the past.
    """

    look: Look
    seasons: Seasons
    now: dict[str, float]
    before: tuple[dict[str, float], ...]

    @classmethod
    def of(cls, look: Look) -> "tuple[_Beside, ...]":
        """Return those kinds that training knew, of all rows."""
        seasons = look.bundle.reference.seasons
        if seasons is None:
            return ()
        past = (window.columns[seasons.moment] for window in look.sketch.past)
        windows = [look.rows.columns[seasons.moment], *past]
        kinds = zip(*map(_parts, windows), strict=True)
        known = {season.name for season in seasons.known}
        return tuple(
            cls(look, seasons, parts[0], tuple(parts[1:]))
            for parts in kinds
            if all(part and part.keys() <= known for part in parts)
        )

    @cached_property
    def _by_name(self) -> dict[str, Season]:
        return {season.name: season for season in self.seasons.known}

    def noted(self, finding: Finding) -> Finding:
        """Return a finding as a note where the season explains it."""
        if finding.kind in _OF_LOSS:
            return self._less_loss(finding)
        columns = [name for name in finding.columns if name in self.seasons.columns]
        if not columns:
            return finding
        swap = finding.kind == "swapped columns" and len(columns) == 2
        if not (swap and self._is_likelier_as_it_is(*columns)) and not all(
            self.is_usual(name) for name in columns
        ):
            return finding
        return replace(
            finding, is_broken=False, growth=None, sentence=f"{finding.sentence} {self._named}"
        )

    @property
    def _named(self) -> str:
        most = max(self.now, key=self.now.__getitem__)
        return f"So it was in training in the same season ({most})."

    def is_usual(self, name: str) -> bool:
        """Say whether a column is as in the same season of training."""
        counts = [self._counts(name, self.look.rows.columns[name])]
        counts += [self._counts(name, window.columns[name]) for window in self.look.sketch.past]
        shares = [_shares(each) for each in counts]
        away = _distance(shares[0], _shares(np.sum(counts[1:], axis=0)))
        usual = max(
            _distance(share, self._usual(name, part))
            for share, part in zip(shares[1:], self.before, strict=True)
        )
        now = _distance(shares[0], self._usual(name, self.now))
        return now <= min(max(_NEAR, usual), _MOST_ALIKE * away)

    def _is_likelier_as_it_is(self, one: str, other: str) -> bool:
        """Say whether these months had two columns as they come rather than swapped back."""
        if not all(season.startswith("month") for season in self.now):
            # Over a year two columns may well have been alike.
            return False
        rows = self.look.rows.columns
        gain = 0.0
        for name, swapped in ((one, other), (other, one)):
            moved = self._counts(name, rows[name]) - self._counts(name, rows[swapped])
            usual = self._usual(name, self.now)
            gain += float(moved @ np.log(usual))
        return gain > 0

    def _counts(self, name: str, values: NDArray[np.generic]) -> NDArray[np.int64]:
        return counts_of(self.seasons.columns[name], values)

    def _usual(self, name: str, parts: dict[str, float]) -> Floats:
        """Return the share of each bin in these seasons of training."""
        of_seasons = [
            part * _shares(np.array(self._by_name[season].counts[name]))
            for season, part in parts.items()
        ]
        return np.asarray(np.sum(of_seasons, axis=0))

    def _less_loss(self, finding: Finding) -> Finding:
        """Take out of a growing loss what it grew by in training."""
        now, before = self._loss(self.now), [self._loss(parts) for parts in self.before]
        if finding.growth is None or now is None or None in before:
            return finding
        usual = float(np.mean([each for each in before if each is not None]))
        grew = now / usual - 1 if usual > 0 else 0.0
        left = (1 + finding.growth) / (1 + grew) - 1
        if grew <= 0 or left >= max(MATERIAL, finding.usual_change):
            return finding
        return replace(finding, growth=left, sentence=f"{finding.sentence} {self._named}")

    def _loss(self, parts: dict[str, float]) -> float | None:
        losses = [self._by_name[season].loss for season in parts]
        if any(loss is None for loss in losses):
            return None
        return float(
            sum(part * (loss or 0.0) for part, loss in zip(parts.values(), losses, strict=True))
        )


def _parts(moments: NDArray[np.int64]) -> Sequence[dict[str, float]]:
    """Return the part of the rows in each month, and at each time of the week."""
    known = moments[moments != MISSING_DATETIME]
    found = list[dict[str, float]]()
    for names in season_names(known):
        seasons, rows = np.unique(names, return_counts=True)
        found.append(dict(zip(seasons.tolist(), (rows / max(1, len(known))).tolist(), strict=True)))
    return found


def _shares(counts: NDArray[np.int64]) -> Floats:
    return np.asarray((counts + 0.5) / (counts + 0.5).sum())


def _distance(one: Floats, other: Floats) -> float:
    """Return the Hellinger distance: 0 the same, 1 disjoint."""
    return float(max(0.0, 1 - np.sqrt(one * other).sum()) ** 0.5)
