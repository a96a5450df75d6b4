"""The files beside the view: a table with rows, what replays rows, and a page that explains."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from modelwright.data.records import MISSING_DATETIME, RecordReader
from modelwright.data.schema import Column, Kind
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.rendering import render
from modelwright.predictor.emitters.rows_file import rows_file
from modelwright.predictor.emitters.sql.dialect import Dialect, Typed, typed
from modelwright.predictor.emitters.sql.query import Query
from modelwright.predictor.emitters.sql.sheet import KEY
from modelwright.predictor.labels import label_text

_EXAMPLES = 3
_NOTES: Mapping[Typed, str] = {
    "number": "a number",
    "flag": "yes or no",
    "text": "a category",
    "moment": "a moment, in UTC",
}
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - columns hold moments without a zone
_LETTERS: Mapping[Typed, str] = {"number": "n", "flag": "n", "text": "s", "moment": "d"}


def files_of(bundle: Bundle, dialect: Dialect, query: Query, tolerance: float) -> dict[str, bytes]:
    """Return all files of the form.

    Parameters
    ----------
    bundle
        What is written.
    dialect
        Of the database.
    query
        The bundle's program in it.
    tolerance
        How far a value may be from the interpreter's.
    """
    facts = _facts(bundle, dialect, query, tolerance)
    filters = {"python": repr}
    written = {
        name: render(f"sql/{name}", facts, filters)
        for name in ("model.sql", "example.sql", "replay.py", "README.md")
    }
    return {
        **{name: content.encode() for name, content in written.items()},
        "cases.rows": rows_file(bundle, [case.record for case in bundle.cases]),
    }


def _facts(bundle: Bundle, dialect: Dialect, query: Query, tolerance: float) -> dict[str, Any]:
    program = bundle.program
    kinds = [typed(column) for column, _ in query.columns]
    declared = [
        f"{dialect.names.quoted(name)} {dialect.types[kind]}"
        for kind, (_, name) in zip(kinds, query.columns, strict=True)
    ]
    return {
        "dialect": dialect.name,
        "title": dialect.title,
        "target": bundle.facts.target,
        "question": bundle.facts.question or f"Predict {bundle.facts.target}",
        "hash": bundle.hash or "not stored",
        "cases": len(bundle.cases),
        "key": KEY,
        "table": query.table,
        "view": query.view,
        "query": query.text,
        "size": f"{len(query.text.encode()) / 1e6:.1f} MB",
        "declared": declared,
        "columns": [
            (column, dialect.names.quoted(name), name, dialect.types[kind], _NOTES[kind])
            for kind, (column, name) in zip(kinds, query.columns, strict=True)
        ],
        "results": query.results,
        "shown": query.results[: 1 + program.task.n_outputs],
        "rows": [", ".join(row) for row in _examples(bundle, dialect, query)],
        "letters": "".join(_LETTERS[kind] for kind in kinds),
        "flags": [kind == "flag" for kind in kinds],
        "outputs": program.task.n_outputs,
        "classes": _classes(bundle),
        "tolerance": tolerance,
    }


def _classes(bundle: Bundle) -> list[Any]:
    """Return the classes as the view shows them."""
    classes = bundle.program.task.classes
    alike = len({type(label) for label in classes}) <= 1
    return [label if alike else label_text(label) for label in classes]


def _examples(bundle: Bundle, dialect: Dialect, query: Query) -> Iterator[list[str]]:
    records = [case.record for case in bundle.cases[:_EXAMPLES]]
    read = RecordReader(bundle.schema)(records)
    for place in range(len(records)):
        yield [
            str(place + 1),
            *(
                _literal(read[column.name].tolist()[place], column, dialect)
                for column, _ in query.columns
            ),
        ]


def _literal(value: Any, column: Column, dialect: Dialect) -> str:
    if value is None or value != value or value == MISSING_DATETIME:
        return "NULL"
    if column.kind == Kind.BOOLEAN:
        return "TRUE" if value else "FALSE"
    if column.value_type == "number":
        return dialect.number(value)
    if column.value_type == "datetime":
        return f"'{(_EPOCH + timedelta(microseconds=value)).isoformat(sep=' ')}'"
    return dialect.label(str(value).replace("\0", ""))
