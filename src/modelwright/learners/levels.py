"""The levels of a category: which ones get a code of their own."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Value
from modelwright.predictor.operations.categories import FIRST_LEVEL_CODE, Codes
from modelwright.predictor.program import column_value

MIN_COUNT = 3
"""A level seen less often teaches nothing of its own."""
MAX_LEVELS = 5_000


@dataclass(frozen=True)
class Levels:
    """The levels of one column as training rows show them.

    Parameters
    ----------
    column
        Its name.
    step
        Gives each level its code, the most frequent first.
    codes : ndarray of shape (n,)
        The codes of the training rows.
    """

    column: str
    step: Codes
    codes: NDArray[np.int64]

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
        return len(np.unique(self.codes)) > 1


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
    counts = Counter(level for level in values if level is not None)
    frequent = [level for level, count in counts.items() if count >= MIN_COUNT]
    ordered = sorted(frequent, key=lambda level: (-counts[level], level))[:MAX_LEVELS]
    step = Codes(inputs=(column_value(name),), output=f"codes:{name}", levels=tuple(ordered))
    return Levels(name, step, step.run(values)[:, 0].astype(np.int64))
