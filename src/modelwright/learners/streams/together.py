"""XGBoost on rows that several processes hold, each a part of them.

Each worker puts its part into bins of its own; in every round XGBoost's collective adds up what all
of them see, so that each grows the same trees. A worker that is lost tears the others off too: all
begin again, and the same parts give the same trees.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np
import xgboost
from xgboost import collective
from xgboost.core import XGBoostError
from xgboost.tracker import RabitTracker

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.compute.crews.losses import Losses, Report
from modelwright.compute.parallel import map_threads
from modelwright.errors import BudgetError, InputError
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.streams.growing import Pupil, Recorded
from modelwright.learners.streams.labels import Labels, encoded
from modelwright.learners.streams.reading import lesson_for
from modelwright.learners.streams.xgboost import Codes, XGBoostBins, in_bins, known_bins
from modelwright.learners.xgboost import XGBoost

_LEAST_WAIT_S = 30
_LONGEST_S = 10**6

Value = TypeVar("Value")


class Source(Protocol):
    """Rows beyond the sample, as a worker reads them; it is pickled."""

    def part(self, number: int, of: int) -> Iterator[Rows]:
        """Yield one of so many parts, a piece at a time; all parts together are all rows."""


@dataclass(frozen=True)
class Shares:
    """What all workers know.

    Parameters
    ----------
    learner
        With its parameters.
    source
        The rows beyond the sample.
    sample, check
        Rows that each worker holds whole: the first ones, and those that tell where to stop.
    usual_rounds
        That the sample took.
    recorded
        Do again what was done before; None to find it.
    seed
        Of encoding, bins and learner.
    """

    learner: XGBoost
    source: Source
    sample: Rows
    check: Rows
    usual_rounds: int
    recorded: Recorded | None
    seed: int


@dataclass(frozen=True)
class Seat:
    """One worker's place among all.

    Parameters
    ----------
    number, of
        From 0; how many there are.
    host, port
        Where they meet.
    """

    number: int
    of: int
    host: str
    port: int


@dataclass(frozen=True)
class Torn:
    """The workers were torn apart.

    Parameters
    ----------
    why
        As a sentence.
    """

    why: str


@dataclass(frozen=True)
class TogetherBins(XGBoostBins):
    """A part of the rows in bins; whoever holds the others agrees on what comes next."""

    def agree(self, value: Value) -> Value:
        """Return what the first worker says, whose clock is that of all."""
        agreed: Value = collective.broadcast(value, 0)
        return agreed


def learn_together(
    crew: Crew, shares: Shares, *, parts: int, budget: Budget, report: Report
) -> tuple[Fitted, Recorded]:
    """Have the workers of a crew learn, each from a part of the rows.

    Parameters
    ----------
    crew
        Its workers are processes that reach this one by `Crew.meeting`.
    shares
        What they learn.
    parts
        Workers, and parts of the rows.
    budget
        For all of it, beginnings after a lost worker included.
    report
        Told of each loss.

    Raises
    ------
    BudgetError
        When there is no time for it, or not so many workers.
    ServiceError
        When workers were lost again and again.
    """
    if crew.meeting is None or crew.workers < parts:
        raise BudgetError(
            f"{parts} workers that can meet are needed, found {crew.title}.",
            f"Say --compute 'processes?workers={parts}', or a cluster with as many cores.",
        )
    losses, shared = Losses(budget, report), crew.share(shares)
    while True:
        with _meeting(crew.meeting, parts) as place:
            seats = [Seat(number, parts, *place.address) for number in range(parts)]

            def learn(seat: Seat, place: "_Place" = place) -> "Told":
                made = crew.ask(learn_part, shared, seat, budget=budget).made
                if isinstance(made, Torn):
                    # One that begins again finds nobody, and need not wait for the others.
                    place.close()
                return made

            made = map_threads(learn, seats, workers=parts)
        first = made[0]
        torn = next((each for each in made if isinstance(each, Torn)), None)
        if torn is None and isinstance(first, tuple):
            return first
        losses.count(torn.why if torn else "The first worker said nothing.")


Told = tuple[Fitted, Recorded] | Torn | None


def learn_part(shares: Shares, seat: Seat, budget: Budget) -> Told:
    """Learn a part of the rows together with the workers that have the others.

    Returns
    -------
    tuple, Torn or None
        What was learned, from the first worker alone: it is the same for all.
    """
    lesson = lesson_for(shares.learner, shares.sample, budget=budget, seed=shares.seed)
    labels = Labels.of(shares.sample, lesson)
    # Before they meet: together they would look for bins of their own.
    known = known_bins(lesson, labels)
    codes = Codes.of(known)
    if seat.number == 0:
        codes.take(lesson.train.matrix, labels)
    try:
        with _joined(seat, budget):
            for piece in encoded(lesson, shares.source.part(seat.number, seat.of), budget):
                codes.take(piece.matrix, piece.labels)
            if not codes.pieces:
                raise InputError(f"Part {seat.number + 1} of {seat.of} has no rows.")
            asked = shares.check.take(np.arange(seat.number, len(shares.check), seat.of))
            bins = in_bins(codes, known, lesson, asked)
            pupil = Pupil(shares.learner, lesson, TogetherBins(bins.train, bins.check), shares.seed)
            learned = pupil.fit(
                usual_rounds=shares.usual_rounds, recorded=shares.recorded, budget=budget
            )
            return learned if seat.number == 0 else None
    except XGBoostError as error:
        return Torn(_said(error))
    except InputError as error:
        if isinstance(error.__cause__, XGBoostError):
            return Torn(_said(error.__cause__))
        raise


@contextmanager
def _joined(seat: Seat, budget: Budget) -> Iterator[None]:
    """Meet the others; each waits for the slowest of them."""
    wait_s = int(min(max(_LEAST_WAIT_S, budget.remaining_s), _LONGEST_S))
    with (
        xgboost.config_context(verbosity=0),
        collective.CommunicatorContext(
            dmlc_communicator="rabit",
            dmlc_tracker_uri=seat.host,
            dmlc_tracker_port=seat.port,
            dmlc_task_id=f"{seat.number:06}",
            dmlc_timeout=wait_s,
        ),
    ):
        yield


@dataclass
class _Place:
    """Where workers meet."""

    tracker: RabitTracker
    closed: bool = field(default=False)

    @property
    def address(self) -> tuple[str, int]:
        told = self.tracker.worker_args()
        return str(told["dmlc_tracker_uri"]), int(told["dmlc_tracker_port"])

    def close(self) -> None:
        """Let nobody else come."""
        if not self.closed:
            self.closed = True
            with suppress(XGBoostError):  # what was torn apart does not end in order
                self.tracker.free()


@contextmanager
def _meeting(host: str, parts: int) -> Iterator[_Place]:
    with xgboost.config_context(verbosity=0):
        tracker = RabitTracker(n_workers=parts, host_ip=host, sortby="task")
        tracker.start()
        place = _Place(tracker)
        try:
            yield place
        finally:
            place.close()


def _said(error: BaseException) -> str:
    """Return the last cause that XGBoost names, without the trace of its own code."""
    told = str(error).partition("Stack trace")[0].strip().splitlines()
    return f"{told[-1].rpartition(']:')[2].strip(' -').rstrip('.')}."
