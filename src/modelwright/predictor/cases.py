"""Recorded cases: rows with the answers that every host of the bundle must give."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import isinf
from typing import Any

import msgspec
import numpy as np

from modelwright.data.records import RecordReader
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.moments import text_of
from modelwright.predictor.bundle import Case
from modelwright.predictor.program import Program

Record = Mapping[str, Any]

_UNKNOWN_LEVEL = "\u2205 never seen \U0001f6f8"
"""Beyond ASCII and beyond the first 65,536 characters, which some hosts mistreat."""
_LARGE = 1e300
_MOST_SINGLE_EDGES = 60
"""A table of two thousand columns needs no case for each."""
_FAR_MOMENTS = ("0001-01-01T00:00:00", "9999-12-31T23:59:59.999999")


def recorded_cases(program: Program, records: Sequence[Record], schema: Schema) -> tuple[Case, ...]:
    """Answer rows, and rows made by hand at the edges, and record what was answered.

    Parameters
    ----------
    program
        The model.
    records
        Rows, one value per column; they are recorded as clients write them: moments in their
        column's format, else in ISO 8601; infinity as the text ``Infinity``, for JSON has no number
        of it; what is no number as null. A feature that a row lacks is missing.
    schema
        The features.

    Returns
    -------
    tuple of Case
        Without those that have no finite answer: a server refuses such rows.

    Raises
    ------
    SchemaError
        When a row holds a value of the wrong type.

    Examples
    --------
    >>> from modelwright.predictor.operations.linear import Constant
    >>> from modelwright.predictor.program import Input
    >>> from modelwright.tasks.task import Task
    >>> program = Program(
    ...     task=Task(kind="regression"),
    ...     inputs=(Input(name="age", type="number"),),
    ...     steps=(Constant(inputs=("column:age",), output="same", answer=np.array([7.0])),),
    ...     answer="same",
    ... )
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> [(case.name, case.expected) for case in recorded_cases(program, [{"age": 3}], schema)][:2]
    [('row 1', (7.0,)), ('all missing', (7.0,))]
    """
    sent = as_sent(records, schema)
    named = [(f"row {number}", row) for number, row in enumerate(sent, 1)]
    named += _edge_records(named[0][1] if named else {}, schema)
    answers = program.run(RecordReader(schema)([record for _, record in named]))
    return tuple(
        Case(name=name, record=record, expected=tuple(answer.tolist()))
        for (name, record), answer in zip(named, answers, strict=True)
        if np.isfinite(answer).all()
    )


def as_sent(records: Sequence[Record], schema: Schema) -> list[dict[str, Any]]:
    """Return rows as clients send them, in JSON: the features alone.

    Parameters
    ----------
    records
        Rows of a table; moments may be datetimes.
    schema
        The features.
    """
    written = [_features(row, schema) for row in records]
    return msgspec.json.decode(msgspec.json.encode(written), type=list[dict[str, Any]])


def _features(row: Record, schema: Schema) -> dict[str, Any]:
    return {
        column.name: _as_written(row.get(column.name, row.get(column.cell)), column)
        for column in schema.features
    }


def _as_written(value: Any, column: Column) -> Any:
    if column.datetime_format and isinstance(value, datetime):
        return text_of(value, column.datetime_format)
    if isinstance(value, float) and isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def _edge_records(typical: Record, schema: Schema) -> list[tuple[str, dict[str, Any]]]:
    """Return rows that are all at an edge, and a typical row with one column at an edge."""
    features = schema.features
    edges = [(column, value) for column in features for value in _edge_values(column)]
    return [
        ("all missing", dict.fromkeys((column.name for column in features), None)),
        ("no field", {}),
        ("all extreme", {column.name: value for column, value in edges}),
        *(
            (f"{column.name} = {value!r:.40}", {**typical, column.name: value})
            for column, value in edges[:_MOST_SINGLE_EDGES]
        ),
    ]


def _edge_values(column: Column) -> Iterator[Any]:
    match column.value_type:
        case "datetime":
            # Only ISO 8601 can be written here without knowing what else the format has.
            yield from () if column.datetime_format else _FAR_MOMENTS
        case "number":
            yield from (True, False) if column.kind == Kind.BOOLEAN else (-_LARGE, _LARGE, 0)
        case "string":
            yield from (_UNKNOWN_LEVEL, "x" * 1000)
