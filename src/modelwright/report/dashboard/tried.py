"""The answer to a row that a person tried, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelwright.predictor.explanations.explanation import Explanation
from modelwright.predictor.labels import label_text
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.tracks import draw_bar, draw_scale
from modelwright.report.pictures.figures import Figure, Row
from modelwright.report.terminal.explained import say_method
from modelwright.report.words import clip, listed, number, percent
from modelwright.tasks.task import Label

_PARTS, _CLASSES = 12, 8


@dataclass(frozen=True, kw_only=True)
class Tried:
    """An answer.

    Parameters
    ----------
    explanation
        The answer and why; its recorded rows are not shown, because they are of other people.
    classes
        Each with its probability; empty where a number is predicted.
    held
        The ends of the range, or the classes among which the true one is; empty where the model
        states none.
    level
        How often they hold the truth.
    unexpected
        What the contract does not expect of the row, as sentences.
    """

    explanation: Explanation
    classes: Sequence[tuple[Label, float]] = ()
    held: Sequence[Label | float] = ()
    level: float = 0.0
    unexpected: Sequence[str] = ()

    @property
    def word(self) -> str:
        """The answer itself."""
        answer = self.explanation.answer
        return number(float(answer)) if self.explanation.of is None else _label(answer)

    @property
    def beside(self) -> str:
        """What stands beside it: how likely it is, and what holds the truth."""
        told = []
        if self.classes:
            likely = dict(self.classes)[self.explanation.answer]
            told.append(f"The probability of this class is {percent(likely)}.")
        if self.held:
            often = f"In {100 * self.level:g} of 100 such answers"
            if self.explanation.of is None:
                low, high = (number(float(end)) for end in self.held)
                told.append(f"{often} the truth lies between {low} and {high}.")
            else:
                among = listed([_label(each) for each in self.held])
                told.append(f"{often} the true class is among: {among}.")
        return " ".join(told)

    @property
    def cautions(self) -> tuple[str, ...]:
        """Why the answer may be less sure than others."""
        rare = (f"{clip(each.column)}: {each.sentence}" for each in self.explanation.unlike)
        return (*self.unexpected, *rare)

    def show_classes(self) -> Figure:
        """Show the likeliest classes with their probabilities."""
        ranked = sorted(self.classes, key=lambda each: -each[1])[:_CLASSES]
        axis = Axis(0.0, 1.0, most_ticks=3)
        rows = (
            Row(_label(each), draw_bar(None, share, axis), percent(share)) for each, share in ranked
        )
        return Figure(tuple(rows), draw_scale(axis))

    def show_parts(self) -> Figure:
        """Show what the columns add to the usual answer, the largest first."""
        parts = [part for part in self.explanation.parts if part.adds][:_PARTS]
        unit = 1.0 if self.explanation.of is None else 100.0
        axis = Axis.over((0.0, *(unit * part.adds for part in parts)), most_ticks=3)
        rows = (
            Row(
                part.column,
                draw_bar(None, unit * part.adds, axis),
                self._added(part.adds),
                "missing" if part.value is None else clip(part.value, 40),
            )
            for part in parts
        )
        return Figure(tuple(rows), draw_scale(axis))

    @property
    def usual(self) -> str:
        """What recorded rows are answered on average."""
        value = self.explanation.usual
        return number(value) if self.explanation.of is None else percent(value)

    @property
    def how_sure(self) -> str:
        """How exact the parts are."""
        return say_method(self.explanation)

    @property
    def of(self) -> str:
        """What is explained."""
        of = self.explanation.of
        return "the answer" if of is None else f"the probability of {_label(of)}"

    def _added(self, adds: float) -> str:
        sign = "+" if adds > 0 else "-"
        if self.explanation.of is None:
            return f"{sign}{number(abs(adds))}"
        return f"{sign}{100 * abs(adds):.2f} points"


def _label(label: Label | float) -> str:
    return clip(label_text(label), 60)
