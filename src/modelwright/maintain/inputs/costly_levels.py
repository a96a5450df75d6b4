"""Levels that training did not know where they alone make a model worse than promised."""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Kind
from modelwright.documents import Cause
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.past import rows_at
from modelwright.maintain.score.performance import Performance
from modelwright.maintain.wording import FEWEST_NAMED, percent
from modelwright.predictor.bundle import Bundle
from modelwright.tasks.row_losses import plain_losses

_FEWEST, _MOST = 3, 0.5
"""Rows with such levels, and the part of all rows that they may be."""
_CARRIED = 0.5
"""The part of what is lost that such rows must carry to be its cause."""
_DRAWS = 1_999
"""As many tell apart what one column of twenty would show once in a hundred times."""
_CATEGORIES = (Kind.CATEGORICAL, Kind.CODED)


def find_costly_levels(
    bundle: Bundle,
    rows: LiveRows,
    measure: Callable[[LiveRows], Performance],
    *,
    false_alarm_rate: float,
) -> Cause | None:
    """Return the column without whose unknown levels a model does as well as promised.

    None where there is none. To be asked where the model does worse. That the score is no longer
    clearly worse without some rows is not enough, as it would be so without any: rows with such
    levels must lose clearly more than the others, and carry at least half of what is lost.

    Parameters
    ----------
    bundle
        The model.
    rows
        The live rows.
    measure
        Says how well rows were answered.
    false_alarm_rate
        How often a column is returned, of all together, whose unknown levels cost nothing.
    """
    strange = tuple(_strange(bundle, rows))
    if not strange or not (whole := measure(rows)).is_worse:
        return None
    for name, new, levels in strange:
        if not _lose_more(rows, new, false_alarm_rate / len(strange), seed=bundle.facts.seed):
            continue
        without = measure(rows_at(rows, np.flatnonzero(~new)))
        if not without.is_worse and part_carried(whole, without) >= _CARRIED:
            such = f", such as {levels[0]!r:.80}" if levels else ""
            return Cause(
                kind="new categories",
                columns=(name,),
                sentence=f"{name!r} has levels that training did not know{such}, in "
                f"{percent(new.mean())} of rows. Without these rows the model does as well as "
                "promised.",
            )
    return None


def part_carried(whole: Performance, without: Performance) -> float:
    """Return how much of the way back to the promise the score goes without some rows.

    Parameters
    ----------
    whole, without
        How well all rows were answered, and the others.
    """
    if whole.realised is None or without.realised is None or whole.expected is None:
        return 0.0
    now, promised = whole.realised.value, whole.expected.value
    return (now - without.realised.value) / (now - promised)


def _lose_more(rows: LiveRows, new: NDArray[np.bool_], rate: float, *, seed: int) -> bool:
    """Say whether the mean loss of some rows is above that of as many rows drawn at random."""
    known = rows.labelled
    losses = plain_losses(rows.truth[known], rows.answers[known])
    count = int(new[known].sum())
    if not _FEWEST <= count < len(losses):
        return False
    dice = np.random.default_rng(seed)
    lost = losses[new[known]].sum()
    drawn = (dice.choice(losses, count, replace=False, shuffle=False) for _ in range(_DRAWS))
    as_much = sum(bool(each.sum() >= lost) for each in drawn)
    return (1 + as_much) / (1 + _DRAWS) <= rate


def _strange(
    bundle: Bundle, rows: LiveRows
) -> Iterator[tuple[str, NDArray[np.bool_], tuple[str, ...]]]:
    """Yield each column with the rows whose level is unknown, and the commonest such level."""
    read = {each.name for each in bundle.program.inputs}
    for column in bundle.schema:
        if column.name not in read or column.kind not in _CATEGORIES:
            continue
        values = rows.columns[column.name].tolist()
        unknown = bundle.reference.unknown(column.name, values)
        new = np.array([value in unknown for value in values], dtype=np.bool_)
        if _FEWEST <= new.sum() <= _MOST * len(new):
            most = Counter(value for value in values if value in unknown).most_common(1)
            yield column.name, new, tuple(str(v) for v, count in most if count >= FEWEST_NAMED)
