"""Trees that ask for sets of levels, as trees that ask numbers.

Whether a level is in a set is a column of its own, one for each set that is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.given import Frame, Given, matrix_of
from modelwright.learners.foreign.levels import Rows, looked_up
from modelwright.learners.trees.tables import Tree, node_table
from modelwright.predictor.operations.trees import Trees

MOST_CELLS = 1 << 24
"""Of the tables that say which levels are in which sets: 128 MB."""
_IN, _OUT, _BETWEEN = 0.0, 1.0, 0.5
"""What is in a set goes left, as what is below the threshold between the two does."""

_Set: TypeAlias = tuple[frozenset[int], bool]
"""The codes that go left, and whether what is missing does."""


@dataclass(frozen=True)
class Coded:
    """How a model numbers the levels of its columns.

    Parameters
    ----------
    levels
        By the place of a column of a frame, its levels in the order of their codes. What is
        unknown goes where what is missing goes.
    known
        By the place of a column of numbers, those that stand for its codes, in their order: any
        other goes where what is missing goes. In a column that is not named, each number is its
        own code, and any other is in no set.
    least
        The number from which on one below 1 is the code 0.
    """

    levels: Mapping[int, Sequence[Any]]
    known: Mapping[int, Sequence[int]]
    least: float = 0.0


def without_sets(
    draft: Draft, trees: Sequence[Tree], given: Given, coded: Coded
) -> tuple[str, list[Tree]]:
    """Write what trees ask, and return it as a matrix with the trees that ask its columns.

    Parameters
    ----------
    draft
        Where it is written.
    trees
        Any.
    given
        The columns that they ask.
    coded
        What their sets mean.

    Raises
    ------
    LearnerError
        When they ask for too many sets.
    """
    asked = _asked(trees)
    if not asked and not coded.levels:
        return matrix_of(draft, given), [*trees]
    width = len(given.names) if isinstance(given, Frame) else draft.width(given)
    numbers = [place for place in range(width) if place not in coded.levels]
    told = {place: sets for place, sets in asked.items() if place in coded.levels}
    values = [_told(draft, given, place, [*sets], coded) for place, sets in told.items()]
    starts = _starts(told)
    if numbers:
        matrix = given if isinstance(given, str) else _numbers(draft, given, numbers)
        among = {place: sets for place, sets in asked.items() if place not in coded.levels}
        found = [_found(draft, matrix, numbers, among, coded)] if among else []
        values = [matrix, *found, *values]
        shift = len(numbers) + sum(len(sets) for sets in among.values())
        starts = {place: start + shift for place, start in starts.items()}
        starts |= {place: start + len(numbers) for place, start in _starts(among).items()}
    if not values:
        raise refuse("A model that asks nothing")
    plain = {place: column for column, place in enumerate(numbers)}
    return draft.beside(values), [_asking(tree, asked, starts, plain) for tree in trees]


def _asked(trees: Sequence[Tree]) -> dict[int, dict[_Set, int]]:
    """Return by column the sets that are asked, numbered as they first come."""
    asked: dict[int, dict[_Set, int]] = {}
    for tree in trees:
        for node, codes in tree.sets.items():
            sets = asked.setdefault(int(tree.feature[node]), {})
            sets.setdefault((codes, bool(tree.missing_left[node])), len(sets))
    return asked


def _starts(asked: Mapping[int, Mapping[_Set, int]]) -> dict[int, int]:
    """Return the first column of each one's sets where all stand side by side."""
    ends = np.cumsum([0, *(len(sets) for sets in asked.values())]).tolist()
    return dict(zip(asked, ends, strict=False))


def _numbers(draft: Draft, given: Frame, places: Sequence[int]) -> str:
    return matrix_of(draft, Frame([given.names[place] for place in places]))


def _told(draft: Draft, given: Given, place: int, sets: Sequence[_Set], coded: Coded, /) -> str:
    """Write by a table which sets a level is in."""
    if not isinstance(given, Frame):
        raise refuse("Levels of numbers that were computed before")
    categories = coded.levels[place]
    if len(categories) * len(sets) > MOST_CELLS:
        raise refuse(f"A model that asks {len(sets):,} sets of {len(categories):,} levels")
    rows = np.full((len(categories), len(sets)), _OUT)
    for column, (codes, _) in enumerate(sets):
        rows[[code for code in codes if code < len(categories)], column] = _IN
    missing = np.array([_IN if left else _OUT for _, left in sets])
    # A level that says that a cell is missing has no code of its own.
    rows[[each is None or each != each for each in categories]] = missing
    return looked_up(draft, given.names[place], categories, Rows(rows, missing))


def _found(
    draft: Draft,
    matrix: str,
    numbers: Sequence[int],
    among: Mapping[int, Mapping[_Set, int]],
    coded: Coded,
    /,
) -> str:
    """Write by trees which sets a number is in."""
    made = [
        _of_numbers(numbers.index(place), each, coded.known.get(place), coded.least)
        for place, sets in among.items()
        for each in sets
    ]
    return draft.add(
        Trees,
        matrix,
        comparison="<",
        outputs=np.arange(len(made), dtype=np.int32),
        base=np.zeros(len(made)),
        scale=1.0,
        **node_table(made),
    )


def _of_numbers(column: int, asked: _Set, known: Sequence[int] | None, least: float) -> Tree:
    """Return a tree that says whether a number is in a set.

    Code c is any in [c, c + 1), and 0 from the least one on; a known number is only itself.
    """
    codes, missing_left = asked
    missing = _IN if missing_left else _OUT
    other = _OUT if known is None else missing
    values = dict.fromkeys(known or (), _OUT)
    values |= dict.fromkeys([known[code] for code in codes] if known else codes, _IN)
    if known is None:
        spans = {(code or least, code + 1.0): value for code, value in values.items()}
    else:
        spans = {(code, np.nextafter(code, np.inf)): value for code, value in values.items()}
    starts = {start: value for (start, _), value in spans.items()}
    edges = sorted({edge for span in spans for edge in span})
    between = [other, *(starts.get(edge, other) for edge in edges)]
    return _searched(column, edges, between, missing)


def _searched(
    column: int, edges: Sequence[float], between: Sequence[float], missing: float
) -> Tree:
    """Return a tree that finds the number's place among edges, by halves; first who is missing."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    values: list[float] = []

    def node(*, asks: bool, edge: float, value: float) -> int:
        feature.append(column if asks else -1)
        threshold.append(edge)
        left.append(0)
        right.append(0)
        values.append(value)
        return len(feature) - 1

    def grow(first: int, last: int) -> int:
        if first == last:
            return node(asks=False, edge=0.0, value=between[first])
        middle = (first + last) // 2
        place = node(asks=True, edge=float(edges[middle]), value=0.0)
        left[place], right[place] = grow(first, middle), grow(middle + 1, last)
        return place

    root = node(asks=True, edge=float(np.finfo(np.float64).max), value=0.0)
    left[root] = grow(0, len(edges))
    right[root] = node(asks=False, edge=0.0, value=missing)
    return Tree(
        feature=np.array(feature),
        threshold=np.array(threshold),
        left=np.array(left),
        right=np.array(right),
        missing_left=np.zeros(len(feature), dtype=np.bool_),
        values=np.array(values)[:, None],
    )


def _asking(
    tree: Tree,
    asked: Mapping[int, Mapping[_Set, int]],
    starts: Mapping[int, int],
    plain: Mapping[int, int],
) -> Tree:
    """Return a tree that asks the columns that were written."""
    feature, threshold = tree.feature.copy(), tree.threshold.copy()
    for node in np.flatnonzero(feature >= 0).tolist():
        place = int(tree.feature[node])
        if node in tree.sets:
            number = asked[place][tree.sets[node], bool(tree.missing_left[node])]
            feature[node], threshold[node] = starts[place] + number, _BETWEEN
        elif place in plain:
            feature[node] = plain[place]
        else:
            raise refuse("A tree that asks a number of a column of levels")
    return replace(tree, feature=feature, threshold=threshold, sets={})
