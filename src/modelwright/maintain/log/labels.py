"""Labels that arrive later: a table of ids and what turned out to be true."""

from collections.abc import Iterable, Sequence

import polars as pl

from modelwright.data.prepare import amounts_of
from modelwright.data.values.series import as_text, series_of
from modelwright.errors import SchemaError
from modelwright.maintain.log.foreign_columns import moments_of
from modelwright.tasks.targets import decode, encode_target
from modelwright.tasks.task import Task
from modelwright.workspace.ledger.labels import GivenLabel
from modelwright.workspace.ledger.ledger import LabelCount, Ledger, Truth

_DAY = 24 * 3600 * 1_000_000
"""In microseconds."""


def join_labels(
    ledger: Ledger,
    table: pl.DataFrame,
    *,
    id_column: str,
    target: str,
    task: Task,
    at: int,
    time_column: str = "",
    unit: str = "",
) -> LabelCount:
    """Write labels beside the predictions that they belong to.

    A row without an answer yet is passed over. Of two rows with one id the one with the latest time
    of its own counts, of two without such a time the last.

    Parameters
    ----------
    ledger
        The log of the server.
    table
        One row per label.
    id_column
        The column with the ids that the server gave.
    target
        The column with what turned out to be true.
    task
        Knows the classes; a label is kept as the task writes it.
    at
        When the labels became known, in microseconds since 1970 in UTC.
    time_column
        The column that says so of each; empty where none does. A row without a time has `at`.
    unit
        What stands beside numbers that are texts, as `Facts.target_unit`.

    Raises
    ------
    SchemaError
        When a column is missing, a label has no id, or it became known later than `at` by more
        than a day, which clocks of other zones are ahead.
    TargetError
        When a label is none of the task's.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> task = Task(kind="binary", classes=("no", "yes"))
    >>> table = pl.DataFrame({"id": ["a", "b"], "late": ["yes", None]})
    >>> with TemporaryDirectory() as folder, Ledger.open(Path(folder, "ledger.db")) as ledger:
    ...     join_labels(
    ...         ledger, table, id_column="id", target="late", task=task, at=0
    ...     )
    LabelCount(matched=0, corrected=0, unknown=1, outdated=0)
    """
    known = _known(
        as_text(series_of(table, id_column)),
        truths_of(series_of(table, target), task, unit),
        moments_of(table, time_column, "time") if time_column else [None] * len(table),
    )
    _refuse_the_nameless(known, id_column)
    times = [row[2] for row in known if len(row) == 3]
    refuse_the_future(times, at, what="labels became known", column=time_column)
    return ledger.label(known, at)


def truths_of(target: pl.Series, task: Task, unit: str = "") -> list[Truth]:
    """Return labels as the task writes them; None where there is none yet.

    Raises
    ------
    TargetError
        When one is none of the task's.
    """
    if not task.is_classification:
        codes = encode_target(amounts_of(target, unit), task)
        return [float(value) if value == value else None for value in codes]
    codes = encode_target(target, task)
    return [decode([code], task)[0] if code >= 0 else None for code in codes]


def refuse_the_future(times: Sequence[int], at: int, *, what: str, column: str) -> None:
    """Refuse what is said to have happened later than now by more than a day.

    Parameters
    ----------
    times
        When it did, in microseconds since 1970 in UTC.
    at
        Now, likewise.
    what
        Happened, such as "labels became known".
    column
        That says when.

    Raises
    ------
    SchemaError
        When one did. Clocks of other zones are a day ahead at most.

    Examples
    --------
    >>> refuse_the_future([3_600_000_000], 0, what="labels became known", column="known")
    """
    late = [time for time in times if time > at + _DAY]
    if late:
        raise SchemaError(
            f"{len(late):,} of {len(times):,} {what} in the future, says the column "
            f"{column!r}: {(min(late) - at) // _DAY:,} days from now and later.",
            "It should say when that was: as a moment, or as seconds, milliseconds or microseconds "
            "since 1970.",
        )


def _known(
    ids: Iterable[str], truths: Iterable[Truth], times: Iterable[int | None]
) -> list[GivenLabel]:
    """Return the labels that have come, each with its id and with its time where it has one."""
    return [
        (name, truth) if time is None else (name, truth, time)
        for name, truth, time in zip(ids, truths, times, strict=True)
        if truth is not None
    ]


def _refuse_the_nameless(known: Sequence[GivenLabel], id_column: str) -> None:
    if nameless := sum(not name for name, *_ in known):
        raise SchemaError(
            f"{nameless:,} of {len(known):,} labels have no id in the column {id_column!r}.",
            "Give each the id that the server answered with.",
        )
