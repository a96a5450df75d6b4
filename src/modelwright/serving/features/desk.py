"""Rows are given the features of related tables that a database makes for them."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from modelwright.data.relations.home import Home
from modelwright.data.relations.moment_sql import require_readable
from modelwright.data.relations.row_query import MOST_ROWS, RowQuery
from modelwright.data.schema import Schema
from modelwright.errors import ServiceError
from modelwright.predictor.bundle import Bundle
from modelwright.serving.features.database import open_database
from modelwright.serving.features.pool import Answers, FeaturePool, Questions
from modelwright.serving.features.source import FeatureSource
from modelwright.serving.metrics import Memory, Metrics
from modelwright.serving.rows.record import Record


class FeatureDesk:
    """Asks a database for the features of rows that lack any.

    Parameters
    ----------
    query
        What is asked of it.
    pool
        How it is reached.
    metrics
        Where questions are counted.
    read
        Columns that the model reads: others only say which related rows are meant, and are left
        out of the rows.

    Attributes
    ----------
    beside
        Columns of rows that only say which related rows are theirs.
    accepted
        All columns that rows may have.
    optional
        Those that make features, and the features: a row has the ones or the others.
    """

    def __init__(
        self, query: RowQuery, pool: FeaturePool, metrics: Metrics, *, read: Schema
    ) -> None:
        self._query = query
        self._pool = pool
        self._metrics = metrics
        self._spare = query.asks - set(read.names)
        self.beside = tuple(each for each in query.columns if each.name in self._spare)
        self.optional = query.names | self._spare
        self.accepted = Schema(columns=(*read.columns, *self.beside))

    async def widen(self, rows: Sequence[Record]) -> Sequence[Record]:
        """Return rows with their features; those that have all of them are not asked about.

        Raises
        ------
        SchemaError
            When a row has no key or no moment, or one that cannot be read.
        ServiceError
            When the database does not answer.
        """
        lacking = self._lacking(rows)
        answers: Answers = []
        if lacking:
            questions = self._questions([rows[place] for place in lacking])
            with self._counted():
                answers = await self._pool.ask(questions)
        return self._joined(rows, lacking, answers)

    def widen_here(self, rows: Sequence[Record]) -> Sequence[Record]:
        """Do the same in this thread, which is not the one of the server's loop."""
        lacking = self._lacking(rows)
        answers: Answers = []
        if lacking:
            questions = self._questions([rows[place] for place in lacking])
            with self._counted():
                answers = self._pool.ask_here(questions)
        return self._joined(rows, lacking, answers)

    def check(self) -> None:
        """Ask for the features of a row that has no key.

        Raises
        ------
        ServiceError
            When the database does not answer, or refuses the query.
        """
        self._pool.ask_here(self._trial())

    def look(self) -> None:
        """Ask a failing database, without waiting, whether it answers again."""
        self._pool.try_again(self._trial())

    def _trial(self) -> Questions:
        return self._questions([dict.fromkeys(self._query.asks)])

    def _lacking(self, rows: Sequence[Record]) -> list[int]:
        names = self._query.names
        return [place for place, row in enumerate(rows) if not names <= row.keys()]

    def _questions(self, rows: Sequence[Record]) -> Questions:
        values = self._query.values(rows)
        pieces = [values[first : first + MOST_ROWS] for first in range(0, len(values), MOST_ROWS)]
        return [
            (self._query.statement(len(piece)), [value for row in piece for value in row])
            for piece in pieces
        ]

    def _joined(
        self, rows: Sequence[Record], lacking: Sequence[int], answers: Answers
    ) -> Sequence[Record]:
        widened = list(rows)
        made = (values for each in answers for values in self._query.made(each))
        for place, values in zip(lacking, made, strict=True):
            widened[place] = {**values, **rows[place]}
        spare = self._spare
        if not spare:
            return widened
        return [
            {name: value for name, value in row.items() if name not in spare} for row in widened
        ]

    @contextmanager
    def _counted(self) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        except ServiceError:
            self._metrics.count("feature_faults")
            raise
        finally:
            self._metrics.count("feature_queries")
            self._metrics.count("feature_seconds", time.perf_counter() - began)


class FeatureDesks:
    """The connections of one worker, and a desk at them for each model.

    Parameters
    ----------
    source
        The database.
    metrics
        Where questions are counted.
    told
        As `FeaturePool` tells it.

    Raises
    ------
    MissingDependencyError, ServiceError, SourceError
        As `open_database`.
    """

    def __init__(
        self,
        source: FeatureSource,
        metrics: Metrics,
        *,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        database = open_database(source.address, seconds=source.seconds)
        self._source = source
        self._metrics = metrics
        self._pool = FeaturePool(database, seconds=source.seconds, told=told)
        self._last: FeatureDesk | None = None

    def desk(self, bundle: Bundle) -> FeatureDesk | None:
        """Return what asks for the features of a model; None for a model without any."""
        features = bundle.features
        if not features.features:
            return None
        require_readable(features)
        database = self._pool.database
        home = Home("", database.kind, self._source.tables, self._source.queries)
        query = RowQuery(features, home, mark=database.mark)
        self._last = FeatureDesk(query, self._pool, self._metrics, read=bundle.schema)
        return self._last

    @property
    def failing(self) -> bool:
        """Whether the database did not answer when it was last asked."""
        return self._pool.fault is not None

    def is_ready(self) -> bool:
        """Say whether the server is; a failing database is asked again meanwhile."""
        if self._source.when_it_fails == "refuse" or not self.failing:
            return True
        if self._last is not None:
            self._last.look()
        return False

    def close(self) -> None:
        """End the connections."""
        self._pool.close()


def check_features(source: FeatureSource, bundle: Bundle) -> None:
    """Ask a database once, before requests are taken.

    Raises
    ------
    MissingDependencyError, ServiceError, SourceError
        When it cannot be asked, does not answer or refuses the query.
    """
    desks = FeatureDesks(source, Metrics(Memory()))
    try:
        if desk := desks.desk(bundle):
            desk.check()
    finally:
        desks.close()
