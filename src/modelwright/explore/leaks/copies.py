"""One column alone gives the answer.

A single threshold, a bin or a level that predicts rows it was not learned from almost without a
mistake is a copy of the target, or the quantity from which the target was made. Strength alone
proves nothing, because honest columns may be strong: what is known before the outcome is known
from several sides, and the other columns come near it together. A copy stands alone: what all
weaker columns together leave open is many times what it leaves open. Where they come near, losing
the column costs little and keeping it costs nothing, so it stays. What it determines is no other
side: the levels of an outcome put together are known when the outcome is.

Two things lower the bar. A column whose levels are the classes, one for one, is another name of
the answer, as no property of a thing has a level for each of several kinds. And a number with few
values, such as a grade, is copied when a column tells which of them it is, though it cannot tell
equal ones apart.

What speaks for a column all the same (`doubts_about`) makes it suspicious.
"""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linear_sum_assignment

from modelwright.documents import Leak
from modelwright.explore.association import Strength, measure_column
from modelwright.explore.leaks.base import Case, in_percent
from modelwright.explore.leaks.determined import determined_by
from modelwright.explore.leaks.doubts import doubts_about

MOST_UNEXPLAINED = {"binary": 0.05, "multiclass": 0.05, "regression": 0.005}
_GAP, _GAP_OF_NAMES = 8.0, 2.0
_LEAST_ONE_FOR_ONE = 0.97
_FEWEST_NAMES, _MOST_NAMES = 3, 300
_LEAST_UNEXPLAINED_BY_REST = 0.02
_PERHAPS = 0.2
"""Of a number with few values: what a column leaves open that is worth a second look."""
_FEWEST_ROWS = 50
_FEWEST_OF_A_CLASS = 8


def find_copies(case: Case) -> list[Leak]:
    """Return the columns that determine the target while all weaker ones together do not."""
    found = copies_among(case, case.strengths)
    graded = case.by_class()
    if case.sample.task.is_classification or graded is None:
        return found
    near = [name for name in case.names if case.strengths[name].unexplained <= _PERHAPS]
    case = graded.found(found)
    strengths = {name: measure_column(case.sample, name) for name in near if name in case.names}
    return found + copies_among(case, strengths)


def copies_among(case: Case, strengths: Mapping[str, Strength]) -> list[Leak]:
    if not has_enough_rows(case):
        return []
    limit = MOST_UNEXPLAINED[case.sample.task.kind]
    near = [n for n in case.names if n in strengths and strengths[n].unexplained <= limit]
    if not near:
        return []
    rest = case.rest_without([*near, *determined_by(case, near)])
    doubts = doubts_about(case, near, strengths)
    return [
        Leak(
            columns=(name,),
            verdict="suspicious" if name in doubts else "certain",
            evidence=_sentence(case, name, strengths[name], rest) + doubts.get(name, ""),
        )
        for name in near
        if stands_apart(strengths[name].unexplained, rest) or _is_name(case, name, strengths, rest)
    ]


def _is_name(case: Case, name: str, strengths: Mapping[str, Strength], rest: Strength) -> bool:
    """Return whether the levels are the classes, one for one, and the others do not come near."""
    levels, labels = case.sample.codes[name], case.sample.answers.astype(np.int64)
    classes = len(case.sample.task.classes)
    if (
        not _FEWEST_NAMES
        <= classes
        <= int(levels.max()) + 1
        <= min(2 * len(np.unique(labels)), _MOST_NAMES)
    ):
        return False
    together = np.zeros((int(levels.max()) + 1, classes), dtype=np.int64)
    np.add.at(together, (levels, labels), 1)
    both = together[linear_sum_assignment(-together)].sum()
    return bool(
        both >= _LEAST_ONE_FOR_ONE * len(labels)
        and rest.unexplained >= _GAP_OF_NAMES * strengths[name].unexplained
    )


def stands_apart(unexplained: float, rest: Strength) -> bool:
    """Return whether the other columns leave open many times as much."""
    return rest.unexplained >= max(_GAP * unexplained, _LEAST_UNEXPLAINED_BY_REST)


def has_enough_rows(case: Case) -> bool:
    """Return whether a perfect match could not be chance, however many columns are tried."""
    sample = case.sample
    if len(sample) < _FEWEST_ROWS:
        return False
    if not sample.task.is_classification:
        return True
    shares = sorted(int((sample.labels == label).sum()) for label in range(sample.classes))
    return len(shares) > 1 and sum(shares[:-1]) >= _FEWEST_OF_A_CLASS


def what_is_told(strength: Strength, kind: str) -> str:
    """Say what a strength means for a kind of task.

    Examples
    --------
    >>> what_is_told(Strength(association=1.0, unexplained=0.0), "binary")
    'all of the mistakes'
    """
    share = min(1.0, max(0.0, 1 - strength.unexplained))
    of_what = "variance of the ranks" if kind == "regression" else "mistakes"
    return f"{'all' if share == 1 else in_percent(share)} of the {of_what}"


def _sentence(case: Case, name: str, alone: Strength, rest: Strength) -> str:
    kind = case.sample.task.kind
    verb = "explains" if kind == "regression" else "avoids"
    return (
        f"{name} alone {verb} {what_is_told(alone, kind)} on rows that it was not "
        f"fitted to; all weaker columns together {what_is_told(rest, kind)} "
        f"({case.sample.in_words()})."
    )
