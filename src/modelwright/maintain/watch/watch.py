"""The watch: windows of live rows judged one after another, each beside the accepted past."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import msgspec
import numpy as np

from modelwright.documents import Health
from modelwright.maintain.detectors.base import Detector, Finding
from modelwright.maintain.detectors.registry import known_detectors
from modelwright.maintain.health import judge_rows
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.look.belonging import tally_belonging
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.misses import Misses
from modelwright.maintain.look.past import MOST_WINDOWS, PastWindow
from modelwright.maintain.look.sketch import Sketch
from modelwright.maintain.look.tallies import last_moments, tally_window
from modelwright.maintain.truths.hidden import growth_without
from modelwright.maintain.watch.creep import WINDOWS, Creep
from modelwright.maintain.watch.known import Known
from modelwright.maintain.watch.slow import ANCHORS, find_slow_harm
from modelwright.maintain.watch.usual_season import note_seasons
from modelwright.maintain.watch.verdict import Verdict, decide
from modelwright.predictor.bundle import Bundle
from modelwright.tasks.metrics import Metric

CHECKS = 8760
"""Checks of rows that did not change, among which one false alarm is allowed: hourly for a year."""
FEWEST_ROWS = 100
_PARTS = 2.5
"""What may be bet: two fifths on columns, two fifths on misses, a fifth on slow harm."""
_NOTHING = Creep()
_FAINT = float(np.log(10))
"""Evidence with which what is known to be broken lasts: one window without a clear sign is no end,
and the next one with it no news."""
_PATIENCE = 8
"""Windows after which what is broken is taken for the new state of things."""


@cache
def _detectors() -> tuple[Detector, ...]:
    """Return the detectors; looking for those of packages takes a while."""
    return tuple(known_detectors().values())


@dataclass(frozen=True)
class Watch:
    """A model under watch, with what the windows so far have shown.

    Parameters
    ----------
    bundle
        The model.
    metric
        By which it was chosen.
    past
        The windows that were accepted, the oldest first.
    known
        What was alarmed and still lasts.
    creep
        The losses since the world last changed.
    anchors
        The first windows that were accepted since then.
    checks
        Checks among which one false alarm is allowed, over all columns together.
    ages_alike
        Whether all windows are as old when they are judged: only then do fewer labels mean that
        labels are late.
    """

    bundle: Bundle
    metric: Metric
    past: tuple[PastWindow, ...] = ()
    known: tuple[Known, ...] = ()
    creep: Creep = _NOTHING
    anchors: tuple[PastWindow, ...] = ()
    checks: int = CHECKS
    ages_alike: bool = True

    def judge(self, rows: LiveRows, *, made_at: datetime) -> tuple[Health, "Watch"]:
        """Judge the next window; return its health and the watch that has seen it.

        Parameters
        ----------
        rows
            A window; with fewer than a hundred rows it is judged alone, and not remembered.
        made_at
            When the document is made.
        """
        alone = judge_rows(self.bundle, rows, metric=self.metric, made_at=made_at)
        if not self.past or len(rows) < FEWEST_ROWS:
            return alone, self.see(rows)[1]
        verdict, watch = self.see(rows)
        health = msgspec.structs.replace(
            alone,
            healthy=not verdict.news,
            action=verdict.action,
            sentence=verdict.sentence,
            causes=verdict.causes,
        )
        return health, watch

    def accepting(self, causes: Collection[tuple[str, tuple[str, ...]]]) -> "Watch":
        """Return the watch for which another world that people know of is the new normal.

        Parameters
        ----------
        causes
            As for `Known.accepted`.
        """
        return replace(self, known=tuple(each.accepted(causes) for each in self.known))

    def see(self, rows: LiveRows) -> tuple[Verdict, "Watch"]:
        """Compare the next window with the past alone, which is much quicker than to judge it.

        Parameters
        ----------
        rows
            As in `judge`. The first window is the beginning of the past: there is no verdict on it.
        """
        if len(rows) < FEWEST_ROWS:
            return Verdict(known=self.known), self
        look = self.look(rows)
        seen = PastWindow.of(rows, look.misses, look.tallies, last_moments(self.bundle, rows))
        since = rows.span[0]
        crept = replace(self, creep=self.creep.seen(look.losses, since=since))
        if not self.past:
            return Verdict(known=self.known), crept._accepted(seen)
        found, faint = note_seasons(self._find(look), look), self._find_faint(look)
        if any(each.is_broken for each in (*found, *faint)):
            crept = self
        elif crept.creep.is_full:
            found = (*found, *crept._find_slow_harm(look))
        verdict = decide(
            found,
            self.known,
            since=since,
            faint=faint,
            level=None if look.level is None else look.level[0],
            left=self._left(look, found),
        )
        return verdict, crept._after(verdict, seen)

    def look(self, rows: LiveRows) -> Look:
        """Look at a window beside the past.

        Parameters
        ----------
        rows
            The window.
        """
        tallies = tally_window(self.bundle, self.past, rows)
        look = Look(Sketch(self.bundle, self.past), rows, Misses.of(rows), tallies)
        # Who belongs together is learned from the past.
        return replace(look, tallies=tallies | tally_belonging(look)) if self.past else look

    def _find(self, look: Look) -> tuple[Finding, ...]:
        # The average of e-values is one: each column may bet its part of the whole.
        least = float(np.log(_PARTS * self.checks * look.bets))
        return tuple(self._found(look, least))

    def _find_faint(self, look: Look) -> tuple[Finding, ...]:
        if not any(each.is_broken for each in self.known):
            return ()
        found = note_seasons(self._found(look, _FAINT), look)
        return tuple(each for each in found if each.is_broken)

    def _left(self, look: Look, found: Collection[Finding]) -> float | None:
        """Return by which part the loss has grown without the columns known to be broken."""
        if all(each.is_broken for each in found):
            return None
        broken = {name for each in self.known if each.is_broken for name in each.columns}
        return growth_without(look, sorted(broken & set(look.sketch.grids)))

    def _found(self, look: Look, least: float) -> Iterator[Finding]:
        for detector in _detectors():
            for each in detector(look, least):
                if self.ages_alike or each.kind != "late labels":
                    yield each

    def _find_slow_harm(self, look: Look) -> tuple[Finding, ...]:
        first = replace(look, sketch=Sketch(self.bundle, self.anchors or self.past))
        # A stretch is several windows, and is asked once.
        least = float(np.log(2 * _PARTS * self.checks / WINDOWS))
        return find_slow_harm(self.creep, first, least)

    def _after(self, verdict: Verdict, seen: PastWindow) -> "Watch":
        watch = replace(self, known=verdict.known)
        broken = [each for each in verdict.known if each.is_broken]
        if broken:
            lasted = max(each.windows for each in broken)
            return watch if lasted < _PATIENCE else watch._anew()._accepted(seen)
        if verdict.news:
            # The world has changed: harm is measured from here on.
            past = tuple(each.of_another_world for each in self.past)
            return replace(watch, past=past, creep=_NOTHING, anchors=())._accepted(seen)
        return watch._accepted(seen)

    def _anew(self) -> "Watch":
        return replace(self, past=(), creep=_NOTHING, anchors=())

    def _accepted(self, seen: PastWindow) -> "Watch":
        return replace(
            self,
            past=(*self.past, seen)[-MOST_WINDOWS:],
            anchors=(*self.anchors, seen)[:ANCHORS],
        )
