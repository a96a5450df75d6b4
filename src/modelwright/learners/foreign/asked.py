"""Encoders of the library category_encoders: each says itself what it makes of a level.

What such an encoder writes for a cell depends on nothing but the cell, so that asking it for every
level that it knows, for one that it does not know and for a missing one is all that it does.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from modelwright.data.schema import Kind
from modelwright.learners.foreign.base import first_line, refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.levels import Rows, looked_up
from modelwright.learners.foreign.selection import choose
from modelwright.predictor.operations.base import Floats

_LIBRARY = "category_encoders."
_NONE_KNOWN = frozenset({"HashingEncoder"})
"""What encodes any level at all, also one that it never saw."""
_PROBES = [0.0, 1.0, 2.0]
_UNSEEN = "\x00 a level that nobody has seen"


def is_asked(step: Any) -> bool:
    """Say whether a step is an encoder of that library."""
    return type(step).__module__.startswith(_LIBRARY) and hasattr(step, "cols")


def encode_asked(draft: Draft, encoder: Any, names: Sequence[str]) -> str:
    """Write a fitted encoder of a frame's columns and return the value that it makes.

    Parameters
    ----------
    draft
        Where it is written.
    encoder
        Of which `is_asked` is true.
    names
        The columns, in their order; those that it does not encode pass as numbers.

    Raises
    ------
    LearnerError
        When it treats unknown levels otherwise, or what it makes of one column depends on others.
    """
    title = type(encoder).__name__
    if title in _NONE_KNOWN:
        raise refuse(f"A {title}, which has no list of levels,")
    if getattr(encoder, "_min_group_categories", None):
        # Its list has the group in their place, so that each of them would read as unknown.
        raise refuse(f"A {title} that puts rare levels together, as min_group_size does,")
    asked = _Asked(encoder, names, _levels_of(encoder, title))
    values, places = [], list[int]()
    for name in names:
        if not asked.places(name):
            continue
        places += asked.places(name)
        if name in asked.levels:
            values.append(looked_up(draft, name, asked.levels[name], asked.rows(name)))
        elif asked.passes(name):
            values.append(draft.column(name, Kind.NUMERIC))
        else:
            raise refuse(f"A {title} that changes {name!r}, which it does not encode,")
    if not values:
        raise refuse(f"A {title} that makes nothing")
    return choose(draft, draft.beside(values), np.argsort(places).tolist())


class _Asked:
    """What an encoder makes of one column after the other, while the others stay as they are."""

    def __init__(self, encoder: Any, names: Sequence[str], levels: Mapping[str, Any]) -> None:
        self.levels = levels
        self._encoder = encoder
        self._names = names
        self._usual = {name: levels[name][0] if name in levels else 0.0 for name in names}
        self._answers = {name: self._answer(name) for name in names}
        owners = self._owners()
        self._places = {
            name: [place for place, owner in enumerate(owners) if owner == name] for name in names
        }

    def places(self, name: str) -> list[int]:
        """Return which of the numbers a column makes."""
        return self._places[name]

    def rows(self, name: str) -> Rows:
        """Return what an encoded column makes of its levels."""
        *known, unknown, missing = self._answers[name][:, self._places[name]]
        return Rows(np.array(known), unknown=unknown, missing=missing)

    def passes(self, name: str) -> bool:
        """Say whether a column comes out as it went in."""
        made = self._answers[name][:, self._places[name]]
        return made.ravel().tolist() == _PROBES

    def _owners(self) -> list[str]:
        """Return which column makes each of the numbers."""
        owners: dict[int, str] = {}
        for name, made in self._answers.items():
            for place in np.flatnonzero((made != made[:1]).any(axis=0)).tolist():
                if owners.setdefault(place, name) != name:
                    title = type(self._encoder).__name__
                    raise refuse(f"A {title} of columns that depend on each other")
        # What is the same for every level may belong to any column.
        usual = next((name for name in self._names if name in self.levels), self._names[0])
        whole = self._answers[usual].shape[1]
        return [owners.get(place, usual) for place in range(whole)]

    def _answer(self, name: str) -> Floats:
        import pandas as pd

        known = [*self.levels[name], _UNSEEN, None] if name in self.levels else _PROBES
        frame = pd.DataFrame({each: [usual] * len(known) for each, usual in self._usual.items()})
        frame[name] = pd.Series(known, dtype=object) if name in self.levels else known
        try:
            made = self._encoder.transform(frame[list(self._names)])
            answer = np.asarray(made, dtype=np.float64)
        except (ValueError, TypeError, KeyError) as error:
            told = f"A {type(self._encoder).__name__} that cannot answer every level"
            raise refuse(told, f"It says: {first_line(error)}.") from error
        if np.isinf(answer).any():
            raise refuse("An encoder that writes an infinite number for a level")
        return answer


def _levels_of(encoder: Any, title: str) -> dict[str, list[Any]]:
    """Return the levels that an encoder knows of each column, in their own types."""
    levels = {
        str(column): [each for each in index if each is not None and each == each]
        for column, index in _indices(encoder)
    }
    if any(str(column) not in levels or not levels[str(column)] for column in encoder.cols):
        raise refuse(f"A {title} of this version of category_encoders")
    return {str(column): levels[str(column)] for column in encoder.cols}


def _indices(encoder: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each column with the index of its levels: the library keeps them in several ways."""
    inner = getattr(encoder, "ordinal_encoder", None)
    mapping = getattr(encoder if inner is None else inner, "mapping", None)
    if isinstance(mapping, Mapping):
        yield from ((column, table.index) for column, table in mapping.items())
    for each in mapping if isinstance(mapping, list) else ():
        yield each["col"], getattr(each["mapping"], "index", each["mapping"])
