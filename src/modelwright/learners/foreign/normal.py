"""The number below which a share of a normal distribution lies, by polynomials and logarithms.

Wichura, "Algorithm AS 241: the percentage points of the normal distribution" (1988): a quotient of
polynomials in the middle, and another one in both tails. One of the three is at its end wherever
another counts, so that they add up.
"""

from collections.abc import Sequence

import numpy as np

from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import affine, dense
from modelwright.learners.foreign.powers import logarithms, positive_power
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Clip

_MIDDLE = 0.425
"""How far from one half a share is in the middle."""
_TAIL = 1.6
"""The root of the logarithm at which a tail begins."""
_MIDDLE_ABOVE = (
    3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
)  # fmt: skip
_MIDDLE_BELOW = (
    1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
    21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
)  # fmt: skip
_TAIL_ABOVE = (
    1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
    1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833,
    7.74545014278341407640e-4,
)  # fmt: skip
_TAIL_BELOW = (
    1.0, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
    0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)  # fmt: skip


def normal_numbers(draft: Draft, shares: str) -> str:
    """Return the numbers of a standard normal distribution below which shares of it lie.

    Parameters
    ----------
    draft
        Where they are written.
    shares
        From 1e-10 to 1 - 1e-10.
    """
    each = np.eye(draft.width(shares))
    parts = draft.beside([_middle(draft, shares), _tails(draft, shares)])
    return dense(draft, parts, np.vstack([each, -each, -each, each]), None)


def _middle(draft: Draft, shares: str) -> str:
    """Return the sizes above zero, and those below."""
    each = np.eye(draft.width(shares))
    centred = draft.add(Clip, affine(draft, shares, 1.0, -0.5), low=-_MIDDLE, high=_MIDDLE)
    sides = dense(draft, centred, np.hstack([each, -each]), None)
    sides = draft.add(Activation, sides, kind="relu")
    logs = logarithms(draft, sides)
    square = positive_power(draft, dense(draft, sides, np.vstack([each, each]), None), 2.0)
    rest = affine(draft, square, -1.0, _MIDDLE**2)
    quotient = _quotient(draft, rest, _MIDDLE_ABOVE, _MIDDLE_BELOW)
    with_sides = np.vstack([np.eye(2 * len(each)), np.hstack([each, each])])
    return draft.link(dense(draft, draft.beside([logs, quotient]), with_sides, None), "exponential")


def _tails(draft: Draft, shares: str) -> str:
    """Return the sizes of the lower tail, and those of the upper one."""
    ends = [shares, affine(draft, shares, -1.0, 1.0)]
    outside = draft.add(Clip, draft.beside(ends), high=0.5 - _MIDDLE)
    root = positive_power(draft, affine(draft, logarithms(draft, outside), -1.0, 0.0), 0.5)
    from_start = affine(draft, root, 1.0, -_TAIL)
    return draft.link(_quotient(draft, from_start, _TAIL_ABOVE, _TAIL_BELOW), "exponential")


def _quotient(draft: Draft, value: str, above: Sequence[float], below: Sequence[float]) -> str:
    """Return the logarithm of a quotient of polynomials, by the powers of a number from 0 on."""
    each = np.eye(draft.width(value))
    exponents = np.hstack([power * each for power in range(1, len(above))])
    powers = draft.link(dense(draft, logarithms(draft, value), exponents, None), "exponential")
    weights = [np.hstack([up * each, down * each]) for up, down in zip(above, below, strict=True)]
    start, *others = weights
    both = dense(draft, powers, np.vstack(others), start.sum(axis=0))
    return dense(draft, logarithms(draft, both), np.vstack([each, -each]), None)
