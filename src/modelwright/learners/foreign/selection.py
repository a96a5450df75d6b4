"""Some columns of a matrix, taken where they are made: what nobody reads is then not computed.

A linear form with zeros would do the same for numbers, but a missing one times zero is missing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from modelwright.learners.foreign.draft import Draft
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip
from modelwright.predictor.operations.categories import CodeTable
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.operations.numbers import Impute, MissingFlags, RoundToFloat32, Scale
from modelwright.predictor.program import Step


def choose(draft: Draft, value: str, places: Sequence[int]) -> str:
    """Return the columns of a value that stand at some places, in their order.

    Parameters
    ----------
    draft
        That has written the value.
    value
        Its name.
    places
        Of its columns, at least one.
    """
    if [*places] == [*range(draft.width(value))]:
        return value
    step = draft.step_of(value)
    if step is not None and type(step) in _CHOOSERS:
        return _CHOOSERS[type(step)](draft, step, places)
    weights = np.eye(draft.width(value))[:, list(places)]
    return draft.add(Linear, value, weights=weights, bias=np.zeros(len(places)))


def _beside(draft: Draft, step: Step, places: Sequence[int]) -> str:
    """Take runs of columns out of the values that they come from."""
    owners = [(name, column) for name in step.inputs for column in range(draft.width(name))]
    runs: list[tuple[str, list[int]]] = []
    for place in places:
        name, column = owners[place]
        if not runs or runs[-1][0] != name:
            runs.append((name, []))
        runs[-1][1].append(column)
    return draft.beside([choose(draft, name, columns) for name, columns in runs])


def _of_each_column(*fields: str) -> Callable[[Draft, Any, Sequence[int]], str]:
    """Return who takes columns of a step that treats each column alone.

    Parameters
    ----------
    fields
        Those that have an entry for each column.
    """

    def chosen(draft: Draft, step: Any, places: Sequence[int]) -> str:
        inner = choose(draft, step.inputs[0], places)
        parts = {name: getattr(step, name)[list(places)] for name in fields}
        return draft.again(step, inner, **parts)

    return chosen


def _of_each_value(draft: Draft, step: Any, places: Sequence[int]) -> str:
    return draft.again(step, *[choose(draft, each, places) for each in step.inputs])


def _table(draft: Draft, step: Any, places: Sequence[int]) -> str:
    return draft.again(step, step.inputs[0], table=step.table[:, list(places)].copy())


def _linear(draft: Draft, step: Any, places: Sequence[int]) -> str:
    taken = list(places)
    weights, bias = step.weights[:, taken].copy(), step.bias[taken]
    return draft.again(step, step.inputs[0], weights=weights, bias=bias)


_CHOOSERS: Mapping[type[Any], Callable[[Draft, Any, Sequence[int]], str]] = {
    Columns: _beside,
    Impute: _of_each_column("fill"),
    MissingFlags: _of_each_column(),
    Scale: _of_each_column("center", "scale"),
    RoundToFloat32: _of_each_column(),
    Activation: _of_each_column(),
    Clip: _of_each_column(),
    Blend: _of_each_value,
    CodeTable: _table,
    Linear: _linear,
}
"""By what makes the value."""
