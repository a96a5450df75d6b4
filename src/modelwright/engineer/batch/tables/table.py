"""A table as a destination: the rows of a piece and how far the job has come, in one transaction.

Beside the table stand ``TABLE_quarantine``, the rows that were set aside, and
``modelwright_progress``, a row for each job that writes into the same schema. All are made with the
first piece: what is refused before leaves nothing behind.
"""

import msgspec
import polars as pl
import polars.selectors as cs

from modelwright.data.sources.quoting import name_parts
from modelwright.engineer.batch.answers import lists_as_json
from modelwright.engineer.batch.progress import Progress
from modelwright.engineer.batch.recipe import Answers
from modelwright.engineer.batch.rules import RULE
from modelwright.engineer.batch.tables.door import Door, Existing
from modelwright.errors import InputError, WorkspaceError

PROGRESS = "modelwright_progress"
_JOB, _TEXT = pl.String(), pl.String()


class Table:
    """A table of a database.

    Parameters
    ----------
    door
        The database.
    name
        Of the table, also as SQL quotes it; it is made when it is missing.
    key
        The column that tells a row from all others.
    existing
        What becomes of a row whose key is there already.
    """

    keeper = None

    def __init__(self, door: Door, name: str, *, key: str, existing: Existing = "update") -> None:
        self._door, self._name, self._key, self._existing = door, name, key, existing
        *self._schema, self._bare = name_parts(name)
        self._is_made = False

    @property
    def address(self) -> str:
        """The database and the table."""
        return f"{self._door.address} ({self._name})"

    def begin(self, job: str) -> Progress:
        """Return how far a job has come; its rows of earlier runs that were set aside go."""
        with self._door.transaction():
            found = self._read(job) if self._door.has(self._schema, PROGRESS) else None
            progress = found.resumed(job) if found else Progress(job=job)
            if found and progress.pieces == 0:
                if self._door.has(self._schema, self._bare_aside):
                    self._door.execute(f"DELETE FROM {self._aside} WHERE {self._of(job)}")
                self._write(progress)
        return progress

    def take(self, answers: Answers, progress: Progress) -> None:
        """Write the rows of a piece, and that it is done, at once.

        Raises
        ------
        WorkspaceError
            When another process does the same job.
        """
        assert answers.answered is not None
        frame = _plain(answers.answered)
        if not self._is_made:
            self._make_beside()
            self._make(self._bare, dict(frame.schema), key=self._key)
            self._is_made = True
        with self._door.transaction():
            self._require_turn(progress)
            if frame.height:
                self._door.insert(
                    self._quoted(self._bare), frame, key=self._key, existing=self._existing
                )
            if answers.aside is not None:
                aside = _records(answers.aside, progress)
                self._door.insert(self._aside, aside, key="", existing="keep")
            self._write(progress)

    def finish(self, progress: Progress) -> None:
        """Say that the job is finished."""
        if not self._is_made:
            self._make_beside()
        with self._door.transaction():
            self._write(progress)

    def close(self) -> None:
        """Let go of the database."""
        self._door.close()

    @property
    def _aside(self) -> str:
        return self._quoted(self._bare_aside)

    @property
    def _bare_aside(self) -> str:
        return f"{self._bare}_quarantine"

    def _quoted(self, name: str) -> str:
        """Return a table that stands in the schema of the answers."""
        return ".".join(self._door.quote(part) for part in (*self._schema, name))

    def _of(self, job: str) -> str:
        return f"{self._door.quote('job')} = {self._door.literal(job)}"

    def _make_beside(self) -> None:
        """Make the tables of rows that are set aside and of what is done."""
        self._make(PROGRESS, {"job": _JOB, "progress": _TEXT}, key="job")
        aside = {"job": _JOB, "piece": pl.Int64(), "rule": _TEXT, "record": _TEXT}
        self._make(self._bare_aside, aside, key="")

    def _make(self, name: str, columns: dict[str, pl.DataType], *, key: str) -> None:
        if key and key not in columns:
            raise InputError(f"The rows have no column {key!r}.", "Name it: --columns.")
        listed = ", ".join(
            f"{self._door.quote(column)} {self._door.type_of(dtype, is_key=column in (key, 'job'))}"
            + " PRIMARY KEY" * (column == key)
            for column, dtype in columns.items()
        )
        with self._door.transaction():
            self._door.execute(f"CREATE TABLE IF NOT EXISTS {self._quoted(name)} ({listed})")

    def _read(self, job: str) -> Progress | None:
        column, table = self._door.quote("progress"), self._quoted(PROGRESS)
        found = self._door.rows(f"SELECT {column} FROM {table} WHERE {self._of(job)}")
        return msgspec.json.decode(found[0][0], type=Progress) if found else None

    def _require_turn(self, progress: Progress) -> None:
        found = self._read(progress.job)
        if (found.pieces if found else 0) != progress.pieces - 1:
            raise WorkspaceError(
                f"Another process writes the same answers into {self.address}.",
                "Wait for its end.",
            )

    def _write(self, progress: Progress) -> None:
        said = msgspec.json.encode(progress).decode()
        row = pl.DataFrame({"job": [progress.job], "progress": [said]})
        self._door.insert(self._quoted(PROGRESS), row, key="job", existing="update")


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows of types that every database has."""
    return lists_as_json(frame).with_columns(
        cs.decimal().cast(pl.Float64),
        cs.unsigned_integer().cast(pl.Int64),
        cs.categorical().cast(pl.String),
        cs.by_dtype(pl.Time, pl.Null, pl.Enum).cast(pl.String),
        cs.duration().dt.total_microseconds() / 1e6,
    )


def _records(aside: pl.DataFrame, progress: Progress) -> pl.DataFrame:
    """Return rows that were set aside as JSON, whatever their columns are."""
    rows = aside.drop(RULE)
    return pl.DataFrame(
        {
            "job": [progress.job] * len(aside),
            "piece": pl.Series([progress.pieces] * len(aside), dtype=pl.Int64),
            "rule": aside[RULE],
            "record": rows.select(pl.struct(pl.all()).struct.json_encode()).to_series(),
        }
    )
