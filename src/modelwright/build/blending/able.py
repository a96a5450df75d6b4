"""Which boosters of a blend can learn from a stream."""

from dataclasses import dataclass

from modelwright.build.aims.aim import Aim
from modelwright.build.aims.aimed import aim_of, bare
from modelwright.build.engine import Built
from modelwright.build.racing.outcomes import Outcome
from modelwright.errors import BudgetError
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.streams.reading import Able
from modelwright.learners.xgboost import XGBoost

_MOST = 2


@dataclass(frozen=True)
class Booster:
    """A configuration of LightGBM or XGBoost that the sample has tried.

    Parameters
    ----------
    outcome
        How it did.
    learner
        Without its aim.
    aim
        None where there is none.
    """

    outcome: Outcome
    learner: Able
    aim: Aim | None

    @property
    def name(self) -> str:
        """The configuration's."""
        return self.outcome.learner.name

    @property
    def rounds(self) -> int:
        """What the sample took."""
        return self.outcome.rounds or 1

    def aimed(self, rows: Rows) -> Rows:
        """Return rows as it learns them."""
        return rows if self.aim is None else self.aim.apply(rows)

    def shares_reading(self, other: "Booster") -> bool:
        """Say whether both learn from the same matrix, and from the same bins of one library."""
        ours, theirs = ((each.learner.crosses, each.aim) for each in (self, other))
        bins = [each.learner.bins for each in (self, other) if isinstance(each.learner, LightGBM)]
        return ours == theirs and len(set(bins)) <= 1


def boosters_of(built: Built) -> list[Booster]:
    """Return those that are learned again, the weightiest first.

    They share one encoding, so that one reading serves all. Where the blend has none, it is the one
    that did best alone.

    Raises
    ------
    BudgetError
        When there is none at all.
    """
    able = [
        (weight, -place, booster)
        for place, (outcome, weight) in enumerate(zip(built.outcomes, built.weights, strict=True))
        if outcome.answers is not None and (booster := _booster(outcome)) is not None
    ]
    if not able:
        raise BudgetError("No learner that can learn from a stream has ended on the sample.")
    able.sort(key=lambda each: each[:2], reverse=True)
    weighty = [booster for weight, _, booster in able if weight] or [able[0][2]]
    chosen: list[Booster] = []
    for each in weighty:
        if all(each.shares_reading(other) for other in chosen):
            chosen.append(each)
    return chosen[:_MOST]


def _booster(outcome: Outcome) -> Booster | None:
    learner, aim = bare(outcome.learner), aim_of(outcome.learner)
    # A trend is read from rows that are all there.
    if not isinstance(learner, LightGBM | XGBoost) or (aim and aim.trend):
        return None
    return Booster(outcome, learner, aim)
