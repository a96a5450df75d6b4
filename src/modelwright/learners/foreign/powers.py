"""Powers and products of columns, by their logarithms: no operation multiplies two columns."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import affine, dense, weighted
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.base import Floats

_SIDES = 2
"""Each column stands twice: what of it is above zero, and what is below."""


def logarithms(draft: Draft, value: str) -> str:
    """Return natural logarithms; of zero and below, that of the least number there is."""
    return draft.add(Activation, value, kind="logarithm")


def products(draft: Draft, value: str, powers: Any) -> str:
    """Return products of columns.

    One column is what of it is above zero less what is below, and of these one is zero. So a
    product is a sum of products of such parts, with signs, and each is the power of a sum of
    logarithms.

    Parameters
    ----------
    draft
        That has written the value.
    value
        The columns.
    powers : ndarray of shape (products, columns)
        How often each column is a factor.
    """
    terms = [_terms(each) for each in np.asarray(powers, dtype=np.int64)]
    exponents = np.vstack([exponents for exponents, _ in terms]).astype(np.float64)
    signs = np.zeros((len(exponents), len(terms)))
    at = 0
    for place, (_, each) in enumerate(terms):
        signs[at : at + len(each), place] = each
        at += len(each)
    parts = draft.beside([_above(draft, value), _above(draft, affine(draft, value, -1.0, 0.0))])
    sums = dense(draft, logarithms(draft, parts), exponents.T, None)
    return dense(draft, draft.link(sums, "exponential"), signs, None)


def positive_power(draft: Draft, value: str, exponent: float) -> str:
    """Return a power of columns that are not below zero."""
    if exponent == 1:
        return value
    return draft.link(affine(draft, logarithms(draft, value), exponent, 0.0), "exponential")


def squares(draft: Draft, value: str) -> str:
    """Return the square of each column."""
    return products(draft, value, 2 * np.eye(draft.width(value), dtype=np.int64))


def polynomial(draft: Draft, transformer: Any, matrix: str) -> str:
    """Write PolynomialFeatures: one, the columns, and products of them."""
    powers = np.asarray(transformer.powers_, dtype=np.int64)
    degrees = powers.sum(axis=1)
    if (np.diff(degrees > 1) < 0).any():
        raise refuse("PolynomialFeatures in another order")
    plain = powers[degrees <= 1]
    values = []
    if len(plain):
        values.append(dense(draft, matrix, plain.T, (degrees[degrees <= 1] == 0).astype(float)))
    if (degrees > 1).any():
        values.append(products(draft, matrix, powers[degrees > 1]))
    return draft.beside(values)


def power_transformed(draft: Draft, transformer: Any, matrix: str) -> str:
    """Write a PowerTransformer: Yeo and Johnson (2000), or Box and Cox (1964)."""
    exponents = np.asarray(transformer.lambdas_, dtype=np.float64)
    if transformer.method == "box-cox":
        made = _grown(draft, logarithms(draft, matrix), exponents)
    else:
        above, below = (
            logarithms(draft, affine(draft, _above(draft, each), 1.0, 1.0))
            for each in (matrix, affine(draft, matrix, -1.0, 0.0))
        )
        sides = [_grown(draft, above, exponents), _grown(draft, below, 2.0 - exponents)]
        made = weighted(draft, sides, [1.0, -1.0])
    if not transformer.standardize:
        return made
    # scikit-learn shows in no other place how it has brought them to one spread.
    scaler = transformer._scaler
    return affine(draft, made, 1.0 / scaler.scale_, -scaler.mean_ / scaler.scale_)


def _grown(draft: Draft, logs: str, exponents: Floats) -> str:
    """Return (x ** exponent - 1) / exponent of each column, its logarithm where that is zero."""
    zero = np.abs(exponents) < np.finfo(np.float64).eps
    share = np.where(zero, 0.0, 1.0 / np.where(zero, 1.0, exponents))
    power = draft.link(affine(draft, logs, exponents, 0.0), "exponential")
    weights = np.vstack([np.diag(share), np.diag(zero.astype(np.float64))])
    return dense(draft, draft.beside([power, logs]), weights, -share)


def power_reversed(draft: Draft, transformer: Any, value: str) -> str:
    """Write what a PowerTransformer of one column was made of.

    Raises
    ------
    LearnerError
        When some numbers come of none.
    """
    exponent = float(transformer.lambdas_[0])
    if transformer.method == "box-cox" or not 0.0 <= exponent <= 2.0:
        raise refuse(
            "A target of a PowerTransformer that not every number has come of",
            "Yeo and Johnson's with an exponent from 0 to 2 has one.",
        )
    if transformer.standardize:
        scaler = transformer._scaler
        value = affine(draft, value, scaler.scale_, scaler.mean_)
    above, below = (
        _shrunk(draft, _above(draft, affine(draft, value, side, 0.0)), power)
        for side, power in ((1.0, exponent), (-1.0, 2.0 - exponent))
    )
    return weighted(draft, [above, below], [1.0, -1.0])


def _shrunk(draft: Draft, value: str, exponent: float) -> str:
    """Return (value exponent + 1) ** (1 / exponent) - 1, for numbers from 0 on."""
    if abs(exponent) < np.finfo(np.float64).eps:
        logs = value
    else:
        grown = logarithms(draft, affine(draft, value, exponent, 1.0))
        logs = affine(draft, grown, 1.0 / exponent, 0.0)
    return affine(draft, draft.link(logs, "exponential"), 1.0, -1.0)


def normalized(draft: Draft, transformer: Any, matrix: str) -> str:
    """Write a Normalizer: each row divided by its length, a row of zeros by nothing.

    Raises
    ------
    LearnerError
        When a row is divided by its largest number.
    """
    if transformer.norm not in ("l1", "l2"):
        raise refuse(f"A Normalizer with norm={transformer.norm!r}")
    each = np.eye(draft.width(matrix))
    sides = _above(draft, dense(draft, matrix, np.hstack([each, -each]), None))
    sizes, root = (squares(draft, matrix), 0.5) if transformer.norm == "l2" else (sides, 1.0)
    total = dense(draft, sizes, np.ones((draft.width(sizes), 1)), None)
    quotients = np.vstack([np.eye(2 * len(each)), np.full(2 * len(each), -root)])
    logs = logarithms(draft, draft.beside([sides, total]))
    shares = draft.link(dense(draft, logs, quotients, None), "exponential")
    return dense(draft, shares, np.vstack([each, -each]), None)


def of_function(draft: Draft, transformer: Any, matrix: str) -> str:
    """Write a FunctionTransformer of NumPy's own functions.

    Raises
    ------
    LearnerError
        When the function is another one.
    """
    if transformer.func is None:
        return matrix
    if transformer.func not in _FUNCTIONS:
        names = ", ".join(f"np.{each.__name__}" for each in _FUNCTIONS)
        raise refuse("A function of somebody's own", f"{names} have one.")
    return _FUNCTIONS[transformer.func](draft, matrix)


def _terms(powers: Any) -> tuple[Any, Sequence[float]]:
    """Return the parts whose products add up to a product, and their signs.

    Returns
    -------
    exponents : ndarray of shape (terms, 2 * columns)
        How often each part is a factor.
    signs
        1 or -1 for each term.
    """
    columns = np.flatnonzero(powers)
    exponents, signs = [], []
    for sides in product(range(_SIDES), repeat=len(columns)):
        row = np.zeros(_SIDES * len(powers), dtype=np.int64)
        row[columns + len(powers) * np.array(sides, dtype=np.int64)] = powers[columns]
        exponents.append(row)
        signs.append((-1.0) ** int((powers[columns] * sides).sum()))
    return np.array(exponents), signs


def _above(draft: Draft, value: str) -> str:
    return draft.add(Activation, value, kind="relu")


def _root(draft: Draft, value: str) -> str:
    return positive_power(draft, value, 0.5)


def _size(draft: Draft, value: str) -> str:
    return weighted(draft, [value, _above(draft, value)], [-1.0, 2.0])


_FUNCTIONS: Mapping[Any, Callable[[Draft, str], str]] = {
    np.log: logarithms,
    np.log1p: lambda draft, value: logarithms(draft, affine(draft, value, 1.0, 1.0)),
    np.sqrt: _root,
    np.exp: lambda draft, value: draft.link(value, "exponential"),
    np.square: squares,
    np.abs: _size,
}
