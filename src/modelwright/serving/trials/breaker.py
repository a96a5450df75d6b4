"""What the server itself sees of a model that fails or dawdles, and what is done about it."""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import TypeAlias

from modelwright.predictor.bundle import Bundle
from modelwright.serving.metrics import Metrics
from modelwright.serving.trials.lineup import Rival
from modelwright.serving.trials.side_by_side import seconds_more
from modelwright.tasks.betting import refutes_share

Act: TypeAlias = Callable[[str, str], bool]
"""Sends a model away, by its hash, and remembers why: a canary's trial ends, a champion is rolled
back. Whoever comes second finds it done. Says whether the model is gone: people may have to ask."""


def leave_it(_digest: str, _why: str) -> bool:
    """Do nothing: outside a workspace nobody is on trial."""
    return False


ALLOWED_FAULTS = 0.01
"""The share of requests that a model may fail to answer by its own fault."""
ERROR_RATE = 0.001
"""The chance that a model that fails no more often is ever sent away for it."""
SLOWER = 3.0
"""A model may take so many times as long as the other one."""
SLOWER_S = 0.002
"""And no shorter difference than this, in seconds, matters."""
FEWEST = 100
"""Requests from which on times are compared."""
_OWN_SHARE = 0.5
"""Of what requests take longer than before, the part that the model itself must take."""


@dataclass(frozen=True)
class _Counts:
    calls: float
    faults: float
    seconds: float
    late: float = 0.0
    parts: float = 0.0

    def since(self, before: "_Counts") -> "_Counts":
        now, then = astuple(self), astuple(before)
        return _Counts(*(after - earlier for after, earlier in zip(now, then, strict=True)))

    @property
    def tries(self) -> float:
        """Requests, and parts of files, whose times say nothing."""
        return self.calls + self.parts

    @property
    def mean_s(self) -> float:
        return self.seconds / max(1.0, self.calls - self.faults)


class Breaker:
    """Says when a model must go: a canary, or a champion that was promoted a while ago.

    Parameters
    ----------
    metrics
        What all workers have counted.
    rival
        The challenger; where it was champion before, the present champion is watched.
    champion
        The present champion. What it takes is held against what the former one took at another
        time, when the machine may have had less to do: so both are asked in turn before it goes.
    """

    def __init__(self, metrics: Metrics, rival: Rival | None, champion: Bundle) -> None:
        self._metrics = metrics
        self._rival = rival
        self._champion = champion
        self._before = self._canary(), self._beside(), self._whole()
        self._asked_at = 0.0

    def verdict(self) -> str:
        """Return why the canary, or the promoted champion, must go; empty when it may stay."""
        if self._rival is None:
            return ""
        canary, beside, whole = self._before
        if self._rival.is_canary:
            new, old = self._canary().since(canary), self._beside().since(beside)
            return _failing(new) or _slower(new, old)
        if self._rival.trial.former:
            new = self._whole().since(whole)
            return _failing(new) or self._slower_by_itself(new, whole, self._rival.bundle)
        return ""

    def _slower_by_itself(self, new: _Counts, old: _Counts, former: Bundle) -> str:
        told = _slower(new, old)
        if not told or self._champion.features != former.features:
            # What a database takes for features is not seen by asking the models.
            return told
        if new.calls < 2 * self._asked_at:
            return ""
        self._asked_at = new.calls
        own_s = seconds_more(self._champion, former)
        if own_s is None:
            return told
        return told if own_s > _OWN_SHARE * (new.mean_s - old.mean_s) else ""

    def _canary(self) -> _Counts:
        total = self._metrics.total
        calls, seconds = total("canary_calls"), total("canary_seconds")
        late, parts = total("canary_late"), total("canary_parts")
        return _Counts(calls, total("canary_faults"), seconds, late=late, parts=parts)

    def _beside(self) -> _Counts:
        total = self._metrics.total
        return _Counts(total("champion_calls"), 0.0, total("champion_seconds"))

    def _whole(self) -> _Counts:
        calls, seconds = self._metrics.answered()
        return _Counts(calls, self._metrics.total("model_faults"), seconds)


def _failing(new: _Counts) -> str:
    if not _too_often(new.faults, new.tries):
        return ""
    return f"it failed to answer {new.faults:,.0f} of {new.tries:,.0f} requests"


def _slower(new: _Counts, old: _Counts) -> str:
    # Who waits behind a model that takes seconds for a row cannot wait for many of them.
    enough = min(new.calls, old.calls) >= FEWEST or _too_often(new.late, new.calls)
    slower = new.mean_s > SLOWER * old.mean_s and new.mean_s - old.mean_s > SLOWER_S
    if not (enough and slower):
        return ""
    return f"it takes {1000 * new.mean_s:.1f} ms a request, the other {1000 * old.mean_s:.1f}"


def _too_often(hits: float, tries: float) -> bool:
    return refutes_share(int(hits), int(tries), ALLOWED_FAULTS, error_rate=ERROR_RATE)
