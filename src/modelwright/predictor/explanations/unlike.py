"""Values that training rows hardly had."""

from collections.abc import Iterator

import msgspec
import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.reference.distribution import Binned, Levels, counts_of
from modelwright.predictor.reference.reference import Reference

_RARE = 0.001
"""The share of training rows below which a value is told of."""


class Unlike(msgspec.Struct, frozen=True, kw_only=True):
    """A value that is hardly known.

    Parameters
    ----------
    column
        Where it stands.
    share
        Of the training rows that had such a value.
    sentence
        What is unusual.
    """

    column: str
    share: float
    sentence: str


def unlike_training(row: Columns, reference: Reference) -> list[Unlike]:
    """Return the values of a row that training rows hardly had.

    Parameters
    ----------
    row
        The columns of one row.
    reference
        How training rows were distributed.
    """
    return [
        found
        for name, values in row.items()
        if name in reference.columns
        for found in _judge(name, values, reference)
    ]


def _judge(name: str, values: np.ndarray, reference: Reference) -> Iterator[Unlike]:
    trained = reference.in_training(name)
    total = sum(trained.counts)
    place = int(counts_of(trained, values).argmax())
    share = trained.counts[place] / total if total else 0.0
    missing = place == len(trained.counts) - 1
    if share < _RARE:
        what = "It is missing" if missing else "No bin of the training rows holds it"
        if isinstance(trained, Levels) and not missing:
            what = "Its level is not among the commonest"
        known = f"{share:.2%} of the training rows were so" if share else "no training row was so"
        told = f"{what}; {known}."
        yield Unlike(column=name, share=share, sentence=told)
    elif isinstance(trained, Binned) and not missing and trained.edges:
        yield from _outside(name, values, trained)


def _outside(name: str, values: np.ndarray, trained: Binned) -> Iterator[Unlike]:
    """Tell of a number far beyond the bins: the outer ones have no end of their own."""
    if trained.measure != "value" or len(trained.edges) < 2:
        return
    number, first, last = float(values[0]), trained.edges[0], trained.edges[-1]
    reach = last - first
    if number > last + 3 * reach or number < first - 3 * reach:
        told = f"It is far off: most training rows lie between {first:g} and {last:g}."
        yield Unlike(column=name, share=0.0, sentence=told)
