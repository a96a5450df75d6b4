"""What a remedy is: a way to make another program of a model, from what is known by a moment.

The replay calls `treat` once for each past window, with the rows before it, and once more with all
rows. A remedy yields treatments, the usual one first; each has an option, a text that is the same
from window to window, so that what an option did before can say whether it is chosen. A remedy may
look at labels, draws no randomness of its own, and yields nothing where it has nothing to offer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.losses import Judge, Measure
from modelwright.maintain.remedies.past import part_of
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.program import Program
from modelwright.predictor.reference.distribution import Distribution
from modelwright.predictor.reference.reference import reference_of

_MOST_RECENT = 2_000
_MOST_BEFORE, _FEWEST_BEFORE = 1_000, 200


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What a model is to learn again from.

    Parameters
    ----------
    rows
        Labelled live rows.
    with_training
        Whether the rows of its training count too.
    weight
        How much a live row counts, beside one of training.
    without
        Columns that it may not read.
    """

    rows: LiveRows
    with_training: bool = True
    weight: float = 1.0
    without: tuple[str, ...] = ()


class School(Protocol):
    """Lets a model learn again; rooms that only watch are given one by whoever can teach."""

    @property
    def rows(self) -> int:
        """How many rows of the training it has."""

    def learn(self, lesson: Lesson) -> Program:
        """Return what is learned; the same lesson gives the same program.

        Raises
        ------
        ModelwrightError
            When nothing can be learned from it.
        """


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A model, and what is known by a moment.

    Parameters
    ----------
    bundle
        The model as it stands.
    rows
        Labelled rows in the order of time, the youngest last, with the answers of the model.
    onset
        The row from which on something is wrong; 0 where nothing says since when.
    broken
        The columns that became others there at once; empty where none stands out.
    judge
        Says what answers cost.
    school
        Lets it learn again; None where nobody can.
    earlier
        Releases before, the youngest first.
    before
        Labelled rows that came before these, which champions before answered: to learn from and not
        to judge by, for the model may have learned from them.
    """

    bundle: Bundle
    rows: LiveRows
    onset: int = 0
    broken: tuple[str, ...] = ()
    judge: Judge
    school: School | None = None
    earlier: tuple[Bundle, ...] = ()
    before: LiveRows | None = None

    @cached_property
    def recent(self) -> LiveRows:
        """The rows since something is wrong, at most 2,000."""
        start = max(min(self.onset, len(self.rows)), len(self.rows) - _MOST_RECENT)
        return part_of(self.rows, start, len(self.rows))

    @cached_property
    def usual(self) -> Mapping[str, Distribution]:
        """How each column was distributed before something was wrong.

        By the rows just before, for a fault is a sudden change and a season a slow one; where they
        are few, by the rows of the training.
        """
        before = part_of(self.rows, max(0, self.onset - _MOST_BEFORE), self.onset)
        if len(before) < _FEWEST_BEFORE:
            return self.bundle.reference.columns
        bundle = self.bundle
        return reference_of(
            before.columns, bundle.schema, before.answers, bundle.program.task
        ).columns

    @property
    def trained(self) -> int:
        """Rows of the training, without those that a mended model has learned from since."""
        return self.school.rows if self.school else self.bundle.facts.training_rows

    @property
    def program(self) -> Program:
        """The model's program."""
        return self.bundle.program


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """A program that a remedy offers.

    Parameters
    ----------
    option
        Which of its ways this is; the same text whenever it is the same way.
    sentence
        What it does, without the gain.
    program
        What would ship.
    columns
        The columns that are read otherwise; empty when it is the answers or all of them.
    learned
        The live rows that it learned from; None where it did not learn anew.
    with_training
        Whether it learned from the rows of the training too.
    is_evident
        Whether the inputs alone say that it undoes what broke: a column changed at once, and read
        like this it lies as before.
    """

    option: str
    sentence: str
    program: Program
    columns: tuple[str, ...] = ()
    learned: LiveRows | None = None
    with_training: bool = True
    is_evident: bool = False


class Remedy(Protocol):
    """A way to mend a model."""

    @property
    def name(self) -> str:
        """Two or three words, such as ``"recalibrate"``."""

    @property
    def sentence(self) -> str:
        """What it does, in one sentence."""

    @property
    def measure(self) -> Measure:
        """By what it is judged."""

    def treat(self, situation: Situation) -> Iterable[Treatment]:
        """Yield what may be done, the usual way first; nothing where there is nothing to do."""


@dataclass(frozen=True)
class PlainRemedy:
    """A remedy that is a function from a situation to its treatments."""

    name: str
    sentence: str
    plan: Callable[[Situation], Iterator[Treatment]]
    measure: Measure = "answers"

    def treat(self, situation: Situation) -> Iterable[Treatment]:
        """Yield what may be done."""
        return self.plan(situation)
