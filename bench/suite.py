"""A suite: the tables of a folder, with the question and the fixed split of each."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.conform import columns_of, conform
from modelwright.data.inference.infer import infer_schema
from modelwright.errors import BriefError, SourceError, nearest
from modelwright.learners.base import Rows as LearnerRows
from modelwright.tasks.metrics import Metric, metric_named
from modelwright.tasks.task import Task, TaskKind

TARGET = "__target__"
"""The column of codes or numbers in the training table of a contest."""

_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Contest:
    """One table of a suite, as the catalogue describes it.

    Parameters
    ----------
    name
        The name of its folder.
    table, split
        Parquet files with one row per row each; the split has a column ``is_test``.
    target
        The column asked for.
    positive
        In a binary task the label asked about, as text.
    dropped
        Columns that nobody may see: ids, certain leaks, the keys of a split by groups.
    cells
        Rows times columns.
    time
        The column by which rows are in order, if any.
    """

    name: str
    table: Path
    split: Path
    task: TaskKind
    target: str
    metric: str
    positive: str | None
    dropped: frozenset[str]
    cells: int
    time: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A contest laid out: what contestants learn from and answer, and the truth they never see.

    Parameters
    ----------
    train
        Features and `TARGET`, by which classes are codes 0, 1, … (the positive class is 1).
    test
        Features.
    truth
        (rows of the test,) codes or numbers.
    """

    train: pl.DataFrame
    test: pl.DataFrame
    truth: NDArray[Any]
    task: Task
    metric: Metric


def read_suite(folder: Path, *, suite: str) -> tuple[Contest, ...]:
    """Read ``catalog.json`` of a folder and return the contests that suit, in its order.

    Parameters
    ----------
    folder
        Holds ``catalog.json`` and ``NAME/TABLE.parquet``, ``NAME/split.parquet`` for each set.
    suite
        A name under ``suites`` of the catalogue; a catalogue without any has one suite: all sets.

    Raises
    ------
    SourceError
        The folder has no such catalogue.
    BriefError
        There is no such suite, or none of its sets is a classification or a regression.
    """
    catalogue = _catalogue(folder)
    suites = catalogue.get("suites")
    if suites and suite not in suites:
        raise BriefError(f"There is no suite {suite!r}.", nearest(suite, suites))
    chosen = None if not suites else frozenset(suites[suite])
    contests = tuple(
        _contest(folder, entry)
        for entry in catalogue["datasets"]
        if (chosen is None or entry["name"] in chosen) and entry["task"] in get_args(TaskKind)
    )
    if not contests:
        raise BriefError(f"The suite {suite!r} has no classification and no regression.")
    return contests


def contests_named(contests: Sequence[Contest], names: Sequence[str]) -> tuple[Contest, ...]:
    """Return the contests of these names; all of them where no name is given.

    Raises
    ------
    BriefError
        There is no such contest.
    """
    known = {contest.name: contest for contest in contests}
    for name in names:
        if name not in known:
            raise BriefError(f"There is no set {name!r} in the suite.", nearest(name, known))
    return tuple(contest for contest in contests if not names or contest.name in names)


def smallest(contests: Sequence[Contest]) -> tuple[Contest, ...]:
    """Return the classification and the regression with the fewest cells."""
    by_size = sorted(contests, key=lambda contest: (contest.cells, contest.name))
    first = {contest.task == "regression": contest for contest in reversed(by_size)}
    return tuple(first.values())


def lay_out(contest: Contest, *, rows: int | None, seed: int) -> Rows:
    """Read the table of a contest and part it by its fixed split.

    Parameters
    ----------
    rows
        At most so many training rows, drawn at random; None for all.
    seed
        Of the draw.

    Raises
    ------
    SourceError
        Table and split differ in length, or a column is missing.
    """
    table = features_and_target(contest)
    is_test = pl.read_parquet(contest.split)["is_test"].cast(pl.Boolean)
    if len(is_test) != len(table):
        raise SourceError(
            f"{contest.split} has {len(is_test)} rows, its table {len(table)}.",
            "Write one row of the split for each row of the table.",
        )
    table, task = with_codes(table, contest)
    known = table[TARGET].is_not_null()
    train, test = table.filter(known & ~is_test), table.filter(known & is_test)
    if rows is not None and len(train) > rows:
        train = train.sample(rows, seed=seed)
    return Rows(
        train=train,
        test=test.drop(TARGET),
        truth=test[TARGET].to_numpy(),
        task=task,
        metric=metric_named(contest.metric, task),
    )


def learning_rows(contest: Contest, *, rows: int) -> tuple[LearnerRows, Metric]:
    """Return the rows that contestants learn from as a learner reads them, and the metric.

    Parameters
    ----------
    contest
        One table of a suite.
    rows
        At most so many, drawn at random.
    """
    laid_out = lay_out(contest, rows=rows, seed=0)
    frame = laid_out.train.drop(TARGET)
    schema = infer_schema(frame)
    schema = schema.select(tuple(column.name for column in schema.features))
    columns = columns_of(conform(frame, schema), schema)
    target = laid_out.train[TARGET].to_numpy()
    return LearnerRows(schema, columns, target, laid_out.task), laid_out.metric


def fingerprint(contest: Contest) -> str:
    """Return a hash of all that decides the rows of a contest."""
    told = f"{contest.task} {contest.target} {contest.metric} {contest.positive}"
    digest = hashlib.sha256(f"{told} {sorted(contest.dropped)}".encode())
    for path in (contest.table, contest.split):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _catalogue(folder: Path) -> dict[str, Any]:
    path = folder / "catalog.json"
    try:
        catalogue: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(
            f"{path} cannot be read: {error}.",
            "Give a folder with catalog.json and one folder for each set.",
        ) from error
    return catalogue


def _contest(folder: Path, entry: dict[str, Any]) -> Contest:
    name = entry["name"]
    return Contest(
        name=name,
        table=folder / name / f"{entry.get('main_table', name)}.parquet",
        split=folder / name / "split.parquet",
        task=entry["task"],
        target=entry["target"],
        metric=entry["metric"],
        positive=entry.get("positive"),
        dropped=_dropped(entry),
        cells=entry["rows"] * entry["columns"],
        time=entry.get("time_column"),
    )


def _dropped(entry: dict[str, Any]) -> frozenset[str]:
    # A leak that is merely suspicious may be kept: contestants judge it themselves.
    certain: tuple[Literal["group"] | None, ...] = (None, "group")
    leaks = [leak["column"] for leak in entry.get("leaks", ()) if leak.get("kind") in certain]
    by_group = entry.get("split", {}).get("type") == "group" and entry.get("group_column")
    must = entry.get("expected", {}).get("must_drop", ())
    keys = [entry["group_column"]] if by_group else []
    return frozenset((*entry.get("id_columns", ()), *leaks, *must, *keys)) - {entry["target"]}


def features_and_target(contest: Contest) -> pl.DataFrame:
    """Return the table of a contest without what nobody may see; the answer is `TARGET`."""
    table = pl.read_parquet(contest.table)
    if contest.target not in table.columns:
        raise SourceError(
            f"{contest.table} has no column {contest.target!r}.",
            nearest(contest.target, table.columns),
        )
    return table.drop(*contest.dropped & set(table.columns)).rename({contest.target: TARGET})


def with_codes(table: pl.DataFrame, contest: Contest) -> tuple[pl.DataFrame, Task]:
    """Return a table whose answers are codes of classes, or numbers, and the task."""
    task = _task(contest, table[TARGET].drop_nulls())
    return table.with_columns(_codes(table[TARGET], task)), task


def _task(contest: Contest, target: pl.Series) -> Task:
    if contest.task == "regression":
        return Task(kind="regression")
    labels = sorted(_as_text(target).unique())
    if contest.positive is not None:
        if contest.positive not in labels:
            raise SourceError(
                f"{contest.table}: no row has the positive class {contest.positive!r}.",
                f"Its classes are {', '.join(labels[:_SHOWN])}.",
            )
        labels.sort(key=lambda label: label == contest.positive)
    return Task(kind=contest.task, classes=tuple(labels))


def _codes(target: pl.Series, task: Task) -> pl.Series:
    if not task.is_classification:
        return target.cast(pl.Float64).fill_nan(None)
    codes = {label: np.int64(code) for code, label in enumerate(task.classes)}
    return _as_text(target).replace_strict(codes, default=None, return_dtype=pl.Int64)


def _as_text(target: pl.Series) -> pl.Series:
    if target.dtype == pl.Boolean:
        return pl.Series(target.name, [None if v is None else str(v) for v in target], pl.String)
    return target.cast(pl.String)
