"""A learner in the race, and how far it has got."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from modelwright.build.aims.aimed import bare
from modelwright.build.racing.fits import Fit, Ground, in_row_order
from modelwright.learners.base import Learner
from modelwright.predictor.operations.base import Floats


@dataclass
class Entry:
    """A learner in the race.

    Parameters
    ----------
    learner
        What learns.
    asked
        The same, before it was given an aim and larger steps.
    fits
        By fold, as they ended.
    begun
        Folds that were begun.
    failure
        Why it went no further; empty where it did.
    score
        On the first folds; None where nobody has asked.
    """

    learner: Learner
    asked: Learner = field(init=False)
    fits: dict[int, Fit] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    failure: str = ""
    score: float | None = None

    def __post_init__(self) -> None:
        self.asked = bare(self.learner)

    @property
    def fold_s(self) -> float:
        """Seconds that a fold took, on average."""
        return sum(fit.seconds for fit in self.fits.values()) / len(self.fits)

    @property
    def places(self) -> str:
        """Where it learned, as the end of a sentence; empty for this machine."""
        named = sorted({fit.place for fit in self.fits.values() if fit.place})
        return f" on {', '.join(named)}" if named else ""

    def has(self, folds: Sequence[int]) -> bool:
        """Say whether all these folds have ended well."""
        return all(fold in self.fits for fold in folds)

    def ended(self, folds: Sequence[int]) -> bool:
        """Say whether it has these folds, and has not failed since."""
        return not self.failure and self.has(folds)

    def is_racing(self, folds: Sequence[int]) -> bool:
        """Say whether one of these folds is being learned."""
        return not self.failure and any(
            fold in self.begun and fold not in self.fits for fold in folds
        )

    def next_of(self, folds: Sequence[int]) -> int | None:
        """Return the first of these folds that was not begun; None when it goes no further."""
        if self.failure:
            return None
        return next((fold for fold in folds if fold not in self.begun), None)

    def answers(self, folds: Sequence[int], ground: Ground) -> Floats:
        """Return its answers to the rows that these folds score, in the order of the rows."""
        return in_row_order(
            [ground.folds[fold] for fold in folds], [self.fits[fold].answers for fold in folds]
        )
