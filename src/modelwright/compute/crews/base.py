"""What a crew is.

`build` and `explore` ask a crew to do pieces of work, from as many threads as it has workers. A
piece is a function of a module, so that another process can import it; what it works on is shared
once, and what it is asked for is small. A crew may assume that a piece changes nothing outside
itself, so that it can be done again, and that it ends soon after its time is up. It must return
what the same call in this process returns, to the last bit, and raise what that raises.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from modelwright.compute.budget import Budget
from modelwright.compute.parallel import map_threads

Material = TypeVar("Material")
Order = TypeVar("Order")
Made = TypeVar("Made")

Work: TypeAlias = Callable[[Material, Order, Budget], Made]
"""A piece of work: what was shared, what is asked, and the time for it."""


@dataclass(frozen=True)
class Shared(Generic[Material]):
    """What a crew works on.

    Parameters
    ----------
    material
        As this process has it.
    key
        Names it among all that this crew was ever given.
    handle
        By which the crew's workers reach it.
    """

    material: Material
    key: str = ""
    handle: Any = None


@dataclass(frozen=True)
class Done(Generic[Made]):
    """A piece of work that is done.

    Parameters
    ----------
    made
        What the work returned.
    place
        Where it was done; empty for this machine.
    """

    made: Made
    place: str = ""


class Crew(Protocol):
    """Workers that do pieces of work side by side."""

    @property
    def title(self) -> str:
        """What people read, such as ``"2 threads of this process"``."""

    @property
    def workers(self) -> int:
        """How many pieces of work it does at once."""

    @property
    def memory_bytes(self) -> int | None:
        """What each worker may hold of its own; None where nobody has said so."""

    @property
    def meeting(self) -> str | None:
        """The host by which its workers reach this process; None where they cannot, or are it."""

    def share(self, material: Material) -> Shared[Material]:
        """Make something known to all workers; they may forget what was shared before it."""

    def ask(
        self,
        work: Work[Material, Order, Made],
        shared: Shared[Material],
        order: Order,
        *,
        budget: Budget,
    ) -> Done[Made]:
        """Have a piece of work done, and wait for it; to be called from several threads at once.

        Parameters
        ----------
        work
            A function of a module.
        shared
            What `share` of this crew returned.
        order
            What is asked.
        budget
            The time for it, a second beginning after a lost worker included.

        Raises
        ------
        ModelwrightError
            What the work raised.
        ServiceError
            When its worker was lost again and again.
        """

    def close(self) -> None:
        """Let the workers go, also those at work."""


def ask_all(
    crew: Crew,
    work: Work[Material, Order, Made],
    shared: Shared[Material],
    orders: Iterable[Order],
    *,
    budget: Budget,
) -> list[Made]:
    """Have pieces of work done side by side, and return what was made in the order of the orders.

    Parameters
    ----------
    crew, work, shared
        Who does what, and to what.
    orders
        One for each piece.
    budget
        For all of them.

    Examples
    --------
    >>> from modelwright.compute.crews.here import Here
    >>> crew = Here(workers=2)
    >>> add = lambda number, more, budget: number + more
    >>> ask_all(crew, add, crew.share(40), [1, 2], budget=Budget.start(5))
    [41, 42]
    """
    return map_threads(
        lambda order: crew.ask(work, shared, order, budget=budget).made,
        orders,
        workers=crew.workers,
    )
