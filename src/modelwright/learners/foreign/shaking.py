"""Whether a model decides at all: one of neighbours may have several that are equally far.

Which of them scikit-learn takes depends on rounding, on the order in which its trees hold rows, and
on the processor. So such a model is asked again with the rows that it has learned moved by less
than anybody measures: where its answer jumps, it has decided nothing, and a program may answer
whatever lies among what it answers then.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

import numpy as np

from modelwright.predictor.operations.base import Flags, Floats

_TIMES = 24
"""That rows are moved; two that are equally far change places every other time."""
_MOVED = 1e-7
"""Of the spread of a column."""
_LIFTED = 3e-5
"""Of the spread of all: squared, as distances are, more than what is lost by rounding."""


def undecided(
    fitted: Any, ask: Callable[[Any], Floats], *, answers: Floats, tolerance: float
) -> Flags:
    """Say of each row whether the model might as well answer it as a program does.

    Parameters
    ----------
    fitted
        A pipeline, or a model.
    ask
        Asks one for the rows.
    answers
        The program's.
    tolerance
        How far answers may be apart, as a part of the model's own where that is beyond 1.
    """
    own = ask(fitted)
    open_: Flags = np.zeros(len(own), dtype=np.bool_)
    if not _neighbours_of(fitted):
        return open_
    room = tolerance * np.maximum(1.0, np.abs(own))
    low, high = own, own
    for told in _answers_moved(fitted, ask):
        low, high = np.minimum(low, told), np.maximum(high, told)
        apart = high - low
        # The next answer may lie beyond, but hardly as far again.
        among = (answers >= low - apart - room) & (answers <= high + apart + room)
        open_ = np.asarray((apart > room).any(axis=1) & among.all(axis=1))
        if open_.all():
            break
    return open_


def _answers_moved(fitted: Any, ask: Callable[[Any], Floats]) -> Iterator[Floats]:
    """Yield what a model answers with its neighbours moved, each time otherwise."""
    draw = np.random.default_rng(0)
    for time in range(_TIMES):
        moved = deepcopy(fitted)
        with warnings.catch_warnings():
            # Rows that are moved have lost the names of their columns.
            warnings.simplefilter("ignore")
            for each in _neighbours_of(moved):
                _move(each, draw, in_order=time % 2 == 0)
            yield ask(moved)


def _neighbours_of(fitted: Any) -> list[Any]:
    """Return what asks neighbours, wherever it is in a model, each once."""
    return [*{id(each): each for each in _neighbours_in(fitted)}.values()]


def _neighbours_in(part: Any) -> Iterator[Any]:
    if type(part).__name__ in _SHAKEN:
        # A model keeps what it was made of beside what it has fitted.
        if hasattr(part, "_fit_X"):
            yield part
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _neighbours_in(each)
    elif isinstance(part, Mapping) or hasattr(part, "get_params"):
        for each in (part if isinstance(part, Mapping) else vars(part)).values():
            yield from _neighbours_in(each)


def _move(part: Any, draw: np.random.Generator, *, in_order: bool) -> None:
    """Move what was learned: by chance; or so that, of equally far ones, the first are nearest."""
    rows = _dense(part._fit_X)
    if type(part).__name__ == "KNNImputer":
        part._fit_X = _moved_one_way(rows, draw) if in_order else _moved(rows, draw)
        return
    truth = part.classes_[part._y] if hasattr(part, "classes_") else part._y
    if in_order:
        _lift(part, rows, truth)
    else:
        part.fit(_moved(rows, draw), truth)


def _moved(rows: Floats, draw: np.random.Generator) -> Floats:
    return np.asarray(rows + _step(rows) * draw.standard_normal(rows.shape))


def _moved_one_way(rows: Floats, draw: np.random.Generator) -> Floats:
    """Move the later rows farther; only those that are alike come to be in order, or none."""
    way = draw.standard_normal(rows.shape[1])
    return np.asarray(rows + _step(rows) * way * np.linspace(0.0, 1.0, len(rows))[:, None])


def _step(rows: Floats) -> Floats:
    spread = np.nanstd(rows, axis=0)
    return _MOVED * np.where(spread > 0, spread, 1.0)


def _lift(part: Any, rows: Floats, truth: Any) -> None:
    """Add a column in which the later rows are farther from any that is asked for."""
    wide = float(np.square(rows.std(axis=0)).sum()) ** 0.5 or 1.0
    heights = _LIFTED * wide * np.linspace(0.0, 1.0, len(rows)) ** 0.5
    lifted = deepcopy(part).fit(np.column_stack([rows, heights]), truth)
    for name in ("predict", "predict_proba"):
        if hasattr(part, name):
            setattr(part, name, _on_the_ground(getattr(lifted, name)))


def _on_the_ground(ask: Callable[[Any], Floats]) -> Callable[[Any], Floats]:
    return lambda given: ask(np.pad(_dense(given), ((0, 0), (0, 1))))


def _dense(rows: Any) -> Floats:
    return np.asarray(rows.toarray() if hasattr(rows, "toarray") else rows, dtype=np.float64)


_SHAKEN = frozenset({"KNNImputer", "KNeighborsClassifier", "KNeighborsRegressor"})
