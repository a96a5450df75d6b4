"""Whether a model decides at all: one of neighbours may have several that are equally far.

Which of them scikit-learn takes depends on rounding, on the order in which its trees hold rows, and
on the processor. So such a model is asked again with the rows that it has learned moved by less
than anybody measures: where its answer jumps, it has decided nothing.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

import numpy as np

from modelwright.predictor.operations.base import Flags, Floats

_TIMES = 12
"""That rows are moved; two that are equally far change places every other time."""
_MOVED = 1e-7
"""Of the spread of a column."""


def undecided(fitted: Any, ask: Callable[[Any], Floats], tolerance: float) -> Flags:
    """Say of each row whether the answer jumps when the neighbours move a little.

    Parameters
    ----------
    fitted
        A pipeline, or a model.
    ask
        Asks one for the rows.
    tolerance
        How far answers may be apart.
    """
    own = ask(fitted)
    jumps = np.zeros(len(own), dtype=np.bool_)
    if not any(True for _ in _neighbours_in(fitted)):
        return jumps
    draw = np.random.default_rng(0)
    for _ in range(_TIMES):
        moved = deepcopy(fitted)
        with warnings.catch_warnings():
            # Rows that are moved have lost the names of their columns.
            warnings.simplefilter("ignore")
            for each in [*_neighbours_in(moved)]:
                _move(each, draw)
            jumps |= (np.abs(ask(moved) - own) > tolerance).any(axis=1)
        if jumps.all():
            break
    return jumps


def _neighbours_in(part: Any) -> Iterator[Any]:
    """Yield what asks neighbours, wherever it is in a model."""
    if type(part).__name__ in _SHAKEN:
        yield part
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _neighbours_in(each)
    elif isinstance(part, Mapping) or hasattr(part, "get_params"):
        for each in (part if isinstance(part, Mapping) else vars(part)).values():
            yield from _neighbours_in(each)


def _move(part: Any, draw: np.random.Generator) -> None:
    if type(part).__name__ == "KNNImputer":
        part._fit_X = _moved(part._fit_X, draw)
        return
    truth = part.classes_[part._y] if hasattr(part, "classes_") else part._y
    rows = part._fit_X.toarray() if hasattr(part._fit_X, "toarray") else part._fit_X
    part.fit(_moved(rows, draw), truth)


def _moved(rows: Any, draw: np.random.Generator) -> Floats:
    spread = np.nanstd(rows, axis=0)
    step = _MOVED * np.where(spread > 0, spread, 1.0)
    return np.asarray(rows + step * draw.standard_normal(rows.shape))


_SHAKEN = frozenset({"KNNImputer", "KNeighborsClassifier", "KNeighborsRegressor"})
