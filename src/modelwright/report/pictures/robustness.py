"""What is lost when a column comes otherwise than it did, as a table of columns and troubles."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelwright.documents import Disturbance, DisturbanceKind
from modelwright.report.words import interval, number, percent

KINDS: dict[DisturbanceKind, str] = {
    "missing column": "Stops coming",
    "unseen category": "A level never seen",
    "unit change": "Another unit",
    "noise": "Noise",
}
"""Every trouble with the heading of its column."""


@dataclass(frozen=True)
class Lost:
    """What one trouble costs: the loss with its interval, and the score that is left.

    Parameters
    ----------
    loss, score
        In words.
    is_sure
        Whether something is lost with confidence.
    part
        The part of the document; None where the trouble cannot befall the column.
    """

    loss: str = ""
    score: str = ""
    is_sure: bool = False
    part: Disturbance | None = None


@dataclass(frozen=True)
class Endangered:
    """A column, and what each trouble with it costs, in the order of `KINDS`."""

    column: str
    lost: tuple[Lost, ...]


def tabulate_robustness(robustness: Sequence[Disturbance]) -> tuple[Endangered, ...]:
    """Return a row for each column, in the order of the document."""
    columns = dict.fromkeys(each.column for each in robustness)
    found = {(each.column, each.kind): each for each in robustness}
    return tuple(
        Endangered(column, tuple(_lost(found.get((column, kind))) for kind in KINDS))
        for column in columns
    )


def explain_kinds(robustness: Sequence[Disturbance]) -> tuple[tuple[str, Disturbance], ...]:
    """Return what was done to the rows, one sentence for each trouble with a measured example."""
    first = {each.kind: each for each in reversed(robustness)}
    return tuple(
        (_SENTENCES[kind].format(factor=number(each.amount), share=percent(each.amount)), each)
        for kind, each in first.items()
        if kind in _SENTENCES
    )


_SENTENCES: dict[DisturbanceKind, str] = {
    "unit change": "Another unit: each number is {factor} times as large.",
    "noise": "Noise: numbers are moved by {share} of their spread, and {share} of the levels are "
    "those of other rows.",
}


def _lost(found: Disturbance | None) -> Lost:
    if found is None:
        return Lost()
    return Lost(interval(found.loss), number(found.score), found.loss.low > 0, found)
