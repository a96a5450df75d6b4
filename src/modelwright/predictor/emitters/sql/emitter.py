"""The emitters of SQL, one for each dialect."""

from collections.abc import Mapping

from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.base import Tools
from modelwright.predictor.emitters.sql.dialect import Dialect
from modelwright.predictor.emitters.sql.duckdb import DUCKDB
from modelwright.predictor.emitters.sql.form import files_of
from modelwright.predictor.emitters.sql.mysql import MYSQL
from modelwright.predictor.emitters.sql.postgresql import POSTGRESQL
from modelwright.predictor.emitters.sql.query import query_of
from modelwright.predictor.emitters.sql.refusal import UnwritableError
from modelwright.predictor.emitters.sql.sqlite import SQLITE
from modelwright.predictor.emitters.whole_graph import refusal_of_graph

DATABASE = "MODELWRIGHT_REPLAY_DATABASE"
"""The environment variable with the address of a database that rows are replayed in."""


class SqlEmitter:
    """Writes a view of one database.

    Parameters
    ----------
    dialect
        Of the database.
    tools
        How rows are replayed.
    """

    tolerance = 1e-9

    def __init__(self, dialect: Dialect, tools: Tools) -> None:
        self.dialect = dialect
        self.tools = tools

    @property
    def name(self) -> str:
        """How people call it."""
        return f"sql-{self.dialect.name}"

    @property
    def title(self) -> str:
        """What is written."""
        return f"a view of {self.dialect.title}"

    def refusal(self, bundle: Bundle) -> str:
        """Return why the database cannot answer as the bundle does; empty when it can."""
        if refused := refusal_of_graph(bundle):
            return refused
        try:
            query_of(bundle, self.dialect)
        except UnwritableError as reason:
            return str(reason)
        return ""

    def emit(self, bundle: Bundle) -> Mapping[str, bytes]:
        """Return the view and the files beside it."""
        return files_of(bundle, self.dialect, query_of(bundle, self.dialect), self.tolerance)


def _tools(*modules: str, settings: tuple[str, ...] = ()) -> Tools:
    return Tools(
        needs=(), build=(), replay=("python", "replay.py"), modules=modules, settings=settings
    )


SQL_EMITTERS = (
    SqlEmitter(POSTGRESQL, _tools("psycopg", settings=(DATABASE,))),
    SqlEmitter(DUCKDB, _tools("duckdb")),
    SqlEmitter(SQLITE, _tools("sqlite3")),
    SqlEmitter(MYSQL, _tools("pymysql", settings=(DATABASE,))),
)
"""One emitter for each dialect."""
