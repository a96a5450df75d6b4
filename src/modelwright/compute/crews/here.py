"""Threads of this process."""

from dataclasses import dataclass, field

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Done, Made, Material, Order, Shared, Work
from modelwright.compute.parallel import cores


@dataclass(frozen=True)
class Here:
    """The threads that ask do the work themselves: nothing is copied, and nothing can be lost.

    Parameters
    ----------
    workers
        Threads; one for each core by default.

    Examples
    --------
    >>> Here(workers=2).title
    '2 threads of this process'
    """

    workers: int = field(default_factory=cores)

    @property
    def title(self) -> str:
        """What people read."""
        return f"{self.workers} thread{'s' * (self.workers > 1)} of this process"

    @property
    def memory_bytes(self) -> None:
        """None: they have the memory of this process."""

    @property
    def meeting(self) -> None:
        """None: they are this process."""

    def share(self, material: Material) -> Shared[Material]:
        """Hand it on as it is."""
        return Shared(material)

    def ask(
        self,
        work: Work[Material, Order, Made],
        shared: Shared[Material],
        order: Order,
        *,
        budget: Budget,
    ) -> Done[Made]:
        """Do the work in the thread that asks."""
        return Done(work(shared.material, order, budget))

    def close(self) -> None:
        """Leave the threads to those who began them."""
