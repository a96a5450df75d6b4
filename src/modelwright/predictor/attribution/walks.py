"""All walks down trees that take some of their answers from a row and the rest from another one.

A leaf is reached where each of some columns is the row's and each of some others is the other
row's. The Shapley values of such a leaf are known: with p of the ones and q of the others, each of
the first has (p - 1)! q! / (p + q)! of it, each of the others minus p! (q - 1)! / (p + q)!
(Lundberg et al., "From local explanations to global understanding with explainable AI for trees",
Nature Machine Intelligence, 2020: the interventional algorithm).
"""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.kernel.library import Library
from modelwright.predictor.kernel.shares import share_leaves
from modelwright.predictor.operations.base import Flags, Floats, Integers
from modelwright.predictor.operations.trees import Trees

_STATES = 1 << 16
_WORD = 63

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Together:
    """Nodes that ask a number which depends on several raw columns.

    Parameters
    ----------
    players
        These columns.
    right : ndarray of shape (combinations, nodes, pairs)
        Where a walk turns right; bit k of a combination says that the k-th is as in the row.
    """

    players: tuple[int, ...]
    right: Flags


@dataclass(frozen=True)
class Forks:
    """Which way pairs of rows go at each node.

    Parameters
    ----------
    player : ndarray of shape (nodes,)
        The raw column that a node asks; -2 - k where it asks several, those of `together[k]`.
    place : ndarray of shape (nodes,)
        Where a node stands among those that ask the same columns together.
    right_rows, right_others : ndarray of shape (nodes, rows) and (nodes, others)
        Where they turn right.
    together
        What nodes ask together.
    players
        How many raw columns there are.
    """

    player: Integers
    place: Integers
    right_rows: Flags
    right_others: Flags
    together: tuple[Together, ...]
    players: int


def walk_together(trees: Trees, forks: Forks, slope: Floats, *, library: Library | None) -> Floats:
    """Return what each raw column adds by way of trees.

    Parameters
    ----------
    trees
        The ensemble.
    forks
        Which way it is gone.
    slope : ndarray of shape (rows, others, outputs)
        How far the answer follows each output.
    library
        The compiled kernel; None to walk with NumPy.

    Returns
    -------
    ndarray of shape (rows, others, players)
    """
    if library is not None and library.shares:
        table = share_table(forks.players, forks.players)
        return share_leaves(trees, forks, slope, table, library)
    rows, others, _ = slope.shape
    parts = np.zeros((rows * others, forks.players))
    every = len(trees.roots)
    at_once = max(1, _STATES // max(1, len(parts)))
    for begin in range(0, every, at_once):
        chosen = np.arange(begin, min(begin + at_once, every))
        _walk(trees, forks, chosen, slope.reshape(rows * others, -1), parts)
    return parts.reshape(rows, others, -1)


@dataclass
class _States:
    """Walks under way: a pair of rows, the tree, the node, and the columns settled, as bits."""

    pair: Numbers
    tree: Numbers
    node: Numbers
    mine: Numbers
    theirs: Numbers

    @classmethod
    def at(cls, roots: Integers, trees: Numbers, pairs: int, players: int) -> "_States":
        pair = np.tile(np.arange(pairs), len(trees))
        tree = np.repeat(trees, pairs)
        none = np.zeros((len(pair), 1 + players // _WORD), dtype=np.int64)
        return cls(pair, tree, roots[tree].astype(np.int64), none, none.copy())

    def some(self, chosen: Flags) -> "_States":
        return _States(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def and_others(self, *others: "_States") -> "_States":
        every = (self, *others)
        return _States(
            *(np.concatenate([getattr(each, one.name) for each in every]) for one in fields(self))
        )

    def settle(self, player: Numbers, *, mine: bool) -> "_States":
        settled = (self.mine if mine else self.theirs).copy()
        settled[np.arange(len(player)), player // _WORD] |= np.int64(1) << (player % _WORD)
        return replace(self, mine=settled) if mine else replace(self, theirs=settled)

    def has(self, player: Numbers, *, mine: bool) -> Flags:
        settled = self.mine if mine else self.theirs
        found = settled[np.arange(len(player)), player // _WORD] >> (player % _WORD)
        return (found & 1).astype(np.bool_)


def _walk(trees: Trees, forks: Forks, chosen: Numbers, slope: Floats, parts: Floats) -> None:
    states = _States.at(trees.roots, chosen, len(parts), forks.players)
    while len(states.node):
        arrived = trees.feature[states.node] < 0
        _share(trees, states.some(arrived), slope, parts)
        states = states.some(~arrived)
        alone = forks.player[states.node] >= 0
        states = _go_alone(trees, forks, states.some(alone)).and_others(
            *_go_together(trees, forks, states.some(~alone))
        )


def _go_alone(trees: Trees, forks: Forks, states: _States) -> _States:
    """Go on where one raw column is asked: both ways where the two rows part."""
    player = forks.player[states.node].astype(np.int64)
    mine, theirs = np.divmod(states.pair, forks.right_others.shape[1])
    right = forks.right_rows[states.node, mine], forks.right_others[states.node, theirs]
    is_mine, is_theirs = (states.has(player, mine=each) for each in (True, False))
    parts = (right[0] != right[1]) & ~is_mine & ~is_theirs
    moved = []
    for as_mine, turns, goes in ((True, right[0], ~is_theirs), (False, right[1], is_theirs)):
        chosen = goes | parts
        gone = states.some(chosen)
        gone.node = _child(trees, gone.node, turns[chosen])
        here = parts[chosen]
        settled = gone.some(here).settle(player[chosen][here], mine=as_mine)
        moved.append(gone.some(~here).and_others(settled))
    return moved[0].and_others(moved[1])


def _go_together(trees: Trees, forks: Forks, states: _States) -> list[_States]:
    """Settle the columns that are asked together, first one by one; then go on."""
    moved = []
    for number, asked in enumerate(forks.together):
        here = states.some(forks.player[states.node] == -2 - number)
        combination = np.zeros(len(here.node), dtype=np.int64)
        for place, player in enumerate(asked.players):
            who = np.full(len(here.node), player)
            is_mine, open_ = here.has(who, mine=True), ~here.has(who, mine=False)
            combination |= is_mine.astype(np.int64) << place
            split = open_ & ~is_mine
            if split.any():
                some = here.some(split)
                moved += [some.settle(who[split], mine=each) for each in (True, False)]
                here, combination = here.some(~split), combination[~split]
        turns = asked.right[combination, forks.place[here.node], here.pair]
        here.node = _child(trees, here.node, turns)
        moved.append(here)
    return moved


def _child(trees: Trees, node: Numbers, right: Flags) -> Numbers:
    return np.where(right, trees.right[node], trees.left[node]).astype(np.int64)


def _share(trees: Trees, states: _States, slope: Floats, parts: Floats) -> None:
    """Share leaves out among the columns that lead there."""
    leaf = trees.leaves[trees.left[states.node]]
    if trees.leaves.shape[1] == 1:
        weight = leaf[:, 0] * slope[states.pair, trees.outputs[states.tree]]
    else:
        weight = (leaf * slope[states.pair]).sum(axis=1)
    mine, theirs = (np.bitwise_count(each).sum(axis=1) for each in (states.mine, states.theirs))
    for settled, own, rest, sign in (
        (states.mine, mine, theirs, 1.0),
        (states.theirs, theirs, mine, -1.0),
    ):
        share = sign * trees.scale * weight * _shares(own, rest)
        _add(settled, states.pair, share, parts)


def _add(settled: Numbers, pair: Numbers, share: Floats, parts: Floats) -> None:
    players = parts.shape[1]
    for word, bits in enumerate(settled.T):
        left, pairs, shares = bits.copy(), pair, share
        while len(left := left[(kept := left != 0)]):
            pairs, shares = pairs[kept], shares[kept]
            lowest = left & -left
            player = word * _WORD + np.bitwise_count(lowest - 1)
            found = np.bincount(pairs * players + player, shares, minlength=parts.size)
            parts += found.reshape(parts.shape)
            left = left ^ lowest


def _shares(own: Numbers, rest: Numbers) -> Floats:
    """Return (p - 1)! q! / (p + q)! for each of p columns that have a leaf with q others."""
    table = share_table(int(own.max(initial=0)), int(rest.max(initial=0)))
    return table[own, rest]


def share_table(most: int, most_rest: int) -> Floats:
    """Return (p - 1)! q! / (p + q)! for each p and q; nothing for p = 0.

    Examples
    --------
    >>> share_table(2, 1)[1:].tolist()
    [[1.0, 0.5], [0.5, 0.16666666666666666]]
    """
    table = np.zeros((most + 1, most_rest + 1))
    rest = np.arange(most_rest + 1)
    for own in range(1, most + 1):
        table[own] = table[own - 1] * (own - 1) / (own + rest) if own > 1 else 1 / (1 + rest)
    return table
