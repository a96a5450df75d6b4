"""Which columns came otherwise, and what that alone does to the loss.

The loss that rows usually have is learned from the rows before, by their answer and their columns;
what other rows make of it, with that relation unchanged, is the effect of the mix (Kitagawa,
Components of a difference between two rates, JASA 50, 1955, 1168-1194; for models, Cai, Namkoong
and Yadlowsky, Diagnosing model performance under distribution shift, 2023). It is divided among
the columns by what each of them alone would do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Column, Kind
from modelwright.documents import LossKind
from modelwright.maintain.wording import percent
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.distribution import Binned, Distribution
from modelwright.tasks.figures import figure

_DOUBT = 20.0
_LEAST = 0.2
"""The part of the largest effect that a column must have to be named."""
_MOST_COLUMNS = 3
_CATEGORIES = (Kind.CATEGORICAL, Kind.CODED, Kind.BOOLEAN)


@dataclass(frozen=True)
class Moved:
    """A column that came otherwise.

    Parameters
    ----------
    column
        The column.
    now, before : ndarray of shape (rows,)
        The usual loss of each row by this column alone.
    inside : ndarray of shape (rows now,)
        Which rows are in the part of the column that changed the loss most.
    sentence
        Which part that is.
    """

    column: Column
    now: Floats
    before: Floats
    inside: NDArray[np.bool_]
    sentence: str

    @property
    def effect(self) -> float:
        """What the column alone does to the mean loss."""
        return float(self.now.mean() - self.before.mean())

    @property
    def kind(self) -> LossKind:
        """A change of the mix of categories, or of the distribution of a number."""
        return "change of mix" if self.column.kind in _CATEGORIES else "covariate drift"


def moved_columns(
    columns: Sequence[tuple[Column, Distribution, NDArray[np.int64], NDArray[np.int64]]],
    losses: Floats,
    *,
    sign: float,
) -> tuple[Moved, ...]:
    """Return the columns that explain a change of a sign, the one that explains most first.

    Parameters
    ----------
    columns
        Each with its bins, and the bin of each row before and now.
    losses : ndarray of shape (rows before,)
        What they lost.
    sign
        Of the change.
    """
    moved = [
        _moved(column, trained, before, now, losses, sign)
        for column, trained, before, now in columns
    ]
    ranked = sorted(moved, key=lambda each: -sign * each.effect)
    most = sign * ranked[0].effect if ranked else 0.0
    return tuple(
        each for each in ranked[:_MOST_COLUMNS] if sign * each.effect > max(0.0, _LEAST * most)
    )


def _moved(
    column: Column,
    trained: Distribution,
    before: NDArray[np.int64],
    now: NDArray[np.int64],
    losses: Floats,
    sign: float,
) -> Moved:
    bins, usual = len(trained.counts), float(losses.mean())
    rows = np.bincount(before, minlength=bins)
    means = (np.bincount(before, losses, minlength=bins) + _DOUBT * usual) / (rows + _DOUBT)
    then, today = rows / len(before), np.bincount(now, minlength=bins) / len(now)
    grown = np.where(today > then, today - then, 0.0)
    # Where more rows came tells more than where they are missing.
    worth = sign * (means - usual) * (grown if (grown * sign * (means - usual)).max() > 0 else 1.0)
    place = int(np.argmax(worth))
    where = _where(trained, place)
    sentence = (
        f"{percent(today[place])} of rows {where} now, {percent(then[place])} before; such rows "
        f"lose {figure(means[place])}, all rows {figure(usual)}"
    )
    return Moved(column, means[now], means[before], now == place, sentence)


def _where(trained: Distribution, place: int) -> str:
    if place == len(trained.counts) - 1:
        return "lack it"
    if not isinstance(trained, Binned):
        return f"have {trained.levels[place]!r}" if place < len(trained.levels) else "have others"
    low = f"above {figure(trained.edges[place - 1])}" if place else ""
    high = f"at most {figure(trained.edges[place])}" if place < len(trained.edges) else ""
    return f"are {' and '.join(part for part in (low, high) if part)}"
