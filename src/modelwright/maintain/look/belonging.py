"""Whether the values of a row belong together: a classifier of whole rows and mixed ones.

Each column may be as it was, and each pair nearly so, while the rows are put together otherwise: a
join by the wrong key, a feature that is computed for another customer. So each row is laid beside
itself with one value taken from another row of the same window, and a classifier says which of the
two is real; it knows from the past how often the bins of two columns come together (naive Bayes). A
column whose values are told from borrowed ones as often as ever belongs to its rows. Because both
rows are of the same window, another mix of rows or a season moves it little.
"""

import numpy as np
from numpy.typing import NDArray

from modelwright.maintain.look.look import Look
from modelwright.maintain.look.past import Tally
from modelwright.maintain.look.sketch import Sketch
from modelwright.predictor.operations.base import Floats, Value

BELONGING = "belonging"
"""Before the name of a column in the name of its tally: rows told apart rightly, and wrongly."""
_APART = (0.25, 0.5, 0.75)
"""How far away the other rows are, as a part of the window."""
_DOUBT = 2.0
"""Rows by which a pair of bins is drawn to what independent columns would have."""
_EQUAL = 1e-6
_STEP = 101


def tally_belonging(look: Look) -> dict[str, Tally]:
    """Count for each column how often its values are told from those of other rows.

    Parameters
    ----------
    look
        The window beside the past; its tallies are not read.
    """
    sketch = look.sketch
    if not sketch.pairs or not len(look.rows):
        return {}
    codes = np.stack([look.coarse_codes[name] for name in sketch.paired])
    right, wrong = _told(_likely(_ties(sketch), codes), codes)
    return {
        f"{BELONGING} {name}": (
            round(right[at] / sketch.persistences[name]),
            round(wrong[at] / sketch.persistences[name]),
        )
        for name, at in sketch.paired.items()
        if any(name in pair for pair in sketch.pairs)
    }


def told_of_such(look: Look, name: str, like: str) -> float:
    """Return how often values of a column are told from others among past rows like these.

    A column of which only some values come tells less of the others, and is told less by them.

    Parameters
    ----------
    look
        The window beside the past.
    name
        Of the column.
    like
        The column whose bins the past rows have as often as the rows of the window.
    """
    sketch = look.sketch
    past = np.stack([sketch.coarse_codes[each] for each in sketch.paired])
    pools = {
        int(code): np.flatnonzero(sketch.coarse_codes[like] == code)
        for code in np.unique(look.coarse_codes[like])
    }
    taken = list[int]()
    for place, code in enumerate(look.coarse_codes[like].tolist()):
        pool = pools[code]
        if len(pool):
            # A step that has no factor in common with most lengths goes through all of them.
            taken.append(int(pool[place * _STEP % len(pool)]))
    return _share_of(sketch, past[:, taken], name)


def told_with(look: Look, name: str, other: str, values: Value) -> float:
    """Return how often values of a column would be told from others if another had other values.

    Parameters
    ----------
    look
        The window beside the past.
    name
        Of the column.
    other, values
        The column that has other values, and these.
    """
    sketch = look.sketch
    held = {**look.coarse_codes, other: sketch.coarse[other].codes(values)}
    codes = np.stack([held[each] for each in sketch.paired])
    return _share_of(sketch, codes, name)


def _share_of(sketch: Sketch, codes: NDArray[np.int64], name: str) -> float:
    right, wrong = _told(_likely(_ties(sketch), codes), codes)
    at = sketch.paired[name]
    return float(right[at] / max(1.0, right[at] + wrong[at]))


def _ties(sketch: Sketch) -> Floats:
    """Return how much oftener bins come together than by chance, in logarithms.

    Only of pairs of columns that depend on each other; (columns, bins, columns, bins).
    """
    counts = sketch.pair_counts.sum(axis=0, dtype=np.float64)
    rows = np.maximum(1.0, counts.sum(axis=(2, 3), keepdims=True))
    by_chance = counts.sum(axis=3, keepdims=True) * counts.sum(axis=2, keepdims=True) / rows
    doubt = _DOUBT * np.minimum(1.0, by_chance)
    known = by_chance > 0
    ties = np.log(np.where(known, counts + doubt, 1.0) / np.where(known, by_chance + doubt, 1.0))
    used = np.zeros(counts.shape[:2])
    for one, other in sketch.pairs:
        at, to = sketch.paired[one], sketch.paired[other]
        used[at, to] = used[to, at] = 1.0
    return np.asarray((ties * used[:, :, None, None]).transpose(0, 2, 1, 3))


def _likely(ties: Floats, codes: NDArray[np.int64]) -> Floats:
    """Return how well each bin of each column fits to each row, (columns, bins, rows)."""
    columns, width = ties.shape[:2]
    held = (codes[:, None] == np.arange(width)[:, None]).astype(np.float64)
    flat = ties.reshape(columns * width, columns * width) @ held.reshape(columns * width, -1)
    return np.asarray(flat.reshape(columns, width, -1))


def _told(likely: Floats, codes: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return in how many rows the own value fits better than another row's, and worse."""
    rows = codes.shape[1]
    right, wrong = np.zeros(len(codes)), np.zeros(len(codes))
    own = _of(likely, codes)
    for apart in _APART:
        others = np.roll(codes, -max(1, round(apart * rows)), axis=1)
        better = np.where((codes >= 0) & (others >= 0), own - _of(likely, others), 0.0)
        right += (better > _EQUAL).sum(axis=1) / len(_APART)
        wrong += (better < -_EQUAL).sum(axis=1) / len(_APART)
    return right, wrong


def _of(likely: Floats, codes: NDArray[np.int64]) -> Floats:
    return np.asarray(np.take_along_axis(likely, np.maximum(codes, 0)[:, None], axis=1)[:, 0])
