"""The levels of a category: which ones get a code of their own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.base import Rows
from modelwright.predictor.operations.base import Value
from modelwright.predictor.operations.categories import (
    FIRST_LEVEL_CODE,
    MISSING_CODE,
    UNKNOWN_CODE,
    Codes,
)
from modelwright.predictor.program import column_value

MIN_COUNT = 3
"""A level seen less often teaches nothing of its own."""
MAX_LEVELS = 5_000
"""So that a code fits into 16 bits."""


@dataclass(frozen=True)
class Levels:
    """The levels of one column as training rows show them.

    Parameters
    ----------
    column
        Its name.
    step
        Gives each level its code, the most frequent first.
    packed : ndarray of shape (n,)
        The codes of the training rows, in little memory: every fold keeps them.
    """

    column: str
    step: Codes
    packed: NDArray[np.int16]

    @property
    def codes(self) -> NDArray[np.int64]:
        """The codes of the training rows, of shape (n,)."""
        return self.packed.astype(np.int64)

    @property
    def names(self) -> tuple[str, ...]:
        """The levels, the most frequent first."""
        return self.step.levels

    @property
    def size(self) -> int:
        """Codes that there are: the reserved ones and one per level."""
        return FIRST_LEVEL_CODE + len(self.step.levels)

    @property
    def varies(self) -> bool:
        """Whether the codes tell any two training rows apart."""
        return bool((self.packed != self.packed[:1]).any())


def levels_of(rows: Rows, name: str) -> Levels:
    """Return the levels of a column; learners of the same rows share them.

    Parameters
    ----------
    rows
        Training rows.
    name
        One of their columns of texts.
    """
    return rows.memo.of(("levels", name), lambda: learn_levels(name, rows.columns[name]))


def learn_levels(name: str, values: Value) -> Levels:
    """Return the levels of a column.

    A level seen fewer than `MIN_COUNT` times, or beyond the `MAX_LEVELS` most frequent, has no code
    of its own: it is treated as an unknown level, for which the rare ones are the best likeness.
    So the program need not list them.

    Parameters
    ----------
    name
        The raw column.
    values : ndarray of shape (n,)
        Texts, None for missing.

    Examples
    --------
    >>> levels = learn_levels("colour", np.array(["red"] * 4 + ["blue"] * 3 + ["pink", None]))
    >>> levels.names, levels.codes
    (('red', 'blue'), array([3, 3, 3, 3, 4, 4, 4, 1, 0]))
    """
    numbers = _Numbers()
    # One look-up per row; all else is done once per level.
    places = np.fromiter(map(numbers.__getitem__, values.tolist()), np.int64, len(values))
    found = np.bincount(places, minlength=len(numbers)).tolist()
    counts = {
        level: count for level, count in zip(numbers, found, strict=True) if level is not None
    }
    frequent = [level for level, count in counts.items() if count >= MIN_COUNT]
    ordered = sorted(frequent, key=lambda level: (-counts[level], level))[:MAX_LEVELS]
    codes = np.full(len(numbers), UNKNOWN_CODE, dtype=np.int16)
    for code, level in enumerate(ordered, FIRST_LEVEL_CODE):
        codes[numbers[level]] = code
    if None in numbers:
        codes[numbers[None]] = MISSING_CODE
    step = Codes(inputs=(column_value(name),), output=f"codes:{name}", levels=tuple(ordered))
    return Levels(name, step, codes[places])


class _Numbers(dict[str | None, int]):
    """Gives each new level the next number."""

    def __missing__(self, level: str | None) -> int:
        self[level] = len(self)
        return self[level]
