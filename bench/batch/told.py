"""What a run of the bench tells: a table, and how often each peer's rows were answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

FASTEST = "medium_quality"
"""By AutoGluon's own table of presets, "Predicting Columns in a Table - Essential Functionality":
1x the time to answer; `good_quality` 2x, `high_quality` 4x, `best_quality` 32x."""
DEFAULT = "modelwright, as it is asked by default"
PEER = "AutoGluon, "


@dataclass
class Seen:
    """What was measured of a way in each round.

    Parameters
    ----------
    name
        Of the way.
    loaded
        Rows a second, its start left out.
    processor
        Rows for a second of a processor, the processor's time of its start left out: what other
        work on the machine touches least.
    score
        Area under the ROC curve of its answers; 0 where nobody looked.
    """

    name: str
    loaded: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    score: float = 0.0


def told(seen: Sequence[Seen], floor: float) -> str:
    """Return the table, and how often modelwright answers the rows of each peer.

    Parameters
    ----------
    seen
        All ways.
    floor
        What one LightGBM with its defaults reaches.

    Examples
    --------
    >>> own, peer = Seen(DEFAULT, [90.0], [80.0], 0.8), Seen(f"{PEER}x", [9.0], [4.0], 0.7)
    >>> print(told([own, peer], 0.75).splitlines()[-1])
    - AutoGluon, x: 10.0 times (20.0 for a processor's second). It learned too little to compare.
    """
    lines = [
        "| | area under the ROC curve | rows a second | range | for a processor's second |",
        "| --- | --- | --- | --- | --- |",
    ]
    for each in seen:
        spread = f"{min(each.loaded):,.0f} to {max(each.loaded):,.0f}"
        lines.append(
            f"| {each.name} | {each.score:.4f} | {median(each.loaded):,.0f} | {spread} "
            f"| {median(each.processor):,.0f} |"
        )
    own = next(each for each in seen if each.name == DEFAULT)
    lines += [
        "",
        f"One LightGBM with its defaults has {floor:.4f}. Rows that modelwright answers as it is "
        "asked by default, to those of",
        "",
        *(_beside(own, each, floor) for each in seen if each.name.startswith(PEER)),
    ]
    return "\n".join(lines) + "\n"


def _beside(own: Seen, peer: Seen, floor: float) -> str:
    times = median(own.loaded) / median(peer.loaded)
    processor = median(own.processor) / median(peer.processor)
    fastest = ", the fastest by AutoGluon's own table" if FASTEST in peer.name else ""
    little = " It learned too little to compare." if peer.score < floor else ""
    return (
        f"- {peer.name}{fastest}: {times:.1f} times ({processor:.1f} for a processor's second)."
        f"{little}"
    )
