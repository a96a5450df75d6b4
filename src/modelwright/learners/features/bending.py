"""Formulas that are functions of one other."""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from math import log as natural

import numpy as np

from modelwright.errors import InputError
from modelwright.learners.features.formula import Formula, bare, beside, value_name
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.numbers import MissingFlags

MOST_KNOTS = 1_000
_LOG_KNOTS = tuple(2.0 ** (place / 4) for place in range(-80, 161))
"""From a millionth to a million millions; a line between two is up to 0.004 below the logarithm."""


def missing(formula: Formula) -> Formula:
    """Return 1 where a number is missing, else 0.

    Examples
    --------
    >>> from modelwright.learners.features import number
    >>> missing(number("income")) + missing(number("age"))
    Formula(missing('income') + missing('age'))
    """
    text = f"missing({bare(formula.text)})"
    return formula.then(text, MissingFlags(inputs=(formula.output,), output=value_name(text)))


def log(formula: Formula) -> Formula:
    """Return the natural logarithm, within 0.004; what is below a millionth counts as one.

    The difference of two logarithms is that of a ratio, the sum that of a product.

    Examples
    --------
    >>> from modelwright.learners.features import number
    >>> log(number("price")) - log(number("weight"))
    Formula(log('price') - log('weight'))
    """
    return _curve(formula, _LOG_KNOTS, [natural(knot) for knot in _LOG_KNOTS], "log")


def bend(formula: Formula, function: Callable[[float], float], knots: Sequence[float]) -> Formula:
    """Return any function of a number, as lines between some of its points.

    Parameters
    ----------
    formula
        What it is a function of.
    function
        Called for each knot now, and never again.
    knots
        Rising; beyond the ends the function stays as it is there.

    Raises
    ------
    InputError
        When there are fewer than two knots, too many, they do not rise, or a value is not finite.

    Examples
    --------
    >>> from math import sqrt
    >>> from modelwright.learners.features import number
    >>> bend(number("area"), sqrt, range(0, 100, 5))
    Formula(bend('area', ...))
    """
    heights = [float(function(knot)) for knot in knots]
    if not 2 <= len(heights) <= MOST_KNOTS:
        raise InputError(f"A function needs 2 to {MOST_KNOTS:,} knots, not {len(heights):,}.")
    if not (np.diff(np.array(knots, np.float64)) > 0).all() or not np.isfinite(heights).all():
        raise InputError("Knots must rise, and the function must be finite at each of them.")
    digest = blake2b(repr((list(knots), heights)).encode(), digest_size=4).hexdigest()
    return _curve(formula, knots, heights, "bend", f", {digest}")


def _curve(
    formula: Formula, knots: Sequence[float], heights: Sequence[float], name: str, more: str = ""
) -> Formula:
    text = f"{name}({bare(formula.text)}{more})"
    curve = Curves(
        inputs=(formula.output,),
        output=f"{value_name(text)} known",
        sizes=np.array([len(knots)], np.int32),
        knots=np.array(knots, np.float64),
        heights=np.array(heights, np.float64)[:, None],
        missing=np.zeros((1, 1)),
    )
    # A curve says something of missing numbers too: zero times a missing one is missing.
    return beside((formula.then(text, curve), formula), (1.0, 0.0), text)
