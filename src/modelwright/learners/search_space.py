"""What of a learner can be varied, and how far.

The ranges are those that published studies of tabular learners draw from (TabArena, pytabkit; see
`docs/explain/search.md`), narrowed to what the default budgets can pay for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from modelwright.learners.base import Learner
from modelwright.learners.settings import Setting, settings_of


@dataclass(frozen=True)
class Span:
    """A range of a number.

    Parameters
    ----------
    low, high
        Both included.
    by_factor
        Whether a step is a factor, as for rates, and not a difference.
    """

    low: float
    high: float
    by_factor: bool = False

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are meant."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def holds(self, value: Setting) -> bool:
        """Say whether a value is one of the range."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and self.low <= float(value or 0) <= self.high


@dataclass(frozen=True)
class Choice:
    """A few values without an order."""

    values: tuple[bool, ...]

    def holds(self, value: Setting) -> bool:
        """Say whether a value is one of them."""
        return value in self.values


_BY_UNITS = 1.2
"""Twice as many took 2.2 times the processor's time of a fit (letter, 16,000 rows)."""

Space = Mapping[str, Span | Choice]

SPACES: Mapping[str, Space] = {
    "lightgbm": {
        "rate": Span(0.03, 0.12, by_factor=True),
        "leaves": Span(8, 200, by_factor=True),
        "feature_fraction": Span(0.3, 1.0),
        "row_fraction": Span(0.6, 1.0),
        "extra_trees": Choice((False, True)),
        "rows_per_leaf": Span(2, 60, by_factor=True),
        "lambda_l1": Span(0.0, 1.0),
        "lambda_l2": Span(0.0, 2.0),
    },
    "xgboost": {
        "rate": Span(0.03, 0.12, by_factor=True),
        "leaves": Span(8, 200, by_factor=True),
        "depth": Span(4, 10),
        "by_depth": Choice((False, True)),
        "feature_fraction": Span(0.5, 1.0),
        "row_fraction": Span(0.6, 1.0),
        "least_weight": Span(0.1, 20.0, by_factor=True),
        "lambda_l1": Span(0.0, 2.0),
        "lambda_l2": Span(0.1, 5.0, by_factor=True),
    },
    "catboost": {
        "rate": Span(0.03, 0.1, by_factor=True),
        "depth": Span(4, 8),
        "row_fraction": Span(0.7, 1.0),
        "lambda_l2": Span(0.5, 8.0, by_factor=True),
    },
    "network": {
        "units": Span(96, 384, by_factor=True),
        "rate": Span(0.001, 0.006, by_factor=True),
        "dropout": Span(0.0, 0.35),
        "decay": Span(0.005, 0.08, by_factor=True),
    },
}
"""Families of learners with what can be varied of each."""

VARIED_WHERE_BEST = frozenset({"network"})
"""Families so dear that only where they did best a variant is worth its time."""


def relative_cost(learner: Learner, beside: Learner) -> float:
    """Return what a fit is expected to cost, in that of another configuration of its family.

    Rounds of a booster are as many more as the rate is lower; one takes longer the larger its trees
    are, but not as many times. A network walks its epochs at any rate; wider layers take longer.

    Examples
    --------
    >>> from modelwright.learners.lightgbm import LightGBM
    >>> round(relative_cost(LightGBM(rate=0.025), LightGBM(rate=0.05)), 2)
    2.0
    """
    own, other = settings_of(learner), settings_of(beside)
    if "units" in own:
        return float((_number(own, "units") / _number(other, "units")) ** _BY_UNITS)
    rounds = _number(other, "rate") / _number(own, "rate")
    size = _number(own, "leaves") / _number(other, "leaves")
    return float(rounds * size**0.5)


def _number(settings: Mapping[str, Setting], name: str) -> float:
    value = settings.get(name)
    return float(value) if isinstance(value, int | float) else 1.0
