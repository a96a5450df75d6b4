"""What a build did, and what was worth its cost."""

from typing import Any

import msgspec

from modelwright.tasks.interval import Interval


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One learner's result on out-of-fold predictions.

    Parameters
    ----------
    gain
        Paired gain over the baseline, positive where better.
    beside_blend
        Paired gain over the blend, which ships: positive where the learner alone is better. The
        weights were chosen on the same rows, which flatters the blend a little.
    weight
        Its share of the final blend; 0 where it is not in it.
    rounds
        Boosting rounds or trees fixed for learning from all rows: with them the work is replayed.
    cut_short
        Whether the budget ended its work early.
    failure
        Why it has no score; empty where it has one.
    """

    learner: str
    title: str
    score: float | None
    gain: Interval | None
    seconds: float
    weight: float = 0.0
    rounds: int | None = None
    cut_short: bool = False
    failure: str = ""
    beside_blend: Interval | None = None


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """A learner with its parameters, as it was tried.

    Parameters
    ----------
    name
        Of the configuration.
    learner
        The learner that it is one of.
    settings
        Its parameters by name.
    aim
        What it aims at where a number is predicted: the loss, the scale and the way back.
    """

    name: str
    learner: str
    settings: dict[str, str | int | float | bool | None] = {}
    aim: dict[str, Any] | None = None


class ScheduledFit(msgspec.Struct, frozen=True, kw_only=True):
    """One fit as it ended.

    Parameters
    ----------
    name
        The configuration's.
    fold
        Number of the fold; null where it learned from all rows.
    rounds
        Boosting rounds, trees, epochs, or columns that a rule asked; 0 where there are none. They
        say all about what the clock did.
    repeat
        Added to the seed.
    """

    name: str
    fold: int | None
    rounds: int
    seconds: float
    cut_short: bool = False
    repeat: int = 0


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """What a build did, in the order in which it ended: enough to do the same again.

    Parameters
    ----------
    configurations
        Everything that was tried.
    fits
        All that ended well.
    folds
        Numbers of the folds on which configurations were compared.
    weights
        Shares of the blend by the configuration's name.
    cores
        How many fits ran side by side.
    baselines
        What the simple things to beat did; none in an older document.
    """

    configurations: tuple[Configuration, ...] = ()
    fits: tuple[ScheduledFit, ...] = ()
    folds: tuple[int, ...] = ()
    weights: dict[str, float] = {}
    cores: int = 1
    baselines: tuple[ScheduledFit, ...] = ()


class FrontierPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A blend that is worth its cost: no smaller one is as good.

    Parameters
    ----------
    members
        Titles of its members with their weights.
    score
        On out-of-fold predictions; null where the metric has none.
    latency_s
        Seconds to answer one row, the sum of its members'.
    size_bytes
        Of the program on disk.
    allowed
        Whether the host's limits allow it.
    chosen
        Whether it is what was built.
    """

    members: dict[str, float]
    score: float | None
    latency_s: float
    size_bytes: int
    allowed: bool
    chosen: bool
