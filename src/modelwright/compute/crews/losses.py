"""Workers that were lost with a piece of work, and how often that is borne."""

from collections.abc import Callable
from dataclasses import dataclass, field

from modelwright.compute.budget import Budget
from modelwright.errors import BudgetError, ServiceError

Report = Callable[[str], None]

MOST = 3
"""Losses of one piece of work after which it is held to be the cause itself."""


@dataclass
class Losses:
    """Counts how often the worker of one piece of work was lost.

    Parameters
    ----------
    budget
        Of the piece of work.
    report
        Told of each loss.

    Examples
    --------
    >>> losses = Losses(Budget.start(60), print)
    >>> losses.count("The node died.")
    A worker was lost: its piece of work begins again. The node died.
    """

    budget: Budget
    report: Report
    lost: int = field(default=0, init=False)

    def count(self, why: str) -> None:
        """Note a loss after which the work may begin again.

        Parameters
        ----------
        why
            What is known of it, as a sentence.

        Raises
        ------
        ServiceError
            After too many of them.
        BudgetError
            When there is no time to begin again.
        """
        self.lost += 1
        if self.lost >= MOST:
            raise ServiceError(
                f"A piece of work lost its worker {self.lost} times. {why}",
                "It may need more memory than there is: give fewer workers, or a limit for each, "
                "as in: --compute 'ray?workers=2&memory=4GB'",
            )
        if not self.budget.remaining_s:
            raise BudgetError(f"The worker was lost, and the time is over. {why}")
        self.report(f"A worker was lost: its piece of work begins again. {why}")
