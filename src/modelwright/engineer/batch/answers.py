"""Answers for a table in memory."""

import msgspec
import numpy as np
import polars as pl

from modelwright.data.conform import columns_of, conform
from modelwright.engineer.batch.cells import cells_of
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.compiled import CompiledProgram
from modelwright.predictor.labels import label_text
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program


def predict_table(
    bundle: Bundle, table: pl.DataFrame, *, coverage: float | None = None
) -> pl.DataFrame:
    """Return a table with its answers in further columns, or in place of those of the same names.

    ``prediction`` holds the label or the number; in classification ``probability_CLASS`` follows
    for each class, only the positive one's where there are two. With a coverage follow
    ``prediction_low`` and ``prediction_high``, the ends of the range that holds the truth so often;
    in classification ``prediction_set``, the list of classes among which the true one is. All are
    null in a row on which the model's graph fails.

    Parameters
    ----------
    bundle
        What answers.
    table
        Raw rows with the columns that the bundle reads.
    coverage
        How often ranges or sets shall hold the truth; None for neither.

    Raises
    ------
    BundleError
        When the bundle states no coverage, and one is asked for.
    InputError
        When the coverage is not offered, or a column is missing.
    """
    return table.with_columns(answer_columns(bundle, table, coverage=coverage))


def answer_columns(
    bundle: Bundle, table: pl.DataFrame, *, coverage: float | None = None
) -> list[pl.Series]:
    """Return the answers alone, as `predict_table` writes them."""
    program = bundle.program
    answers = _answers(bundle, conform(table, bundle.schema))
    failed = program.unanswered(answers)
    if not failed.any():
        return _columns(program, answers, coverage)
    columns = _columns(program, answers[~failed], coverage)
    places = pl.Series(np.where(failed, 0, np.cumsum(~failed) - 1)).set(pl.Series(failed), None)
    return [each.gather(places) for each in columns]


def _columns(program: Program, answers: Floats, coverage: float | None) -> list[pl.Series]:
    decided = pl.Series("prediction", program.decide(answers), strict=False)
    if program.task.is_classification:
        # A piece with one kind of label has the type that all of them have.
        decided = decided.cast(pl.Series(program.task.classes, strict=False).dtype)
    columns = [decided]
    if program.task.is_classification:
        first = 1 if program.task.kind == "binary" else 0
        columns += [
            pl.Series(f"probability_{label}", np.ascontiguousarray(answers[:, index]))
            for index, label in enumerate(program.task.classes)
            if index >= first
        ]
    if coverage is not None:
        columns += _covering(program, answers, coverage)
    return columns


def csv_bytes(table: pl.DataFrame, *, header: bool = True) -> bytes:
    """Return a table as CSV in UTF-8, its lists as JSON.

    Parameters
    ----------
    table
        The table.
    header
        Whether the names of the columns come first.

    Examples
    --------
    >>> csv_bytes(pl.DataFrame({"prediction_set": [[1, 2], [3]]})).split()
    [b'prediction_set', b'"[1,2]"', b'[3]']
    """
    return lists_as_json(table).write_csv(include_header=header).encode()


def _answers(bundle: Bundle, typed: pl.DataFrame) -> Floats:
    if isinstance(bundle.runner, CompiledProgram):
        return bundle.runner.run_cells(cells_of(typed, bundle.runner))
    return bundle.run(columns_of(typed, bundle.schema))


def lists_as_json(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table whose lists are texts.

    Examples
    --------
    >>> lists_as_json(pl.DataFrame({"prediction_set": [[1, 2]]})).item()
    '[1,2]'
    """
    return table.with_columns(
        pl.Series(column.name, [_json(each) for each in column], dtype=pl.String)
        for column in table
        if column.dtype == pl.List
    )


def _covering(program: Program, answers: Floats, coverage: float) -> list[pl.Series]:
    if program.task.is_classification:
        classes = list(program.task.classes)
        sets = [list(each) for each in program.sets(answers, coverage)]
        if len({type(label) for label in classes}) > 1:
            # A column has one type, so 1 and "one" side by side are written as texts.
            classes, sets = [""], [[label_text(label) for label in each] for each in sets]
        return [pl.Series("prediction_set", sets, dtype=pl.List(pl.Series(classes).dtype))]
    low, high = program.ranges(answers, coverage).T
    return [pl.Series("prediction_low", low), pl.Series("prediction_high", high)]


def _json(items: pl.Series | None) -> str | None:
    return None if items is None else msgspec.json.encode(items.to_list()).decode()
