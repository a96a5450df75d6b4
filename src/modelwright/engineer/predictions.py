"""Answers for whole tables."""

import io
from pathlib import Path

import numpy as np
import polars as pl

from modelwright.data.conform import columns_of, conform
from modelwright.errors import InputError
from modelwright.predictor.bundle import Bundle
from modelwright.workspace.draft import write_file


def predict_table(bundle: Bundle, table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with its answers in further columns.

    ``prediction`` holds the label or the number; in classification ``probability_CLASS`` follows
    for each class, only the positive one's where there are two.
    """
    program = bundle.program
    answers = program.run(columns_of(conform(table, bundle.schema), bundle.schema))
    columns = [pl.Series("prediction", program.decide(answers), strict=False)]
    if program.task.is_classification:
        first = 1 if program.task.kind == "binary" else 0
        columns += [
            pl.Series(f"probability_{label}", np.ascontiguousarray(answers[:, index]))
            for index, label in enumerate(program.task.classes)
            if index >= first
        ]
    return table.with_columns(columns)


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Write a table as CSV or Parquet, whole or not at all.

    Raises
    ------
    InputError
        When the file name ends otherwise.
    WorkspaceError
        When the disk is full or the folder cannot be written.
    """
    check_name(path)
    whole = io.BytesIO()
    if path.suffix.lower() == ".csv":
        table.write_csv(whole)
    else:
        table.write_parquet(whole)
    write_file(path, whole.getvalue())


def check_name(path: Path) -> None:
    """Raise when a file name does not say CSV or Parquet.

    Raises
    ------
    InputError
        With what it ends in.
    """
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise InputError(
            f"Expected a .csv or .parquet file, found {path.suffix or path.name!r}.",
            "Rename the output.",
        )
