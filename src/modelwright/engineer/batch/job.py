"""A job: every row of a source answered once."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import msgspec

from modelwright.compute.crews.base import Crew
from modelwright.data.pieces.base import Mark, Piece, Pieces
from modelwright.engineer.batch.crew import answer_by, answer_in_order
from modelwright.engineer.batch.destination import Destination
from modelwright.engineer.batch.progress import Progress
from modelwright.engineer.batch.recipe import Recipe

Report = Callable[["Seen"], None]

_TOLD = 20
"""Sentences about broken rules at most."""


@dataclass(frozen=True)
class Seen:
    """How far a job is, for a person.

    Parameters
    ----------
    rows
        Done, those of earlier runs included.
    of
        All; None where nobody knows.
    rows_per_s
        Of this run.
    """

    rows: int
    of: int | None
    rows_per_s: float


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a job.

    Parameters
    ----------
    rows
        Of the source.
    set_aside
        How many of them were set aside.
    unanswered
        How many of the others the model could not answer.
    resumed_at
        How many were done by an earlier run.
    broken
        Rules that are broken, a sentence each.
    refused
        Whether it stopped because the contract is broken.
    seconds
        Of this run.
    """

    rows: int
    set_aside: int = 0
    unanswered: int = 0
    resumed_at: int = 0
    broken: tuple[str, ...] = ()
    refused: bool = False
    seconds: float = 0.0


def run_job(
    recipe: Recipe,
    pieces: Pieces,
    destination: Destination,
    *,
    asked: str,
    jobs: int = 1,
    crew: Crew | None = None,
    report: Report = lambda _: None,
) -> Outcome:
    """Answer every row of a source, from where an earlier run of the same job ended.

    Parameters
    ----------
    recipe
        What is done with each piece; its keeper is the destination's.
    pieces
        The source.
    destination
        Where the answers go.
    asked
        Tells this job from others, together with the state of the source.
    jobs
        Processes side by side.
    crew
        Does the work instead of them.
    report
        Told after each piece.

    Returns
    -------
    Outcome
        A contract that is broken is a value, not an exception.

    Raises
    ------
    InputError
        When a column is missing, the source cannot be read, or something else is in the
        destination.
    """
    began = time.monotonic()
    progress = begun = destination.begin(_name(asked, pieces))
    broken: dict[str, None] = {}
    cooked = replace(recipe, keeper=destination.keeper)
    waiting = _numbered(pieces, progress.mark)
    stream = answer_by(crew, cooked, waiting) if crew else None
    for answers in stream or answer_in_order(cooked, waiting, jobs=jobs):
        broken |= dict.fromkeys(answers.broken[: max(0, _TOLD - len(broken))])
        if answers.refused:
            return _outcome(progress, begun, broken, time.monotonic() - began, refused=True)
        progress = progress.after(answers)
        destination.take(answers, progress)
        speed = (progress.rows - begun.rows) / max(1e-9, time.monotonic() - began)
        report(Seen(progress.rows, pieces.rows, speed))
    destination.finish(progress.at_end())
    return _outcome(progress, begun, broken, time.monotonic() - began, refused=False)


def _numbered(pieces: Pieces, mark: Mark) -> Iterator[tuple[int, Piece]]:
    return enumerate(pieces.after(mark), mark.pieces + 1)


def _name(asked: str, pieces: Pieces) -> str:
    """Return the name of a job; one that never comes again where rows have no certain order."""
    stamp = pieces.stamp or str(time.time_ns())
    said = "\0".join((asked, pieces.address, stamp))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _outcome(
    progress: Progress, begun: Progress, broken: dict[str, None], seconds: float, *, refused: bool
) -> Outcome:
    return Outcome(
        rows=progress.rows,
        set_aside=progress.set_aside,
        unanswered=progress.unanswered,
        resumed_at=begun.rows,
        broken=tuple(broken),
        refused=refused,
        seconds=seconds,
    )
