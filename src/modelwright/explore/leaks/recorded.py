"""A column is missing in the rows in which the target is missing, and hardly anywhere else.

What is written down together with the outcome is absent together with it: a flight that was
cancelled has no arrival delay, and no time in the air either. Columns are suspicious when both go
together in both directions, in many rows, while most other columns are filled in those rows: rows
without an answer teach nothing, and a measurement may have failed before. It is proof where they
also tell what the others do not: without them at least twice as much is open. It is nothing when
most columns are missing there too (a row that was lost as a whole, a logger that was down),
nor when the target is also missing in many other rows.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import KNOWN, Case, in_percent

_FEWEST_ROWS = 20
_LEAST_INSIDE = 0.98
_LEAST_OF_TARGET = 0.7
_MOST_COLUMNS = 0.5
_TIMES, _LEAST_TOLD = 2.0, 0.15


def find_recorded_together(case: Case) -> list[Leak]:
    """Return the columns that are missing when, and only when, the target is."""
    unanswered = ~case.answered
    if unanswered.sum() < _FEWEST_ROWS or not case.answered.any():
        return []
    missing = {name: _missing(case.training[name]) for name in case.names}
    together = [name for name in case.names if _go_together(missing[name], unanswered)]
    lost = [name for name in case.names if missing[name][unanswered].mean() > _LEAST_OF_TARGET]
    if len(lost) > _MOST_COLUMNS * len(case.sample.names):
        return []
    is_proof = bool(together) and _tell_much(case, together)
    return [
        Leak(
            columns=(name,),
            verdict="certain" if is_proof else "suspicious",
            evidence=_sentence(name, missing[name], unanswered) + ("" if is_proof else f" {KNOWN}"),
        )
        for name in together
    ]


def _tell_much(case: Case, names: list[str]) -> bool:
    leaks = set(case.sample.names) - set(case.names)
    known = min(1.0, case.rest.without(leaks).unexplained)
    without = min(1.0, case.rest.without(leaks | set(names)).unexplained)
    return without >= _TIMES * known and without - known >= _LEAST_TOLD


def _go_together(missing: NDArray[np.bool_], unanswered: NDArray[np.bool_]) -> bool:
    both, alone = int((missing & unanswered).sum()), int(missing.sum())
    chance = unanswered.mean()
    return (
        both >= _FEWEST_ROWS
        and both >= _LEAST_INSIDE * alone
        and both >= _LEAST_OF_TARGET * unanswered.sum()
        and both >= 2 * chance * alone
    )


def _missing(series: pl.Series) -> NDArray[np.bool_]:
    return series.is_null().to_numpy()


def _sentence(name: str, missing: NDArray[np.bool_], unanswered: NDArray[np.bool_]) -> str:
    both = int((missing & unanswered).sum())
    return (
        f"{name} is recorded together with the outcome: of the {int(missing.sum()):,} rows without "
        f"it {in_percent(both / missing.sum())} have no target either, and of the "
        f"{int(unanswered.sum()):,} rows without a target {in_percent(both / unanswered.sum())} "
        f"lack it."
    )
