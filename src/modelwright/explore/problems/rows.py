"""Rows that repeat, lack an answer, or are few."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from modelwright.documents import Risk
from modelwright.explore.problems.base import Subject
from modelwright.tasks.targets import encode_target

_MANY_COPIES = 0.01
_FEW_ROWS = 500
_VERY_FEW_ROWS = 100
_RARE = 0.05
_VERY_RARE = 0.01


def count_copies(training: pl.DataFrame) -> int:
    """Return how many rows repeat an earlier row exactly.

    Examples
    --------
    >>> count_copies(pl.DataFrame({"a": [1, 1, 2], "b": ["x", "x", "x"]}))
    1
    """
    return training.height - training.hash_rows(seed=0).n_unique() if training.width else 0


def find_copies(subject: Subject) -> Iterator[Risk]:
    """Tell rows that repeat an earlier one exactly, and how many of them would cross the split."""
    training, split = subject.training, subject.plan.split
    copies = count_copies(training)
    if not copies:
        return
    twins = int(training.hash_rows(seed=0).is_duplicated().sum()) / training.height
    apart = split.kind in ("time", "group")
    crossing = (
        f"the split by {split.kind} keeps most of them on one side"
        if apart
        else f"about {twins:.1%} of the holdout has a twin in training, which flatters its score"
    )
    yield Risk(
        name="duplicate rows",
        sentence=f"{copies:,} of {training.height:,} rows repeat an earlier row exactly; "
        f"{crossing}.",
        severity="warning" if twins >= _MANY_COPIES and not apart else "note",
    )


def find_unanswered(subject: Subject) -> Iterator[Risk]:
    """Tell how many rows have no answer."""
    known = subject.known
    missing = int((~known).sum())
    if missing:
        yield Risk(
            name="missing target",
            sentence=f"{missing:,} of {len(known):,} rows have no target and are not learned from.",
            severity="warning" if missing > len(known) / 5 else "note",
        )


def find_rare_classes(subject: Subject) -> Iterator[Risk]:
    """Tell the class of fewest rows where they are few."""
    task, rows = subject.plan.task, subject.rows
    if not task.is_classification or rows.is_empty():
        return
    counts = np.bincount(encode_target(rows[subject.plan.target], task), minlength=task.n_outputs)
    share = float(counts.min() / len(rows))
    if share < _RARE:
        rarest = task.classes[int(counts.argmin())]
        yield Risk(
            name="rare class",
            sentence=f"{rarest!r} is the answer of {int(counts.min()):,} rows only ({share:.2%}).",
            severity="warning" if share < _VERY_RARE else "note",
        )


def find_few_rows(subject: Subject) -> Iterator[Risk]:
    """Tell that there are too few rows for sure answers."""
    rows = len(subject.rows)
    if rows < _FEW_ROWS:
        yield Risk(
            name="few rows",
            sentence=f"There are {rows:,} training rows with an answer; expect wide intervals.",
            severity="serious" if rows < _VERY_FEW_ROWS else "warning",
        )
