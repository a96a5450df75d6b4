"""The waiting room: how many requests wait, and whose turn it is."""

from collections import deque
from collections.abc import Callable
from typing import Protocol


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

    Parameters
    ----------
    waiting
        The most that wait.
    at_work
        The most that are worked on at once; short ones are done before the next begins anyway.
    in_a_round
        The most that begin in one round.
    later
        Calls a function in the next round of the event loop.

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
    ) -> None:
        self._most_waiting = waiting
        self._most_in_a_round = in_a_round
        self._most_at_work = at_work
        self._later = later
        self._queue: deque[Visitor] = deque()
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
        if self._may_begin or len(self._queue) < self._most_waiting:
            return False
        self._forget_the_gone()
        return len(self._queue) >= self._most_waiting

    def admit(self, visitor: Visitor) -> bool:
        """Begin a request or let it wait; return False where there is no room."""
        if self._may_begin:
            self._begin(visitor)
            return True
        if self.is_full():
            return False
        self._queue.append(visitor)
        return True

    def finished(self) -> None:
        """Take note that a request is no longer worked on."""
        self._at_work -= 1
        if self._queue and not self._round_taken:
            self._round_taken = True
            self._later(self._next)

    @property
    def _may_begin(self) -> bool:
        return not self._round_taken and not self._queue and self._at_work < self._most_at_work

    def _begin(self, visitor: Visitor) -> None:
        self._at_work += 1
        if not self._round_taken:
            self._round_taken = True
            self._later(self._next)
        visitor.begin()

    def _next(self) -> None:
        self._round_taken = False
        for _ in range(self._most_in_a_round):
            while self._queue and self._queue[0].gone:
                self._queue.popleft()
            if not self._queue or self._at_work >= self._most_at_work:
                return
            self._begin(self._queue.popleft())

    def _forget_the_gone(self) -> None:
        self._queue = deque(each for each in self._queue if not each.gone)
