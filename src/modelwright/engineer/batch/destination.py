"""Where answers go."""

from typing import Protocol

from modelwright.engineer.batch.progress import Progress
from modelwright.engineer.batch.recipe import Answers, Keeper


class Destination(Protocol):
    """Where answers go: a folder, a file or a table.

    `begin` is called once, then `take` for each piece in their order, then `finish`. A kill at any
    moment leaves answers and progress that agree: what was taken is there once, all else is not.
    """

    @property
    def address(self) -> str:
        """Where that is, printable, without a password."""

    @property
    def keeper(self) -> Keeper | None:
        """Keeps answers in the process that made them; None where `take` does it all."""

    def begin(self, job: str) -> Progress:
        """Return how far a job has come here; that of another job gives way to it.

        Raises
        ------
        InputError
            When something else is there.
        """

    def take(self, answers: Answers, progress: Progress) -> None:
        """Keep the answers of a piece, and with them how far the job has come."""

    def finish(self, progress: Progress) -> None:
        """Make the whole visible."""

    def close(self) -> None:
        """Let go of what is open, also when something failed."""
