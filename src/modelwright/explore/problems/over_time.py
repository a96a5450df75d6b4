"""A history that changed while the rows were recorded."""

from collections.abc import Iterator

from modelwright.documents import Risk
from modelwright.explore.drift import drifting_columns
from modelwright.explore.problems.base import SHOWN, Subject


def find_drift(subject: Subject) -> Iterator[Risk]:
    """Tell the columns that moved between the first and the last part of the time."""
    split, target = subject.plan.split, subject.plan.target
    if split.kind != "time":
        return
    names = tuple(column.name for column in subject.schema.features)
    moved = drifting_columns(subject.rows, (*names, target), by=split.column)
    if moved:
        shown = ", ".join(f"{name} ({distance:.2f})" for name, distance in moved[:SHOWN])
        yield Risk(
            name="drift",
            sentence=f"Between the first and the last fifth of the training time these moved "
            f"(Jensen-Shannon distance, 1 is disjoint): {shown}.",
            columns=tuple(name for name, _ in moved),
            severity="warning" if target in dict(moved) else "note",
        )
