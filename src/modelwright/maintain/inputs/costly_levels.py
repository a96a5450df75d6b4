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

_FEWEST, _MOST = 3, 0.5
"""Rows with such levels, and the part of all rows that they may be."""
_CATEGORIES = (Kind.CATEGORICAL, Kind.CODED)


def find_costly_levels(
    bundle: Bundle, rows: LiveRows, measure: Callable[[LiveRows], Performance]
) -> Cause | None:
    """Return the column without whose unknown levels a model does as well as promised.

    None where there is none. To be asked where the model does worse.

    Parameters
    ----------
    bundle
        The model.
    rows
        The live rows.
    measure
        Says how well rows were answered.
    """
    for name, new, levels in _strange(bundle, rows):
        without = measure(rows_at(rows, np.flatnonzero(~new)))
        if without.is_judged and not without.is_worse:
            such = f", such as {levels[0]!r:.80}" if levels else ""
            return Cause(
                kind="new categories",
                columns=(name,),
                sentence=f"{name!r} has levels that training did not know{such}, in "
                f"{percent(new.mean())} of rows. Without these rows the model does as well as "
                "promised.",
            )
    return None


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
