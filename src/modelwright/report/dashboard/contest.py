"""Champion and challenger side by side: who answers how much, and who does better."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from modelwright.report.charts.axis import Axis
from modelwright.report.charts.tracks import draw_interval, draw_scale
from modelwright.report.pictures.figures import Figure, Row
from modelwright.report.words import gain, number, plural
from modelwright.tasks.interval import Interval

Verdict = Literal["promote", "wait", "give up"]

LEDGER = "ledger.db"
"""Where the figures of a comparison are counted."""

_WORDS = {
    "promote": "The challenger is better",
    "wait": "Not yet known",
    "give up": "The challenger is not worth it",
}
_TONES: dict[str, Literal["good", "open", "care"]] = {
    "promote": "good",
    "wait": "open",
    "give up": "care",
}


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two.

    Parameters
    ----------
    alias, bundle
        Champion or challenger, and the hash of its bundle.
    loss
        The mean of what a row loses; None before there are labels.
    row_s
        Seconds for a row, in the middle of all; None before there are any.
    answered
        Rows of the last day whose answer clients got.
    in_shadow
        Rows of the last day that it answered and whose answers nobody got.
    """

    alias: str
    bundle: str
    loss: float | None = None
    row_s: float | None = None
    answered: int = 0
    in_shadow: int = 0


@dataclass(frozen=True, kw_only=True)
class SideBySide:
    """What is known of a challenger by now.

    Parameters
    ----------
    sides
        The champion, and the challenger where there is one.
    verdict, sentence
        Who does better, and why that is said; None and why nothing can be said.
    loss
        The name of what a row loses.
    answered, labelled, refused
        Rows since the trial began, those of them whose truth is known, and those that the
        challenger could not answer.
    looks
        Rows and gain as it became known; the bounds hold at every look.
    """

    sides: Sequence[Side]
    verdict: Verdict | None = None
    sentence: str = ""
    loss: str = ""
    answered: int = 0
    labelled: int = 0
    refused: int = 0
    looks: Sequence[tuple[int, Interval]] = ()

    @property
    def word(self) -> str:
        """The verdict in words."""
        return _WORDS[self.verdict] if self.verdict else "Nothing to compare"

    @property
    def tone(self) -> str:
        """Of what colour it is."""
        return _TONES[self.verdict] if self.verdict else "open"

    @property
    def shares(self) -> tuple[float, ...]:
        """The part of the last day's rows that each answered; none where there were none."""
        whole = sum(side.answered for side in self.sides)
        return tuple(side.answered / whole for side in self.sides) if whole else ()

    def show_looks(self) -> Figure:
        """Show the gain at each look, beside no gain."""
        # The first looks know little; what they do not know need not be seen whole.
        known = [each for _, each in self.looks[len(self.looks) // 2 :]]
        axis = Axis.over((0.0, *(end for each in known for end in (each.low, each.high))))
        rows = tuple(
            Row(plural(look[0], "row"), _draw(look[1], axis), gain(look[1]), part=look)
            for look in self.looks
        )
        return Figure(rows, draw_scale(axis))

    def told(self, side: Side) -> tuple[str, str]:
        """Return the loss of one side and its time for a row, in words."""
        return number(side.loss), number(None if side.row_s is None else 1e3 * side.row_s)


def _draw(score: Interval, axis: Axis) -> Markup:
    return draw_interval((score.low, score.high), score.value, axis, mark=0.0)
