"""What a linear model reads, as blocks that a person would name."""

from collections.abc import Mapping

from modelwright.build.source.columns import Feature, raw_column
from modelwright.learners.lines.encoding import most_knots, most_tokens
from modelwright.predictor.operations.answers import Blend
from modelwright.predictor.operations.categories import CodeTable
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.numbers import Impute
from modelwright.predictor.operations.text import TokenWeights
from modelwright.predictor.program import Program, Step, column_of

_USUAL_LENGTHS = ((1, 2), (3, 5))
"""Of runs of words and of characters; where no blanks stand between words they are others."""
BLOCKS = frozenset(("Curves", "Levels", "WeekHours", "Words", "Characters"))
"""Classes of the project whose instances hold another feature."""


def blocks_of(program: Program, encoding: str) -> tuple[Feature, ...] | None:
    """Return the blocks of a linear model's design matrix, in order.

    Parameters
    ----------
    program
        The member's.
    encoding
        The sum of all that the columns add.
    """
    steps = {step.output: step for step in program.steps}
    total = steps.get(encoding)
    if not isinstance(total, Blend):
        return None
    blocks: list[Feature] = []
    for name in total.inputs[1:]:
        step = steps[name]
        if isinstance(step, Curves):
            blocks += _curves(step, steps)
        elif isinstance(step, CodeTable):
            blocks.append(_codes(steps[step.inputs[0]], steps))
        elif isinstance(step, TokenWeights):
            kind = "Words" if step.analyzer == "word" else "Characters"
            text = Feature("Text", (raw_column(step),))
            other = {"lengths": step.lengths} if step.lengths not in _USUAL_LENGTHS else {}
            blocks.append(_block(kind, text, most=most_tokens(program.task), **other))
        else:
            return None
    return tuple(blocks)


def _curves(curves: Curves, steps: Mapping[str, Step]) -> list[Feature]:
    most = most_knots(len(curves.sizes))
    matrix = steps[curves.inputs[0]]
    return [_block("Curves", _number(name, steps), most_knots=most) for name in matrix.inputs]


def _codes(coded: Step, steps: Mapping[str, Step]) -> Feature:
    if isinstance(coded, Impute):
        return _block("WeekHours", _number(steps[coded.inputs[0]].inputs[0], steps))
    return _block("Levels", Feature("Category", (raw_column(coded),)))


def _number(name: str, steps: Mapping[str, Step]) -> Feature:
    step = steps.get(name)
    if isinstance(step, DateParts):
        return Feature("Moment", (raw_column(step),), {"parts": step.parts})
    return Feature("Number", (column_of(name),))


def _block(kind: str, inner: Feature, **options: object) -> Feature:
    return Feature(kind, inner.columns, {"of": inner, **options})
