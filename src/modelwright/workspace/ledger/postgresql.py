"""A ledger in a schema of a PostgreSQL database, for several servers."""

import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from modelwright._plugins import require
from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger.store import Values, Writing
from modelwright.workspace.ledger.tables import POSTGRESQL, VERSION

PASSWORD_FILE = "MODELWRIGHT_LEDGER_PASSWORD_FILE"
"""The environment variable that names a file with the password and nothing else."""

_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_CONNECT_TIMEOUT_S = 10
_BEGINNING = 7340172
"""The number of the lock that whoever makes the tables holds."""


class PostgresqlStore:
    """A schema of a PostgreSQL database; any number of servers may use it at the same time.

    Parameters
    ----------
    engine
        Of SQLAlchemy; it connects when it is first asked.
    name
        What to call it in a sentence.
    schema
        Made when it is missing, with its tables.
    """

    def __init__(self, engine: Any, name: str, schema: str) -> None:
        self.name = name
        self._engine = engine
        self._schema = schema
        self._sql = require("sqlalchemy", extra="postgresql")
        self._preparing = threading.Lock()
        self._prepared = False

    @classmethod
    def open(cls, address: str, environment: Mapping[str, str] = os.environ) -> Self:
        """Take the address of a ledger; whether it can be reached shows when it is asked.

        Parameters
        ----------
        address
            ``postgresql://user@host:port/database?schema=name``; options are those of libpq.
        environment
            Holds the password: in PGPASSWORD, or in the file that
            MODELWRIGHT_LEDGER_PASSWORD_FILE names. Without both, libpq looks into its own file.

        Raises
        ------
        WorkspaceError
            When the address is malformed or holds a password.
        MissingDependencyError
            When SQLAlchemy or psycopg is not installed.
        """
        sql = require("sqlalchemy", extra="postgresql")
        require("psycopg", extra="postgresql")
        url = _parsed(address)
        schema = str(url.query.get("schema", "modelwright"))
        if not _SCHEMA.fullmatch(schema):
            raise WorkspaceError(
                f"A ledger cannot be in the schema {schema!r:.80}.",
                "Name it with small letters, digits and underscores.",
            )
        url = url.difference_update_query(["schema"])
        name = f"{url.set(drivername='postgresql', query={})} (schema {schema})"
        url = url.update_query_dict({"connect_timeout": str(_CONNECT_TIMEOUT_S)} | dict(url.query))
        engine = sql.create_engine(
            url.set(drivername="postgresql+psycopg", password=_password(environment)),
            connect_args={"options": f"-c search_path={schema}"},
            pool_pre_ping=True,
            pool_size=2,
            hide_parameters=True,
        )
        return cls(engine, name, schema)

    def rows(self, statement: str, values: Values) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.writing() as writing:
            return writing.rows(statement, values)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Begin a transaction: all of it is kept, or nothing."""
        with self._explained():
            self._prepare()
            with self._engine.begin() as connection:
                yield _PostgresqlWriting(connection, self._sql)

    def shrink(self) -> bool:
        """Rewrite the tables, so that nothing that was erased is in them any more."""
        with self._explained():
            self._prepare()
            with self._engine.connect() as connection:
                alone = connection.execution_options(isolation_level="AUTOCOMMIT")
                for table in ("predictions", "labels", "quarantine"):
                    alone.execute(self._sql.text(f"VACUUM FULL {table}"))
        return True

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _prepare(self) -> None:
        with self._preparing:
            if self._prepared:
                return
            with self._engine.begin() as connection:
                writing = _PostgresqlWriting(connection, self._sql)
                # Who may only read need not be able to make anything.
                if not self._is_made(writing):
                    self._make(writing)
            self._prepared = True

    def _is_made(self, writing: "_PostgresqlWriting") -> bool:
        named = {"name": f"{self._schema}.versions"}
        if writing.rows("SELECT to_regclass(:name) IS NULL", named) == [(True,)]:
            return False
        ((found,),) = writing.rows("SELECT max(version) FROM versions", {})
        if found > VERSION:
            raise WorkspaceError(
                f"{self.name} was written by a newer modelwright (version {found}, this one reads "
                f"up to {VERSION}).",
                "Run: pip install --upgrade modelwright",
            )
        return bool(found == VERSION)

    def _make(self, writing: "_PostgresqlWriting") -> None:
        writing.rows("SELECT pg_advisory_xact_lock(:number)", {"number": _BEGINNING})
        writing.change(f"CREATE SCHEMA IF NOT EXISTS {self._schema}", {})
        for statement in filter(str.strip, POSTGRESQL.split(";")):
            writing.change(statement, {})
        writing.change("CREATE TABLE IF NOT EXISTS versions (version BIGINT UNIQUE)", {})
        writing.insert("versions", ("version",), [(VERSION,)])

    @contextmanager
    def _explained(self) -> Iterator[None]:
        faults = self._sql.exc
        try:
            yield
        except faults.DataError as error:
            raise ValueError(_said(error)) from error
        except faults.SQLAlchemyError as error:
            raise WorkspaceError(
                f"{self.name} could not be used: {_said(error)}.",
                "Check that it runs, and address, user, rights and password (in PGPASSWORD).",
            ) from error


class _PostgresqlWriting:
    def __init__(self, connection: Any, sql: Any) -> None:
        self._connection = connection
        self._sql = sql

    def rows(self, statement: str, values: Values) -> list[tuple[Any, ...]]:
        found = self._connection.execute(self._sql.text(statement), values).fetchall()
        return [tuple(row) for row in found]

    def change(self, statement: str, values: Values) -> int:
        return int(self._connection.execute(self._sql.text(statement), values).rowcount)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        if not rows:
            return 0
        names = ", ".join(f":{column}" for column in columns)
        statement = (
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({names}) ON CONFLICT DO NOTHING"
        )
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        return int(self._connection.execute(self._sql.text(statement), named).rowcount)


def _parsed(address: str) -> Any:
    sql = require("sqlalchemy", extra="postgresql")
    try:
        url = sql.make_url(address)
    except (sql.exc.ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in ("postgresql", "postgres") or not url.database:
        # Not repeated: it may hold a password.
        raise WorkspaceError(
            "The address of the ledger is malformed.",
            "Name a file, or write postgresql://user@host:port/database.",
        )
    if url.password is not None or "password" in url.query:
        raise WorkspaceError(
            "The address of the ledger holds a password, which lists of processes show.",
            f"Leave it out and set PGPASSWORD, or name a file with it in {PASSWORD_FILE}.",
        )
    return url


def _password(environment: Mapping[str, str]) -> str | None:
    named = environment.get(PASSWORD_FILE)
    if not named:
        return environment.get("PGPASSWORD")
    try:
        return Path(named).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            f"The password file {named} cannot be read.", f"Correct {PASSWORD_FILE}."
        ) from error


def _said(error: Exception) -> str:
    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return said.rpartition("FATAL: ")[2].strip().rstrip(".")
