"""One column alone gives the answer.

A single threshold, a bin or a level that predicts rows it was not learned from almost without a
mistake is a copy of the target, or the quantity from which the target was made. Strength alone
proves nothing, because honest columns may be strong: what is known before the outcome is known
from several sides, and the other columns come near it together. A copy stands alone: what all
weaker columns together leave open is many times what it leaves open. Where they come near, losing
the column costs little and keeping it costs nothing, so it stays.
"""

from modelwright.documents import Leak
from modelwright.explore.association import Strength
from modelwright.explore.leaks.base import Case, in_percent

_MOST_UNEXPLAINED = {"binary": 0.05, "multiclass": 0.05, "regression": 0.005}
_GAP = 8.0
_LEAST_UNEXPLAINED_BY_REST = 0.02
_FEWEST_ROWS = 50
_FEWEST_OF_A_CLASS = 8


def find_copies(case: Case) -> list[Leak]:
    """Return the columns that determine the target while all weaker ones together do not."""
    sample = case.sample
    if not has_enough_rows(case):
        return []
    limit = _MOST_UNEXPLAINED[sample.task.kind]
    near = [name for name in case.names if case.strengths[name].unexplained <= limit]
    if not near:
        return []
    rest = case.rest_without(near)
    return [
        Leak(columns=(name,), verdict="certain", evidence=_sentence(case, name, rest))
        for name in near
        if stands_apart(case.strengths[name].unexplained, rest)
    ]


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


def _sentence(case: Case, name: str, rest: Strength) -> str:
    kind = case.sample.task.kind
    verb = "explains" if kind == "regression" else "avoids"
    return (
        f"{name} alone {verb} {what_is_told(case.strengths[name], kind)} on rows that it was not "
        f"fitted to; all weaker columns together {what_is_told(rest, kind)} "
        f"({case.sample.in_words()})."
    )
