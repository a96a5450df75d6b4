"""How far a job has come."""

from typing import Self

import msgspec

from modelwright.data.pieces.base import Key, Mark
from modelwright.engineer.batch.recipe import Answers


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job has come; kept beside the answers, so that another run goes on from there.

    Parameters
    ----------
    job
        Tells one job from another: the bundle, the source as it was, and what was asked.
    pieces
        Done.
    key
        Of the last row that is done.
    rows, set_aside, unanswered
        Done; set aside among them, and such that the model could not answer.
    finished
        Whether there is nothing left to do.
    """

    job: str
    pieces: int = 0
    key: Key | None = None
    rows: int = 0
    set_aside: int = 0
    unanswered: int = 0
    finished: bool = False

    @property
    def mark(self) -> Mark:
        """Where a reader goes on."""
        return Mark(self.pieces, self.key)

    def after(self, answers: Answers) -> Self:
        """Return how far it is with the next piece."""
        return msgspec.structs.replace(
            self,
            pieces=answers.number,
            key=answers.key,
            rows=self.rows + answers.rows,
            set_aside=self.set_aside + answers.set_aside,
            unanswered=self.unanswered + answers.unanswered,
        )

    def at_end(self) -> Self:
        """Return that it is finished."""
        return msgspec.structs.replace(self, finished=True)

    def resumed(self, job: str) -> Self:
        """Return where a run of a job begins: here, or at the begin when this is not its own.

        Examples
        --------
        >>> Progress(job="a", pieces=3).resumed("a").pieces
        3
        >>> Progress(job="a", pieces=3).resumed("b").pieces
        0
        """
        return self if job == self.job and not self.finished else type(self)(job=job)
