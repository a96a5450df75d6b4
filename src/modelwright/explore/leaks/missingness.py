"""A column is filled, or missing, for one class only.

A life-boat number exists for those who were saved, a date of cancellation for those who left. A
column's being filled is proof when it separates the classes in both directions far better than all
other columns do, or when it is filled in many rows of one class and in none of another although
the other columns would expect many. It is no proof when the rows are few or the other columns
predict the same rows as well: then the subgroup is one-sided, not the record. An amount that is
zero instead of missing (what was spent with a card that was refused) separates them likewise, and
so does one that is -1 or 999 instead. One of several classes may be a kind of thing that alone has
an amount or a gap: it is proof where this is the class in both directions and the other columns
together hardly tell it, as kinds of things differ in much, and else asked about.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.association import measure, out_of_fold
from modelwright.explore.leaks.base import KNOWN, Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows
from modelwright.explore.leaks.levels import open_without

_MOST_UNEXPLAINED = 0.15
_GAP = 3.0
_FEWEST_EXPECTED = 12.0
_MOST_EXCEPTIONS = 0.005
_FEWEST_AMOUNTS = 10
"""Different ones beside zero: fewer are a code, and zero a level of it."""
_AN_AMOUNT = "is other than "
_LEAST_RESTING = 0.2
"""Of the rows, that have the end of a number for want of one."""
_HARDLY_TOLD = 0.5
"""Of the mistakes in telling a class from all others: left open by the other columns."""


def find_telling_missingness(case: Case) -> list[Leak]:
    """Return the columns whose being filled tells the class, or which of few numbers it is."""
    classed = case.by_class()
    if classed is None or not has_enough_rows(classed):
        return []
    return _telling(classed)


def _telling(case: Case) -> list[Leak]:
    patterns, amounts = _patterns(case), _amounts(case)
    found = _two_sided(case, [*patterns, *amounts])
    gone = {name for leak in found for name in leak.columns}
    left = [each for each in _sides(patterns, amounts) if each.name not in gone]
    return found + _one_sided(case.found(found), left)


@dataclass(frozen=True)
class _Pattern:
    """Rows of the sample in which a column is filled, or is what is said."""

    name: str
    filled: NDArray[np.bool_]
    said: str = "is filled"


def _patterns(case: Case) -> list[_Pattern]:
    frame = case.sample.frame
    return [
        _Pattern(name, frame[name].is_not_null().to_numpy())
        for name in case.names
        if 0 < frame[name].null_count() < frame.height
    ]


def _amounts(case: Case) -> list[_Pattern]:
    """Return where amounts are other than zero, or than what stands for none."""
    found = []
    for name, values in case.sample.numbers.items():
        none = _resting(values)
        other = ~np.isnan(values) & (values != none)
        if name in case.names and len(np.unique(values[other])) >= _FEWEST_AMOUNTS:
            found.append(_Pattern(name, other, f"{_AN_AMOUNT}{none:g}"))
    return [each for each in found if not each.filled.all()]


def _resting(values: NDArray[np.float64]) -> float:
    """Return zero, or the end that many rows have where none has zero; NaN where there is none."""
    known = values[~np.isnan(values)]
    if not len(known) or (known == 0).any():
        return 0.0
    share, end = max((float(np.mean(known == end)), end) for end in (known.min(), known.max()))
    return float(end) if share >= _LEAST_RESTING else float("nan")


def _two_sided(case: Case, patterns: list[_Pattern]) -> list[Leak]:
    near: dict[str, tuple[float, str]] = {}
    for pattern in patterns:
        codes = pattern.filled.astype(np.int64)
        unexplained = measure(case.sample, out_of_fold(case.sample, codes)).unexplained
        if unexplained <= _MOST_UNEXPLAINED:
            near.setdefault(pattern.name, (unexplained, pattern.said))
    if not near:
        return []
    # Other strong columns stay: one of them may be the cause of the answer and of this gap.
    rest = case.rest_without(near)
    return [
        Leak(
            columns=(name,),
            verdict="certain",
            evidence=f"Whether {name} {said} alone avoids {in_percent(1 - unexplained)} of the "
            f"mistakes; all weaker columns together "
            f"{in_percent(max(0.0, 1 - rest.unexplained))} ({case.sample.in_words()}).",
        )
        for name, (unexplained, said) in near.items()
        if rest.unexplained >= _GAP * unexplained
    ]


def _sides(patterns: list[_Pattern], amounts: list[_Pattern]) -> Iterator[_Pattern]:
    """Yield the rows in which a column is filled, missing, or other than zero."""
    for each in patterns:
        yield each
        yield _Pattern(each.name, ~each.filled, "is missing")
    yield from amounts


def _one_sided(case: Case, patterns: list[_Pattern]) -> list[Leak]:
    pure = [
        (pattern, answer)
        for pattern in patterns
        if (answer := _only_answer(case, pattern.filled)) is not None
    ]
    if not pure:
        return []
    gone = case.left_out({pattern.name for pattern, _ in pure})
    return [leak for pattern, answer in pure if (leak := _judge(case, pattern, answer, gone))]


def _only_answer(case: Case, rows: NDArray[np.bool_]) -> int | None:
    """Return the class that (nearly) all of these rows have, if there is one."""
    counts = np.bincount(case.sample.answers[rows].astype(np.int64))
    if not len(counts):
        return None
    answer, pure = int(counts.argmax()), counts.max() / counts.sum()
    is_class = case.sample.task.kind == "multiclass" and (
        _open(rows, case.sample.answers == answer) <= _MOST_UNEXPLAINED
    )
    return answer if is_class or pure >= 1 - _MOST_EXCEPTIONS else None


def _open(rows: NDArray[np.bool_], of_class: NDArray[np.bool_]) -> float:
    """Return the mistakes of taking rows for one class, by those of saying the commoner side."""
    share = float(of_class.mean())
    return float(np.mean(rows != of_class)) / max(min(share, 1 - share), 1e-12)


def _judge(case: Case, pattern: _Pattern, answer: int, gone: Collection[str]) -> Leak | None:
    rows, expected = pattern.filled, case.rest.predictions(gone)
    used = rows[: len(expected)]
    if not used.any():
        return None
    of_class = case.sample.answers == answer
    # The rarest of very many classes share a label, which is expected more often than each.
    label = case.sample.labels[of_class][0]
    others = float(np.mean(1 - expected[used, label])) * int(rows.sum())
    exceptions = int((rows & ~of_class).sum())
    if others < _FEWEST_EXPECTED + exceptions:
        return None
    is_asked = pattern.said.startswith(_AN_AMOUNT) or exceptions > int(
        _MOST_EXCEPTIONS * rows.sum()
    )
    if is_asked and _open(rows, of_class) <= _MOST_UNEXPLAINED:
        is_asked = open_without(case, gone, int(label)) < _HARDLY_TOLD
    return Leak(
        columns=(pattern.name,),
        verdict="suspicious" if is_asked else "certain",
        evidence=f"Where {pattern.name} {pattern.said} ({int(rows.sum()):,} rows) the answer is "
        f"{case.sample.task.classes[answer]!r} with {exceptions} exceptions; the other columns "
        f"expect {others:.0f} ({case.sample.in_words()}).{f' {KNOWN}' * is_asked}",
    )
