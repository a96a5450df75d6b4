"""The parts of numbers that depend on few raw columns: every combination of these is tried."""

from collections.abc import Iterator
from math import comb

import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.attribution.carrying import Source, values_of
from modelwright.predictor.attribution.owners import Owners, places
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.program import Program


def parts_of_columns(
    program: Program, source: Source, owners: Owners, rows: Columns, others: Columns
) -> Floats:
    """Return what each raw column adds by way of a value, of shape (rows, others, inputs).

    Parameters
    ----------
    program
        Which has the value.
    source
        The value, and how far the answer follows it.
    owners
        Of its columns.
    rows, others
        Raw columns.
    """
    parts = _apart(source, owners, len(program.inputs))
    for owner in sorted({each for each in owners if each.bit_count() > 1}):
        asked = [place for place, each in enumerate(owners) if each == owner]
        mixed = mixtures(program, source, owner, rows, others)
        known = np.stack([_followed(source, each, asked) for each in mixed])
        for player, part in zip(places(owner), shapley_values(known), strict=True):
            parts[:, :, player] += part
    return parts


def _apart(source: Source, owners: Owners, players: int) -> Floats:
    """Return the parts of columns with one owner each: how far they differ, times the slope."""
    owned = np.zeros((len(owners), players))
    for place, owner in enumerate(owners):
        if owner.bit_count() == 1:
            owned[place, owner.bit_length() - 1] = 1.0
    mine, theirs = source.values
    if isinstance(source.step, Curves):
        terms = [source.step.terms(each) for each in (mine, theirs)]
        followed = np.einsum("iwo,ijo->ijw", terms[0], source.slope)
        followed -= np.einsum("jwo,ijo->ijw", terms[1], source.slope)
        return np.asarray(followed @ owned)
    # What several own may be infinite apart, and times nothing is not nothing.
    some = owned.any(axis=1)
    apart = mine[:, None, some] - theirs[None, :, some]
    return np.asarray((apart * source.slope[:, :, some]) @ owned[some])


def _followed(source: Source, values: Floats, asked: list[int]) -> Floats:
    """Return what the answer follows of some columns of a value, of shape (rows, others)."""
    if not isinstance(source.step, Curves):
        return np.asarray((source.slope[:, :, asked] * values[:, :, asked]).sum(axis=2))
    terms = source.step.terms(values.reshape(-1, values.shape[2])).reshape(*values.shape, -1)
    return np.asarray((terms[:, :, asked].sum(axis=2) * source.slope).sum(axis=2))


def mixtures(
    program: Program, source: Source, owner: int, rows: Columns, others: Columns
) -> list[Floats]:
    """Return a value for every combination of owners, each of shape (rows, others, width).

    Bit k of a combination's number says that the k-th of the owners is as in the row.
    """
    if owner.bit_count() == 1:
        # It is the row's or the other's.
        shape = (*source.slope.shape[:2], source.values[0].shape[1])
        mine, theirs = source.values
        return [np.broadcast_to(theirs[None], shape), np.broadcast_to(mine[:, None], shape)]
    count = [len(next(iter(each.values()))) for each in (rows, others)]
    return [
        _value(program, source.name, _mixed(program, taken, rows, others)).reshape(*count, -1)
        for taken in _combinations(places(owner))
    ]


def _value(program: Program, name: str, columns: Columns) -> Floats:
    return np.asarray(values_of(program, columns, {name})[name])


def _combinations(players: list[int]) -> Iterator[int]:
    for number in range(1 << len(players)):
        yield sum(1 << player for place, player in enumerate(players) if number >> place & 1)


def _mixed(program: Program, taken: int, rows: Columns, others: Columns) -> Columns:
    first = program.inputs[0].name
    mine, theirs = len(rows[first]), len(others[first])
    return {
        each.name: np.repeat(rows[each.name], theirs)
        if taken >> place & 1
        else np.tile(others[each.name], mine)
        for place, each in enumerate(program.inputs)
    }


def shapley_values(known: Floats) -> Floats:
    """Return the Shapley values of a game of which every combination is known.

    Parameters
    ----------
    known : ndarray of shape (2 ** players, ...)
        What each combination makes; bit k of its number says that player k takes part.

    Returns
    -------
    ndarray of shape (players, ...)

    Examples
    --------
    >>> shapley_values(np.array([0.0, 1.0, 2.0, 5.0])).tolist()
    [2.0, 3.0]
    """
    players = len(known).bit_length() - 1
    number = np.arange(len(known))
    size = np.bitwise_count(number).astype(np.int64)
    weights = np.array([1 / (players * comb(players - 1, place)) for place in range(players)])
    parts = np.zeros((players, *known.shape[1:]))
    for player in range(players):
        joined = number[number >> player & 1 == 1]
        gained = known[joined] - known[joined ^ (1 << player)]
        parts[player] = np.tensordot(weights[size[joined] - 1], gained, axes=1)
    return parts
