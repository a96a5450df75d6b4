"""What boosters share: sizes by rows and classes, patience, deadlines, the program at the end."""

from dataclasses import dataclass, field

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.encoding import Encoding, require_time
from modelwright.learners.tree_encoding import encode_for_trees
from modelwright.learners.unit import Unit
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program, Step
from modelwright.tasks.task import Task

MAX_LEAVES = 200_000
"""Leaves of all trees together: about 10 MB of a program."""
MAX_ROUNDS = 2_000
USUAL_ROUNDS = 200
"""What is right for a rate of 0.05 when no rows tell where to stop."""
_FEWEST_ROUNDS = 300
"""Trees are kept small enough for this many rounds."""
_ROUNDS_AT_ONCE = 3
"""A booster stops while there is still time for so many rounds."""
_FORGETTING = 0.8
_CLASSES_AT_FULL_RATE = 6
_MOST_HASTE = 3.0


@dataclass(frozen=True)
class Size:
    """How large a booster may grow.

    Parameters
    ----------
    leaves
        Of one tree.
    rounds
        At most; each round grows one tree, or one per class of a multiclass task.
    """

    leaves: int
    rounds: int

    @classmethod
    def of(cls, rows: Rows, *, most_leaves: int) -> "Size":
        """Return the size that suits training rows.

        Small tables get small trees: half the square root of the rows, at least 6 leaves. Many
        classes get small trees too, so that the program stays small.

        Examples
        --------
        >>> task = Task(kind="regression")
        >>> from modelwright.data.schema import Schema
        >>> Size.of(Rows(Schema(columns=()), {}, np.zeros(10_000), task), most_leaves=63)
        Size(leaves=50, rounds=2000)
        """
        wanted = max(6, round(0.5 * len(rows) ** 0.5))
        trees = trees_per_round(rows.task)
        fitting = max(6, MAX_LEAVES // (_FEWEST_ROUNDS * trees))
        leaves = min(most_leaves, wanted, fitting)
        return cls(leaves, max(1, min(MAX_ROUNDS, MAX_LEAVES // (leaves * trees))))


@dataclass
class Watch:
    """Tells a booster after each round whether to stop.

    Parameters
    ----------
    budget
        The time for boosting.
    patience
        Rounds without gain after which it stops, beside 3 in 10 of the best round; None to look
        only at the clock.

    Examples
    --------
    >>> watch = Watch(Budget.start(60), patience=2)
    >>> [watch.stops(loss) for loss in (0.5, 0.4, 0.45, 0.45, 0.45)], watch.best
    ([False, False, False, False, True], 2)
    """

    budget: Budget
    patience: int | None
    best: int = 0
    rounds: int = 0
    cut_short: bool = False
    _least: float = np.inf
    _pace_s: float = 0.0
    _looked: float = field(default=0.0)

    def __post_init__(self) -> None:
        self._looked = self.budget.clock()

    def stops(self, loss: float | None) -> bool:
        """Note that a round has ended and say whether to stop.

        Parameters
        ----------
        loss
            On the rows held back; None where there are none.
        """
        self.rounds += 1
        if loss is None:
            self.best = self.rounds
        elif loss < self._least:
            self.best, self._least = self.rounds, loss
        self.cut_short = self._is_late()
        return self.cut_short or self._is_stale()

    def _is_late(self) -> bool:
        now = self.budget.clock()
        # The slowest round of late: one that was held up long ago says nothing about the next.
        self._pace_s = max(_FORGETTING * self._pace_s, now - self._looked)
        self._looked = now
        return not self.budget.has(_ROUNDS_AT_ONCE * self._pace_s)

    def _is_stale(self) -> bool:
        if self.patience is None:
            return False
        return self.rounds - self.best > self.patience + int(0.3 * self.best)


@dataclass(frozen=True)
class Examples:
    """A matrix with its target, as a library takes them.

    Parameters
    ----------
    matrix : ndarray of shape (n, width)
        NaN for missing.
    target, weight : ndarray of shape (n,)
        The weight is None for 1 each.
    """

    matrix: Floats
    target: Floats
    weight: Floats | None


@dataclass(frozen=True)
class Lesson:
    """All that a booster needs before its first round.

    Parameters
    ----------
    encoding
        Makes the matrix of any rows.
    train
        What it learns from.
    check
        What tells it where to stop; None where the rounds are known.
    size
        How large it may grow.
    rounds
        How many rounds at most.
    unit
        In which the target of a regression is learned.
    task
        What is predicted.
    """

    encoding: Encoding
    train: Examples
    check: Examples | None
    size: Size
    rounds: int
    unit: Unit
    task: Task

    @property
    def trees_per_round(self) -> int:
        """How many trees a round grows."""
        return trees_per_round(self.task)

    @property
    def base(self) -> Floats:
        """What each column of the raw score starts from."""
        return np.full(self.trees_per_round, self.unit.center)

    def watch(self, budget: Budget) -> Watch:
        """Return the watch of a booster that begins now.

        Patience falls from 60 to 20 rounds with the rows, because a loss on many rows is less
        noisy. A tenth of the time left is kept for reading the trees.

        Raises
        ------
        BudgetError
            When no time is left for a single round.
        """
        require_time(budget)
        patience = int(np.clip(300_000 / len(self.train.matrix), 20, 60))
        return Watch(
            budget.reserve(0.1 * budget.remaining_s), patience if self.check is not None else None
        )

    def program(self, steps: tuple[Step, ...]) -> Program:
        """Return the program of the encoding, the steps to a raw score, and the task's link."""
        raw = steps[-1].output
        links: dict[str, tuple[Step, ...]] = {
            "binary": (Link(inputs=(raw,), output="answer", kind="sigmoid"),),
            "multiclass": (Link(inputs=(raw,), output="answer", kind="softmax"),),
            "regression": (),
        }
        return self.encoding.program(self.task, (*steps, *links[self.task.kind]))


def prepare(
    rows: Rows,
    check_rows: Rows | None,
    rounds: int | None,
    *,
    most_leaves: int,
    budget: Budget,
    seed: int,
) -> Lesson:
    """Encode rows for a booster and settle its size.

    Parameters
    ----------
    rows, check_rows, rounds, budget, seed
        As `Learner.fit` takes them. With `rounds`, the rows held back are of no account.
    most_leaves
        Leaves of a tree on many rows.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    encoded = encode_for_trees(rows, budget=budget, seed=seed)
    unit = Unit.of(rows)
    size = Size.of(rows, most_leaves=most_leaves)
    check = None
    if rounds is None and check_rows is not None and len(check_rows):
        matrix = encoded.encoding.matrix(check_rows.columns)
        check = Examples(matrix, unit.apply(check_rows), check_rows.weight)
    return Lesson(
        encoding=encoded.encoding,
        train=Examples(encoded.matrix, unit.apply(rows), rows.weight),
        check=check,
        size=size,
        rounds=rounds or (size.rounds if check else min(size.rounds, USUAL_ROUNDS)),
        unit=unit,
        task=rows.task,
    )


def hasten(rate: float, task: Task) -> float:
    """Return the learning rate for a task: higher with many classes, whose rounds are dear.

    Examples
    --------
    >>> hasten(0.05, Task(kind="regression"))
    0.05
    >>> hasten(0.05, Task(kind="multiclass", classes=tuple(range(12))))
    0.1
    """
    return rate * min(_MOST_HASTE, max(1.0, trees_per_round(task) / _CLASSES_AT_FULL_RATE))


def trees_per_round(task: Task) -> int:
    """Return how many trees a round grows."""
    return task.n_outputs if task.kind == "multiclass" else 1
