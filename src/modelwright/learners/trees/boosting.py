"""What boosters share: sizes by rows and classes, losses, patience, the program at the end."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.encoding import Encoding, require_time
from modelwright.learners.loss import Loss
from modelwright.learners.recipe import Recipe
from modelwright.learners.trees.crosses import encode_with_crosses
from modelwright.learners.trees.encoding import encode_for_trees, encode_other_rows
from modelwright.learners.trees.rows import TreeRows
from modelwright.learners.unit import Unit
from modelwright.learners.watch import Watch
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program, Step
from modelwright.tasks.task import Task

MAX_LEAVES = 200_000
"""Leaves of all trees together: about 10 MB of a program."""
MAX_ROUNDS = 2_000
POISSON_STEP = 0.1
"""Added to the exponent of Poisson's second derivative. The libraries' 0.7 halves steps: on two
public tables twice the rounds gave the same error."""
USUAL_ROUNDS = 200
"""What is right for the usual rate when no rows tell where to stop."""
USUAL_RATE = 0.05
USUAL_LEAVES = 63
_FEWEST_ROUNDS = 300
"""Trees are kept small enough for this many rounds."""
_CLASSES_AT_FULL_RATE = 6
_MOST_HASTE = 3.0
_LEAST_PATIENCE, _MOST_PATIENCE = 10, 300
_NUMBERS_PER_LOOK = 50_000
"""Numbers held back that are compared after every round; of more, after some rounds only."""
_ROUNDS_PER_LOOK = 5


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

        Small tables get small trees: half the square root of the rows, at least 6 leaves; and more
        where trees are wanted that are larger than usual. Many classes get small trees too, so that
        the program stays small.

        Examples
        --------
        >>> task = Task(kind="regression")
        >>> from modelwright.data.schema import Schema
        >>> rows = Rows(Schema(columns=()), {}, np.zeros(10_000), task)
        >>> [Size.of(rows, most_leaves=leaves).leaves for leaves in (16, 63, 126, 1_000)]
        [16, 50, 100, 666]
        """
        share = 0.5 * max(1.0, most_leaves / USUAL_LEAVES)
        wanted = max(6, round(share * len(rows) ** 0.5))
        trees = trees_per_round(rows.task)
        fitting = max(6, MAX_LEAVES // (_FEWEST_ROUNDS * trees))
        leaves = min(most_leaves, wanted, fitting)
        return cls(leaves, max(1, min(MAX_ROUNDS, MAX_LEAVES // (leaves * trees))))


@dataclass(frozen=True)
class Examples:
    """A matrix with its target, as a library takes them.

    Parameters
    ----------
    rows
        What makes the matrix.
    target, weight : ndarray of shape (n,)
        The weight is None for 1 each.
    unit
        Of the target.
    """

    rows: TreeRows
    target: Floats
    weight: Floats | None
    unit: Unit

    def __len__(self) -> int:
        return len(self.target)

    @property
    def matrix(self) -> Floats:
        """The matrix of shape (n, width), NaN for missing; made anew each time."""
        return self.rows.matrix

    @property
    def key(self) -> Hashable:
        """What a library makes of these examples is kept under this key."""
        return (self.rows.key, self.unit)


@dataclass(frozen=True)
class Lesson:
    """All that a booster needs before its first round.

    Parameters
    ----------
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
    loss
        What is made small.
    task
        What is predicted.
    """

    train: Examples
    check: Examples | None
    size: Size
    rounds: int
    unit: Unit
    loss: Loss
    task: Task

    @property
    def encoding(self) -> Encoding:
        """Makes the matrix of any rows."""
        return self.train.rows.encoding

    @property
    def trees_per_round(self) -> int:
        """How many trees a round grows."""
        return trees_per_round(self.task)

    @property
    def base(self) -> Floats:
        """What each column of the raw score starts from."""
        start = np.log(self.unit.scale) if self.loss.kind == "poisson" else self.unit.center
        return np.full(self.trees_per_round, start)

    @property
    def scale(self) -> float:
        """What the sum of the trees is multiplied with."""
        return 1.0 if self.loss.kind == "poisson" else self.unit.scale

    @property
    def rounds_per_look(self) -> int:
        """After how many rounds the rows held back are asked, so that it takes little time."""
        numbers = len(self.check or ()) * self.trees_per_round
        return min(_ROUNDS_PER_LOOK, 1 + numbers // _NUMBERS_PER_LOOK)

    def watch(self, budget: Budget, *, rate: float = USUAL_RATE) -> Watch:
        """Return the watch of a booster that begins now.

        Patience falls from 60 to 20 rounds with the rows, because a loss on many rows is less
        noisy; a lower rate needs more. A tenth of the time left is kept for reading the trees.

        Raises
        ------
        BudgetError
            When no time is left for a single round.
        """
        require_time(budget)
        usual = float(np.clip(300_000 / len(self.train), 20, 60))
        patience = int(np.clip(usual * USUAL_RATE / rate, _LEAST_PATIENCE, _MOST_PATIENCE))
        return Watch(
            budget.reserve(0.1 * budget.remaining_s), patience if self.check is not None else None
        )

    def program(self, steps: tuple[Step, ...]) -> Program:
        """Return the program of the encoding, the steps to a raw score, and the loss's link."""
        raw = steps[-1].output
        link: tuple[Step, ...] = ()
        if self.task.kind == "binary":
            link = (Link(inputs=(raw,), output="answer", kind="sigmoid"),)
        elif self.task.kind == "multiclass":
            link = (Link(inputs=(raw,), output="answer", kind="softmax"),)
        elif self.loss.kind == "poisson":
            link = (Link(inputs=(raw,), output="answer", kind="exponential"),)
        return self.encoding.program(self.task, (*steps, *link))

    def fitted(
        self,
        steps: tuple[Step, ...],
        watch: Watch,
        *,
        library: str,
        estimator: str = "train",
        settings: Mapping[str, Any],
        reads: str,
    ) -> Fitted:
        """Return what a booster has learned, and the recipe by which its library learns it again.

        Parameters
        ----------
        steps
            To the raw score.
        watch
            How many rounds were best.
        library, estimator, settings
            As in the recipe.
        reads
            The value of the program that the library had for its matrix.
        """
        recipe = Recipe(
            library=library,
            estimator=estimator,
            settings=settings,
            rounds=watch.best,
            encoding=reads,
            center=self.unit.center,
            scale=self.unit.scale,
        )
        return Fitted(
            program=self.program(steps),
            rounds=watch.best,
            cut_short=watch.cut_short,
            by_chance=True,
            recipe=recipe,
        )


def prepare(
    rows: Rows,
    check_rows: Rows | None,
    rounds: int | None,
    *,
    most_leaves: int,
    crosses: bool = False,
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
    crosses
        Whether pairs of categories are columns too.

    Raises
    ------
    BudgetError
        When the time ends.
    InputError
        When no pair is worth a column, unless the rounds are known: then it was decided before,
        on other rows, that there are such pairs.
    """
    encode = encode_with_crosses if crosses else encode_for_trees
    encoded = encode(rows, budget=budget, seed=seed)
    if crosses and rounds is None and encoded is encode_for_trees(rows, budget=budget, seed=seed):
        raise InputError("No two categories say more together than one by one.")
    loss = loss_of(rows)
    unit = Unit.for_loss(rows, loss)
    size = Size.of(rows, most_leaves=most_leaves)
    check = None
    if rounds is None and check_rows is not None and len(check_rows):
        held = encode_other_rows(encoded, rows, check_rows)
        check = Examples(held, unit.apply(check_rows), check_rows.weight, unit)
    return Lesson(
        train=Examples(encoded, unit.apply(rows), rows.weight, unit),
        check=check,
        size=size,
        rounds=rounds or (size.rounds if check else min(size.rounds, USUAL_ROUNDS)),
        unit=unit,
        loss=loss,
        task=rows.task,
    )


def loss_of(rows: Rows) -> Loss:
    """Return the loss with which a booster learns rows.

    Classes are learned by log-loss. A number that is negative somewhere, or zero everywhere, is no
    count: its mean is learned by squares.

    Examples
    --------
    >>> from modelwright.data.schema import Schema
    >>> task, wanted = Task(kind="regression"), Loss("poisson")
    >>> targets = (np.array([0.0, 2.0]), np.array([-1.0, 2.0]))
    >>> [loss_of(Rows(Schema(columns=()), {}, each, task, loss=wanted)).kind for each in targets]
    ['poisson', 'squared']
    """
    if rows.task.is_classification:
        return Loss("proper")
    counts = bool((rows.target >= 0).all() and rows.target.any())
    if rows.loss.kind == "proper" or (rows.loss.kind == "poisson" and not counts):
        return Loss()
    return rows.loss


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
