"""Ranges and sets that hold the truth as often as they state: what stands beside an answer.

`Ranges` stand beside the numbers of a regression, `Sets` beside the probabilities of classes. Both
are tables that were made from answers to rows with known truth (split conformal prediction: Vovk,
Gammerman & Shafer, *Algorithmic Learning in a Random World*, 2005). Reading them takes a search in
a short list, additions and comparisons, so that every host reads the same bits.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.errors import BundleError, InputError
from modelwright.predictor.operations.base import Flags, Floats
from modelwright.tasks.task import Task

USUAL_LEVEL = 0.9
"""What is stated unless somebody asks for another level."""
MAX_LEVELS = 20


class _Levelled(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What ranges and sets share.

    Parameters
    ----------
    levels
        How often the truth is held, rising, as fractions.
    """

    levels: tuple[float, ...]

    @property
    def usual_level(self) -> float:
        """The level that is nearest to 0.9."""
        return min(self.levels, key=lambda level: abs(level - USUAL_LEVEL))

    def place(self, level: float) -> int:
        """Return where in `levels` a level stands.

        Raises
        ------
        InputError
            With the nearest one, when it is not offered.
        """
        if level in self.levels:
            return self.levels.index(level)
        offered = ", ".join(f"{each:g}" for each in self.levels)
        # Far outside, an integer may be too large to be compared by a difference.
        wanted = level if 0 < level < 1 else USUAL_LEVEL
        near = min(self.levels, key=lambda each: abs(each - wanted))
        raise InputError(
            f"The model states coverage at {offered}, not at {level!r:.20}.", f"Ask for {near:g}."
        )

    def require(self, condition: object, fault: str) -> None:
        """Refuse unless the condition holds."""
        if not condition:
            self.refuse(fault)

    def refuse(self, fault: str) -> NoReturn:
        """Raise a BundleError that names this part."""
        raise BundleError(f"The program's coverage is invalid: {fault}.")

    def _check_levels(self) -> None:
        self.require(0 < len(self.levels) <= MAX_LEVELS, f"it has {len(self.levels)} levels")
        self.require(all(0 < level < 1 for level in self.levels), "a level is no share")
        self.require(_rise(self.levels), "its levels do not rise")


class Ranges(_Levelled, frozen=True, kw_only=True, tag="ranges"):
    """How far from its answer the truth of a regression lies, by how large the answer is.

    Answers are sorted into bands, because errors mostly grow with the answer, and reach further
    to one side (Mondrian conformal prediction: Vovk et al., 2005, section 4.5; here the categories
    are bands of the answer).

    Parameters
    ----------
    edges : ndarray of shape (bands - 1,)
        Rising. An answer is in the band whose number is the count of edges at or below it.
    below, above : ndarray of shape (levels, bands)
        How far the range reaches to both sides of the answer; not negative, so that the range
        holds its answer.
    floor
        Ranges do not reach below it unless their answers do; None where there is no such end.

    Examples
    --------
    >>> ranges = Ranges(
    ...     levels=(0.9,),
    ...     edges=np.array([100.0]),
    ...     below=np.array([[5.0, 20.0]]),
    ...     above=np.array([[5.0, 40.0]]),
    ...     floor=0.0,
    ... )
    >>> ranges.ends(np.array([[3.0], [50.0], [100.0]]), 0.9)
    array([[  0.,   8.],
           [ 45.,  55.],
           [ 80., 140.]])
    """

    edges: Floats
    below: Floats
    above: Floats
    floor: float | None = None

    def check(self, task: Task) -> None:
        """Refuse what could not be read, whoever wrote it.

        Raises
        ------
        BundleError
            With the fault.
        """
        self._check_levels()
        self.require(not task.is_classification, "classes have no ranges")
        self.require(self.edges.ndim == 1 and np.isfinite(self.edges).all(), "an edge is not sound")
        self.require((np.diff(self.edges) > 0).all(), "its edges do not rise")
        shape = (len(self.levels), len(self.edges) + 1)
        for reach in (self.below, self.above):
            self.require(reach.shape == shape, "one reach for each level and band is needed")
            self.require(np.isfinite(reach).all() and (reach >= 0).all(), "a reach is not sound")
        self.require(self.floor is None or np.isfinite(self.floor), "its floor is not finite")

    def ends(self, answers: Floats, level: float) -> Floats:
        """Return the lower and the upper end of the range of each answer.

        Parameters
        ----------
        answers : ndarray of shape (rows, 1)
            What the program returned.
        level
            How often the ranges hold the truth.

        Returns
        -------
        ndarray of shape (rows, 2)

        Raises
        ------
        InputError
            When the level is not offered.
        """
        row, numbers = self.place(level), answers[:, 0]
        band = self.edges.searchsorted(numbers, side="right")
        ends = np.empty((len(numbers), 2))
        np.subtract(numbers, self.below[row][band], out=ends[:, 0])
        np.add(numbers, self.above[row][band], out=ends[:, 1])
        if self.floor is not None:
            np.maximum(ends[:, 0], np.minimum(numbers, self.floor), out=ends[:, 0])
        return ends


class Sets(_Levelled, frozen=True, kw_only=True, tag="sets"):
    """From which probability on a class may be the true one.

    The least ambiguous sets with a bounded error of each class (Sadinle, Lei & Wasserman, *JASA*
    114, 2019, 223-234): of the rows of a class, the share `level` have it in their set. A set is
    never empty: it holds at least the class that is answered.

    Parameters
    ----------
    thresholds : ndarray of shape (levels, classes)
        A class is in the set when its probability is at or above its threshold.

    Examples
    --------
    >>> sets = Sets(levels=(0.9,), thresholds=np.array([[0.6, 0.3]]))
    >>> sets.holding(np.array([[0.9, 0.1], [0.65, 0.35], [0.5, 0.5]]), np.array([0, 1, 1]), 0.9)
    array([[ True, False],
           [ True,  True],
           [False,  True]])
    """

    thresholds: Floats

    def check(self, task: Task) -> None:
        """Refuse what could not be read, whoever wrote it.

        Raises
        ------
        BundleError
            With the fault.
        """
        self._check_levels()
        self.require(task.is_classification, "a regression has no sets")
        shape = (len(self.levels), task.n_outputs)
        self.require(self.thresholds.shape == shape, "one threshold per level and class is needed")
        self.require(np.isfinite(self.thresholds).all(), "a threshold is not finite")

    def holding(self, answers: Floats, chosen: NDArray[np.int64], level: float) -> Flags:
        """Return which classes the set of each row holds.

        Parameters
        ----------
        answers : ndarray of shape (rows, classes)
            What the program returned.
        chosen : ndarray of shape (rows,)
            The index of the class that is answered, as `Program.choose` gives it.
        level
            How often the sets hold the truth.

        Returns
        -------
        ndarray of shape (rows, classes)

        Raises
        ------
        InputError
            When the level is not offered.
        """
        held = answers >= self.thresholds[self.place(level)]
        held[np.arange(len(held)), chosen] = True
        return np.asarray(held)


Coverage: TypeAlias = Ranges | Sets


def _rise(levels: Sequence[float]) -> bool:
    return all(earlier < later for earlier, later in pairwise(levels))
