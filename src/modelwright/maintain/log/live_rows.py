"""Live rows: what was asked, what the program answers, and what turned out to be true."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.conform import columns_of, conform
from modelwright.data.prepare import amounts_of
from modelwright.data.records import MISSING_DATETIME, Columns, RecordReader
from modelwright.data.schema import Column, Schema
from modelwright.data.values.several import split_cells
from modelwright.errors import SchemaError
from modelwright.maintain.log.window import Window
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import require_model
from modelwright.predictor.labels import label_text
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.program import Program
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task
from modelwright.workspace.ledger.ledger import Ledger, LoggedPrediction

_PAGE = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class LiveRows:
    """Rows that a model met after its release; made by `read_live_rows` and `live_rows_of`.

    Parameters
    ----------
    table
        What came in, for the contract.
    columns
        The features, typed as the program reads them.
    answers : ndarray of shape (rows, outputs)
        What the program answers.
    truth : ndarray of shape (rows,)
        Indices of classes with -1 for an unknown one, or numbers with NaN.
    times : ndarray of shape (rows,), optional
        When, in microseconds since 1970 in UTC: by the column of the moment of prediction where
        there is one, else by the server's clock; None when neither is known.
    ids
        Under which they were logged; None where they come from a table.
    arrived : ndarray of shape (rows,), optional
        When the server answered them, in microseconds since 1970 in UTC; None as for `ids`.
    """

    table: pl.DataFrame
    columns: Columns
    answers: Floats
    truth: NDArray[Any]
    times: NDArray[np.int64] | None
    ids: tuple[str, ...] | None = None
    arrived: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.answers)

    def part(self, start: int, stop: int) -> "LiveRows":
        """Return the rows from `start` on, before `stop`."""
        return LiveRows(
            table=self.table[start:stop],
            columns={name: values[start:stop] for name, values in self.columns.items()},
            answers=self.answers[start:stop],
            truth=self.truth[start:stop],
            times=None if self.times is None else self.times[start:stop],
            ids=None if self.ids is None else self.ids[start:stop],
            arrived=None if self.arrived is None else self.arrived[start:stop],
        )

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """Which rows have a label, (rows,)."""
        known = np.isfinite(self.truth) if self.truth.dtype.kind == "f" else self.truth >= 0
        return np.asarray(known)

    @property
    def known_truth(self) -> Floats:
        """What came true, a class or a number, (rows,); NaN where no label is known."""
        return np.where(self.labelled, self.truth, np.nan).astype(np.float64)

    @property
    def span(self) -> tuple[str, str]:
        """When the first and the last row came, ISO 8601 in UTC; empty when that is not known."""
        if self.times is None or not len(self.times):
            return "", ""
        return _moment_text(self.times.min()), _moment_text(self.times.max())


def read_live_rows(ledger: Ledger, bundle: Bundle, window: Window) -> LiveRows:
    """Read what a bundle answered in a window.

    The answers are computed again, to the same bits, so that they do not depend on how the server
    writes them.

    Parameters
    ----------
    ledger
        The server's log.
    bundle
        The bundle that answered; it has the window's version.
    window
        Which rows.

    Raises
    ------
    SchemaError
        When a logged row does not fit the bundle's schema.
    TargetError
        When a label is none of the task's.
    """
    since, until = window.bounds
    return _rows_of(ledger.read_window(since, until, version=window.version), bundle)


def read_labelled_rows(
    ledger: Ledger,
    bundle: Bundle,
    *,
    until: datetime,
    limit: int,
    versions: Sequence[str] = (),
) -> LiveRows:
    """Read the latest rows before a moment whose labels have come, however late.

    Parameters
    ----------
    ledger, bundle
        As for `read_live_rows`.
    until
        The moment, with its time zone.
    limit
        At most so many.
    versions
        Of the bundles that answered clients; by default the bundle alone. The answers are its own.
    """
    before = Window(until=until).bounds[1] or 0
    found = [
        row
        for version in versions or (bundle.hash,)
        for row in ledger.read_labelled(before, version=version, limit=limit)
    ]
    return _rows_of(sorted(found, key=lambda row: row.at)[-limit:], bundle)


def _rows_of(logged: Iterable[LoggedPrediction], bundle: Bundle) -> LiveRows:
    read = RecordReader(bundle.schema)
    names = frozenset(name for each in bundle.schema for name in (each.name, each.cell))
    numbers = frozenset(each.name for each in bundle.schema if each.value_type == "number")
    pages, times, labels = [read([])], list[int](), list[str | None]()
    ids, said = list[str](), list[Floats]()
    for page in _pages(_with_inputs(logged)):
        pages.append(_read_page([_known(row.inputs or {}, names) for row in page], read, numbers))
        times.extend(row.at for row in page)
        ids.extend(row.id for row in page)
        if bundle.facts.watched_only:
            said.extend(logged_answer(row.output, bundle.program.task) for row in page)
        labels.extend(None if row.label is None else label_text(row.label) for row in page)
    columns = {name: np.concatenate([page[name] for page in pages]) for name in pages[0]}
    target = pl.Series(bundle.facts.target, labels, dtype=pl.String)
    moments, arrived = _moments(columns, bundle.facts.moment), np.array(times, dtype=np.int64)
    return LiveRows(
        table=frame_of(columns, bundle.schema),
        columns=columns,
        answers=np.array(said) if said else _answer(bundle.program, columns),
        truth=encode_target(target, bundle.program.task),
        times=arrived if moments is None else moments,
        ids=tuple(ids),
        arrived=arrived,
    )


def live_rows_of(table: pl.DataFrame, bundle: Bundle) -> LiveRows:
    """Make live rows of a table, in its order.

    Parameters
    ----------
    table
        It has the bundle's features; with a column of the target's name it has labels too.
    bundle
        What would answer them.

    Raises
    ------
    SchemaError
        When a feature is missing.
    TargetError
        When a label is none of the task's.
    BundleError
        When the model is not here to answer them.
    """
    require_model(bundle)
    target, task = bundle.facts.target, bundle.program.task
    columns = columns_of(conform(table, bundle.schema), bundle.schema)
    unknown = pl.Series(target, [None] * len(table), dtype=pl.String)
    given = table[target] if target in table.columns else unknown
    if not task.is_classification:
        given = amounts_of(given, bundle.facts.target_unit)
    return LiveRows(
        table=split_cells(table, bundle.schema).select(bundle.schema.names),
        columns=columns,
        answers=_answer(bundle.program, columns),
        truth=encode_target(given, task),
        times=_moments(columns, bundle.facts.moment),
    )


def _read_page(
    rows: Sequence[Mapping[str, Any]], read: RecordReader, numbers: frozenset[str]
) -> Columns:
    try:
        return read(rows)
    except SchemaError:
        # Older servers took true for the number one, as whoever logged elsewhere still may.
        return read([_without_truths(row, numbers) for row in rows])


def _without_truths(row: Mapping[str, Any], numbers: frozenset[str]) -> Mapping[str, Any]:
    return {
        name: float(value) if name in numbers and isinstance(value, bool) else value
        for name, value in row.items()
    }


def _known(row: Mapping[str, Any], names: frozenset[str]) -> Mapping[str, Any]:
    """Leave what only another bundle reads, which was on trial beside this one."""
    if row.keys() <= names:
        return row
    return {name: value for name, value in row.items() if name in names}


def _with_inputs(logged: Iterable[LoggedPrediction]) -> Iterator[LoggedPrediction]:
    return (row for row in logged if row.inputs is not None)


def _pages(logged: Iterator[LoggedPrediction]) -> Iterator[list[LoggedPrediction]]:
    while page := list(islice(logged, _PAGE)):
        yield page


def logged_answer(output: Any, task: Task) -> Floats:
    """Return what was logged as a program would answer it: a class alone is certain.

    Examples
    --------
    >>> task = Task(kind="binary", classes=("no", "yes"))
    >>> logged_answer({"answer": "yes"}, task).tolist()
    [0.0, 1.0]
    >>> logged_answer({"answer": "yes", "probabilities": {"no": 0.2, "yes": 0.8}}, task).tolist()
    [0.2, 0.8]
    """
    if not task.is_classification:
        return np.array([output["answer"]], dtype=np.float64)
    if "probabilities" in output:
        shares = output["probabilities"]
        return np.array([shares[label_text(label)] for label in task.classes], dtype=np.float64)
    return np.array([label == output["answer"] for label in task.classes], dtype=np.float64)


def _answer(program: Program, columns: Columns) -> Floats:
    rows = len(next(iter(columns.values()), ()))
    # A row gets the same bits in a part as in the whole, and parts need little memory.
    parts = [
        program.run({name: values[start : start + _PAGE] for name, values in columns.items()})
        for start in range(0, rows, _PAGE)
    ]
    return np.concatenate([np.empty((0, program.task.n_outputs)), *parts])


def frame_of(columns: Columns, schema: Schema) -> pl.DataFrame:
    """Return columns as a table, in the types in which a program reads them."""
    return pl.DataFrame([_series(columns[column.name], column) for column in schema])


def _series(values: Value, column: Column) -> pl.Series:
    match column.value_type:
        case "number":
            return pl.Series(column.name, values, nan_to_null=True)
        case "datetime":
            moments = pl.Series(column.name, values)
            return moments.set(moments == MISSING_DATETIME, None).cast(pl.Datetime("us"))
        case "string":
            return pl.Series(column.name, values.tolist(), dtype=pl.String)


def _moments(columns: Columns, name: str) -> NDArray[np.int64] | None:
    moments = columns.get(name)
    if moments is None or moments.dtype != np.int64 or (moments == MISSING_DATETIME).any():
        return None
    return moments


def _moment_text(microseconds: np.int64) -> str:
    return (_EPOCH + timedelta(microseconds=int(microseconds))).isoformat()
