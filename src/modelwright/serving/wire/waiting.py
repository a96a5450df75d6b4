"""The waiting room: how many requests wait, and whose turn it is."""

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

_PATIENCE_S = 0.006
"""A wait that nobody minds."""
_HURRY_S = 0.0002
"""The same while others are turned away, or as long as a request takes that is alone."""
_LEARNED = 0.05
"""By which part one such request changes what is known of them."""
_FEW = 8
"""The most that begin in a round while others are turned away: all of them wait for the last."""
_STANDING_S = 0.03
"""A queue that was never empty for so long is no burst any more."""
_CALM_S = 1.0
"""How long nobody must have been turned away before the next burst: refused ones come again."""
_REST_S = 0.1
"""How long nobody must have come before one that was refused may come sooner than it was told."""
_IDLE = 4
"""How often a request found a room that had rested, with nobody turned away between: then nobody
more comes than can be answered."""
_TOO_LONG = 0.1
"""The share of waits that may be longer."""


class Visitor(Protocol):
    """A request that waits for its turn.

    Attributes
    ----------
    gone
        Whether its client went away; then it is never begun.
    """

    gone: bool

    def begin(self) -> None:
        """Begin the work; whoever begins tells `WaitingRoom.finished` at its end."""
        ...


class WaitingRoom:
    """Lets one request after another go to work, and turns away those for whom there is no room.

    Only a few requests begin in each round of the event loop. Between two rounds the loop reads
    what has arrived meanwhile, so that whoever must be turned away hears it at once, and not after
    all that are let in.

    A burst may fill the room. When the queue stays, it holds no more than get their turn after a
    wait that nobody minds, as the waits of others have shown, or than may be at work. Once somebody
    is turned away, that wait is no longer than the work of a request that comes alone: whoever is
    let in is answered nearly as soon as by an idle server, however many ask. That ends when nobody
    was turned away for a second, or when the room is found at rest again and again.

    Parameters
    ----------
    waiting
        The most that wait.
    at_work
        The most that are worked on at once; short ones are done before the next begins anyway.
    in_a_round
        The most that begin in one round; fewer do while others are turned away.
    later
        Calls a function in the next round of the event loop.
    clock
        Tells the time in seconds; it never goes back.

    Examples
    --------
    >>> room = WaitingRoom(waiting=1, at_work=1, later=lambda function: None)
    >>> class Nobody:
    ...     gone = False
    ...     def begin(self): print("begins")
    >>> room.admit(Nobody()), room.admit(Nobody()), room.admit(Nobody())
    begins
    (True, True, False)
    """

    def __init__(
        self,
        *,
        waiting: int,
        at_work: int,
        in_a_round: int = 1,
        later: Callable[[Callable[[], None]], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_waiting = waiting
        self._most_in_a_round = in_a_round
        self._most_at_work = at_work
        self._later = later
        self._clock = clock
        self._queue: deque[tuple[Visitor, float]] = deque()
        self._quick: float = waiting
        self._empty_at = clock()
        self._refused_at = -_CALM_S
        self._idle_since = self._empty_at
        self._found_idle = _IDLE
        self._alone_s = 0.0
        self._alone_since: float | None = None
        self._at_work = 0
        self._round_taken = False

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    @property
    def at_work(self) -> int:
        """How many are worked on."""
        return self._at_work

    @property
    def empty(self) -> bool:
        """Whether nobody waits and nobody is at work."""
        return not self._queue and not self._at_work

    def is_full(self) -> bool:
        """Whether the next one is turned away."""
        if self._may_begin or len(self._queue) < self._room:
            return False
        self._forget_the_gone()
        if len(self._queue) < self._room:
            return False
        self._refused_at, self._found_idle = self._clock(), 0
        return True

    def is_quiet(self) -> bool:
        """Whether nobody has come for a while: then even one that comes too soon is welcome."""
        return self.empty and self._clock() > self._idle_since + _REST_S

    def admit(self, visitor: Visitor) -> bool:
        """Begin a request or let it wait; return False where there is no room."""
        if self._may_begin:
            self._empty_at = self._clock()
            if not self._at_work:
                rested_s = self._empty_at - self._idle_since
                self._found_idle += rested_s > max(_HURRY_S, self._alone_s)
            self._begin(visitor, alone_since=None if self._at_work else self._empty_at)
            return True
        if self.is_full():
            return False
        self._queue.append((visitor, self._clock()))
        return True

    def finished(self) -> None:
        """Take note that a request is no longer worked on."""
        self._at_work -= 1
        self._idle_since = self._clock()
        if self._alone_since is not None:
            self._learn(self._idle_since - self._alone_since)
            self._alone_since = None
        if self._queue and not self._round_taken:
            self._round_taken = True
            self._later(self._next)

    @property
    def _may_begin(self) -> bool:
        return not self._round_taken and not self._queue and self._at_work < self._most_at_work

    def _is_calm(self, now: float) -> bool:
        return self._found_idle >= _IDLE or now > self._refused_at + _CALM_S

    @property
    def _room(self) -> int:
        """How many may wait now. One always may: its wait tells whether more should."""
        now = self._clock()
        is_calm = self._is_calm(now)
        if is_calm and now < self._empty_at + _STANDING_S:
            return self._most_waiting
        least = self._most_at_work if is_calm else self._at_work
        return min(self._most_waiting, max(least, int(self._quick)))

    def _take(self) -> Visitor:
        """Return whose turn it is, and learn from how long it has waited."""
        visitor, since = self._queue.popleft()
        now = self._clock()
        patience = _PATIENCE_S if self._is_calm(now) else max(_HURRY_S, self._alone_s)
        # It rises and falls as far as leaves it where the wanted share is above.
        step = _TOO_LONG if now - since <= patience else _TOO_LONG - 1
        self._quick = min(max(self._quick + step, 1), self._most_waiting)
        if not self._queue:
            self._empty_at = now
        return visitor

    def _learn(self, alone_s: float) -> None:
        """Come nearer to the median of how long requests take that are alone."""
        change = 1 + _LEARNED if alone_s > self._alone_s else 1 - _LEARNED
        self._alone_s = self._alone_s * change or alone_s

    def _begin(self, visitor: Visitor, *, alone_since: float | None = None) -> None:
        self._alone_since = alone_since
        self._at_work += 1
        if not self._round_taken:
            self._round_taken = True
            self._later(self._next)
        visitor.begin()

    def _next(self) -> None:
        self._round_taken = False
        calm = self._is_calm(self._clock())
        for _ in range(self._most_in_a_round if calm else min(_FEW, self._most_in_a_round)):
            while self._queue and self._queue[0][0].gone:
                self._queue.popleft()
            if not self._queue or self._at_work >= self._most_at_work:
                return
            self._begin(self._take())

    def _forget_the_gone(self) -> None:
        self._queue = deque(each for each in self._queue if not each[0].gone)
