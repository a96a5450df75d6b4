"""What was learned from rows that memory does not hold."""

import msgspec

from modelwright.tasks.interval import Interval


class StreamedFit(msgspec.Struct, frozen=True, kw_only=True):
    """A configuration that learned from the stream.

    Parameters
    ----------
    name
        Of the configuration.
    rounds
        Of boosting.
    rate
        What each tree counts for: more than the configuration says where time was short.
    parts
        Among how many workers the rows were divided, each of which held its part alone.
    """

    name: str
    rounds: int
    rate: float
    parts: int = 1


class Streaming(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with the rows that were not drawn.

    Parameters
    ----------
    sentence
        What came of it.
    used
        Whether the model is one that learned from them.
    there
        Rows to learn from beyond those drawn.
    learned
        How many were learned from.
    share
        Of the rows there; below 1 where memory or time allowed no more.
    checked
        Rows set aside: they told when to stop, weighed the blend and compared.
    grew
        By how much the sample betters the metric over a quarter of it: the learning curve's last
        two doublings.
    gain
        By how much the model is better for the rows beyond the sample.
    fits
        What learned from the stream.
    weights
        Shares of the blend by the configuration's name; those of the stream end in ``"-streamed"``.
    """

    sentence: str
    used: bool = False
    there: int = 0
    learned: int = 0
    share: float = 1.0
    checked: int = 0
    grew: Interval | None = None
    gain: Interval | None = None
    fits: tuple[StreamedFit, ...] = ()
    weights: dict[str, float] = {}
