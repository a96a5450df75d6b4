"""The folder's own runtime answers recorded rows, from a table into a table, on this machine."""

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from modelwright.compute.process import python
from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.parts import BUNDLE, RUNTIME
from modelwright.deploy.targets.validators import not_named, verdict
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.operations.base import Floats

POSTGRESQL = "MODELWRIGHT_VALIDATION_POSTGRESQL"
"""Environment variable: the address of a database in which tables may be made for a moment."""

_KEY, _ROWS, _ANSWERS = "row_key", "modelwright_rows_to_check", "modelwright_answers_to_check"
_TIMEOUT_S = 120.0
_CLOSE = 1e-12
_SHOWN = 400


def answers_sqlite(folder: Path) -> Validation:
    """Recorded rows go through a SQLite file, a column for each field."""
    name = "its runtime answers recorded rows from a table of SQLite into another"
    bundle = read_bundle(folder / BUNDLE)
    if not bundle.cases:
        return Validation(name, True, "the bundle has no recorded rows")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "rows.db")
        with closing(sqlite3.connect(path)) as connection:
            try:
                _fill(connection, bundle, mark="?")
            except sqlite3.OperationalError as error:
                return _no_table(name, "SQLite", error)
        said = _run(folder, {"BATCH_SOURCE": str(path), "BATCH_TO": str(path)})
        if isinstance(said, str):
            return Validation(name, False, said)
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute(f"SELECT * FROM {_ANSWERS} ORDER BY {_KEY}").fetchall()
    return verdict(name, _faults(bundle, found), f"{len(found)} rows, as they were recorded")


def answers_postgresql(folder: Path) -> Validation:
    """Recorded rows go through tables of PostgreSQL."""
    name = "its runtime answers recorded rows from a table of PostgreSQL into another"
    address = os.environ.get(POSTGRESQL)
    if not address:
        return not_named(name, "PostgreSQL server", POSTGRESQL)
    from adbc_driver_postgresql import dbapi

    bundle = read_bundle(folder / BUNDLE)
    tables = (_ROWS, _ANSWERS, f"{_ANSWERS}_quarantine")
    with dbapi.connect(address) as connection, connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        try:
            _fill(cursor, bundle, mark="$")
        except dbapi.Error as error:
            return _no_table(name, "PostgreSQL", error)
        connection.commit()
        said = _run(folder, {"BATCH_SOURCE": address, "BATCH_TO": address})
        if isinstance(said, str):
            return Validation(name, False, said)
        cursor.execute(f"SELECT * FROM {_ANSWERS} ORDER BY {_KEY}")
        found = cursor.fetchall()
        connection.commit()
        for table in tables:
            cursor.execute(f"DROP TABLE {table}")
        connection.commit()
    return verdict(name, _faults(bundle, found), f"{len(found)} rows, as they were recorded")


def _no_table(name: str, database: str, error: Exception) -> Validation:
    """Say that the database tells these columns not apart, or takes fewer."""
    said = f"{database} makes no table of these columns ({str(error).strip()}), files have them"
    return Validation(name, None, f"not checked: {said}. Name one in {POSTGRESQL}")


def _fill(connection: Any, bundle: Bundle, *, mark: str) -> None:
    """Write the recorded rows as texts, as a table of an old system has them."""
    names = bundle.schema.names
    columns = ", ".join(
        [f"{_KEY} BIGINT PRIMARY KEY", *(f"{_quoted(name)} TEXT" for name in names)]
    )
    connection.execute(f"CREATE TABLE {_ROWS} ({columns})")
    marks = [mark if mark == "?" else f"{mark}{at + 1}" for at in range(len(names) + 1)]
    rows = [
        (number, *(_text(case.record.get(name)) for name in names))
        for number, case in enumerate(bundle.cases)
    ]
    connection.executemany(f"INSERT INTO {_ROWS} VALUES ({', '.join(marks)})", rows)
    if isinstance(connection, sqlite3.Connection):
        connection.commit()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _run(folder: Path, where: Mapping[str, str]) -> str | None:
    """Run the job in a fresh process that finds modelwright in the folder only."""
    asked = {"TABLE": _ROWS, "KEY": _KEY, "TO_TABLE": _ANSWERS, "CONTRACT": "ignore"}
    environment = {
        **os.environ,
        **where,
        **{f"BATCH_{name}": value for name, value in asked.items()},
        "PYTHONPATH": str((folder / RUNTIME).absolute()),
        # Whoever looks at the folder afterwards finds it as it was written.
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    job = ["-m", "modelwright.engineer.batch", str(folder / BUNDLE), str(folder / "job.toml")]
    try:
        done = subprocess.run(
            python(*job),
            env=environment,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        return f"the job was not done after {_TIMEOUT_S:g} seconds"
    if done.returncode:
        return f"the job exited with {done.returncode}: {done.stderr.strip()[-_SHOWN:]}"
    return None


def _faults(bundle: Bundle, found: Sequence[Sequence[Any]]) -> list[str]:
    """Return which answers are not those that were recorded."""
    program = bundle.program
    expected = np.array([case.expected for case in bundle.cases])
    if [row[0] for row in found] != list(range(len(expected))):
        return [f"{len(found)} rows are answered, not {len(expected)}"]
    is_classified = program.task.is_classification
    first = 1 if program.task.kind == "binary" else 0
    answers = expected[:, first:] if is_classified else expected
    # An answer of a class of texts stands before its probabilities; a number stands alone.
    labels = program.decide(expected) if is_classified else [None] * len(expected)
    return [
        f"row {row[0]} has another answer"
        for row, answer, label in zip(found, answers, labels, strict=True)
        if not _is_same(row[2 if is_classified else 1 :], answer)
        or (isinstance(label, str) and row[1] != label)
    ]


def _is_same(found: Sequence[Any], answer: Floats) -> bool:
    numbers = [float(value) for value in found]
    return np.allclose(numbers, answer, rtol=_CLOSE, atol=_CLOSE, equal_nan=True)
