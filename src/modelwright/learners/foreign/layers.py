"""Layers of networks that were written with a framework, as steps on a matrix of numbers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip, Link
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.categories import CodeTable
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.operations.numbers import Scale
from modelwright.predictor.program import Step

_NO_LIMIT = float(np.finfo(np.float64).max)
_SELU = (1.0507009873554805, 1.6732632423543772)
"""Klambauer et al., "Self-normalizing neural networks" (2017)."""


def dense(draft: Draft, value: str, weights: Any, bias: Any) -> str:
    """Multiply with weights of shape (width, units) and add a bias, None for none."""
    matrix = _floats(weights)
    added = np.zeros(matrix.shape[1]) if bias is None else _floats(bias)
    return draft.add(Linear, value, weights=matrix, bias=added)


def affine(draft: Draft, value: str, scale: Any, shift: Any) -> str:
    """Multiply each column with a number of its own and add one to it."""
    width = draft.width(value)
    factors, added = (np.broadcast_to(_floats(each), (width,)) for each in (scale, shift))
    if (factors == factors[0]).all() and factors[0] > 0 and not added.any():
        each = np.full(width, 1.0 / factors[0])
        return draft.add(Scale, value, center=np.zeros(width), scale=each, limit=_NO_LIMIT)
    return dense(draft, value, np.diag(factors), added)


def normalise(draft: Draft, value: str, *, mean: Any, variance: Any, scale: Any, shift: Any) -> str:
    """Normalise by the mean and the variance of training, as BatchNorm does when it answers."""
    factors = _floats(1.0 if scale is None else scale) / np.sqrt(_floats(variance))
    added = _floats(0.0 if shift is None else shift) - _floats(mean) * factors
    return affine(draft, value, factors, added)


def embed(draft: Draft, codes: str, table: Any) -> str:
    """Look up what stands for a level."""
    return draft.add(CodeTable, codes, table=_floats(table))


def weighted(draft: Draft, values: Sequence[str], weights: Sequence[float]) -> str:
    """Add up values of the same width."""
    return draft.add(Blend, *values, weights=tuple(float(weight) for weight in weights))


def bend(draft: Draft, value: str, kind: str, **parameters: float) -> str:
    """Write an activation.

    Parameters
    ----------
    draft
        The program so far.
    value
        What it reads.
    kind
        Its name in lower case, such as ``"relu"``.
    parameters
        ``slope`` of ``"leaky_relu"``, ``alpha`` of ``"elu"``, ``low`` and ``high`` of
        ``"hardtanh"``.

    Raises
    ------
    LearnerError
        When no operations say it exactly.
    """
    if kind in ("linear", "identity"):
        return value
    if kind not in _BENDS:
        raise refuse(f"The activation {kind!r}", f"One of these has: {', '.join(sorted(_BENDS))}.")
    return _BENDS[kind](draft, value, **parameters)


def merged(steps: Sequence[Step], *, kept: str) -> tuple[Step, ...]:
    """Multiply a linear form into the one that it alone reads, where that is no more work.

    Normalising after or before a dense layer then costs nothing.

    Parameters
    ----------
    steps
        In their order.
    kept
        The value of which nothing may be lost: the answer.
    """
    made: list[Step] = []
    for step in steps:
        before = made[-1] if made else None
        if isinstance(step, Linear) and isinstance(before, Linear):
            readers = sum(each.inputs.count(before.output) for each in steps)
            one = _product(before, step)
            if step.inputs == (before.output,) and readers == 1 and before.output != kept and one:
                made[-1] = one
                continue
        made.append(step)
    return tuple(made)


def _product(first: Linear, second: Linear) -> Linear | None:
    (width, between), outputs = first.weights.shape, len(second.bias)
    if first.output not in second.inputs or width * outputs > between * (width + outputs):
        return None
    return msgspec.structs.replace(
        second,
        inputs=first.inputs,
        weights=first.weights @ second.weights,
        bias=first.bias @ second.weights + second.bias,
    )


def _of_kind(kind: str) -> Callable[..., str]:
    return lambda draft, value: draft.add(Activation, value, kind=kind)


def _sigmoid(draft: Draft, value: str) -> str:
    halved = affine(draft, value, 0.5, 0.0)
    bent = draft.add(Activation, halved, kind="tanh")
    width = draft.width(value)
    ends = {"center": np.full(width, -1.0), "scale": np.full(width, 2.0)}
    return draft.add(Scale, bent, limit=_NO_LIMIT, **ends)


def _leaky(draft: Draft, value: str, slope: float) -> str:
    above = draft.add(Activation, value, kind="relu")
    return weighted(draft, [value, above], [slope, 1.0 - slope])


def _elu(draft: Draft, value: str, alpha: float = 1.0, scale: float = 1.0) -> str:
    above = draft.add(Activation, value, kind="relu")
    below = draft.add(Link, draft.add(Clip, value, high=0.0), kind="exponential")
    width = draft.width(value)
    less_one = draft.add(Scale, below, center=np.ones(width), scale=np.ones(width), limit=_NO_LIMIT)
    return weighted(draft, [above, less_one], [scale, scale * alpha])


def _selu(draft: Draft, value: str) -> str:
    scale, alpha = _SELU
    return _elu(draft, value, alpha, scale)


def _hard_tanh(draft: Draft, value: str, low: float = -1.0, high: float = 1.0) -> str:
    return draft.add(Clip, value, low=low, high=high)


def _hard_sigmoid(draft: Draft, value: str) -> str:
    return draft.add(Clip, affine(draft, value, 1 / 6, 0.5), low=0.0, high=1.0)


def _floats(numbers: Any) -> Floats:
    return np.asarray(numbers, dtype=np.float64)


_BENDS: Mapping[str, Callable[..., str]] = {
    "relu": _of_kind("relu"),
    "silu": _of_kind("silu"),
    "swish": _of_kind("silu"),
    "tanh": _of_kind("tanh"),
    "sigmoid": _sigmoid,
    "leaky_relu": _leaky,
    "elu": _elu,
    "selu": _selu,
    "relu6": lambda draft, value: _hard_tanh(draft, value, 0.0, 6.0),
    "hardtanh": _hard_tanh,
    "hard_sigmoid": _hard_sigmoid,
}
"""Activations by name."""
