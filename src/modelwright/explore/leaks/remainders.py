"""What is left over of a column when a leak is taken from it.

The balance of a loan is its amount less what was paid of it. Where two columns differ by a leak
exactly, in (nearly) every row, both cannot have been known beforehand, for then the leak would have
been known as well. The column that was recorded with the outcome is taken away, see `blame`.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.blame import blamed

_SCREENED = 200
_FEWEST_ROWS = 50
_FEWEST_LEFT_OVER = 0.05
"""Of the rows, those in which the leak is not 0: else both columns are merely the same."""
_EXACT = 1e-6
_LEAST_EXACT = 0.98
"""Of the rows: what was written off or corrected stands apart."""
_MOST_LEAKS, _MOST_COLUMNS = 10, 300

Floats = NDArray[np.float64]


def find_remainders(case: Case) -> list[Leak]:
    """Return one column of each pair that differs by a leak found before."""
    numbers = case.sample.numbers
    leaks = [name for leak in case.certain for name in leak.columns if name in numbers]
    names = [name for name in case.names if name in numbers][:_MOST_COLUMNS]
    found: dict[str, Leak] = {}
    for leak in leaks[:_MOST_LEAKS]:
        for whole, part in _pairs(numbers, names, leak):
            if not {whole, part} & set(found):
                name = blamed(case, whole, part)
                found[name] = _leak(case, name, f"{whole} - {part} is {leak}")
    return list(found.values())


def _leak(case: Case, name: str, identity: str) -> Leak:
    return Leak(
        columns=(name,),
        verdict="certain",
        evidence=f"{identity}, which knows the answer, in (nearly) every row "
        f"({case.sample.in_words()}): both cannot be known beforehand. Of both, {name} looks like "
        "the one that is recorded with the outcome.",
    )


def _pairs(numbers: dict[str, Floats], names: list[str], leak: str) -> Iterator[tuple[str, str]]:
    """Yield columns that differ by a leak."""
    taken = numbers[leak]
    if np.mean(np.nan_to_num(taken) != 0) < _FEWEST_LEFT_OVER or len(names) < 2:
        return
    few = np.stack([numbers[name][:_SCREENED] for name in names])
    for place, part in enumerate(names):
        near = _is_same(few, few[place] + taken[:_SCREENED])
        for whole in np.flatnonzero(near):
            if (
                whole != place
                and _is_same(numbers[names[whole]][None], numbers[part] + taken).item()
            ):
                yield names[whole], part


def _is_same(many: Floats, one: Floats) -> NDArray[np.bool_]:
    """Return which rows of a matrix are a vector, (nearly) wherever both are known."""
    known = ~np.isnan(many) & ~np.isnan(one)
    off = np.abs(np.where(known, many - one, 0.0))
    close = known & (off <= _EXACT * np.maximum(1.0, np.abs(np.nan_to_num(one))))
    told = np.count_nonzero(known, axis=1)
    enough = told >= min(_FEWEST_ROWS, many.shape[1])
    return np.asarray(enough & (np.count_nonzero(close, axis=1) >= _LEAST_EXACT * told))
