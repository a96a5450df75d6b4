"""A few connections to the database of features, each of them a thread's own."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeAlias

from modelwright.errors import SchemaError, ServiceError
from modelwright.serving.features.database import Database, Rows, Session

Questions: TypeAlias = Sequence[tuple[str, Sequence[Any]]]
"""Queries with their parameters."""

Answers: TypeAlias = list[Rows]
"""Of each query."""

CONNECTIONS = 4
_PAUSE_S = 1.0
"""How long nobody is let wait for a database that has just failed."""


class FeaturePool:
    """Asks a database; a connection is opened when it is needed, and kept.

    Parameters
    ----------
    database
        What is asked.
    seconds
        How long an answer may take, with the wait for a connection.
    clock
        Tells the time in seconds; it never goes back.
    told
        Told why the database fails when it begins to, and nothing when it answers again.

    Attributes
    ----------
    fault
        Why it did not answer when it was last asked; None when it did.
    """

    def __init__(
        self,
        database: Database,
        *,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.database = database
        self.fault: ServiceError | None = None
        self._seconds = seconds
        self._clock = clock
        self._told = told
        self._again_at = 0.0
        self._own = threading.local()
        self._sessions: set[Session] = set()
        # Threads begin with the first question, which is after the workers were forked.
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="features")

    async def ask(self, questions: Questions) -> Answers:
        """Answer queries, so that other requests go on.

        Raises
        ------
        ServiceError
            When the database does not answer in time.
        SchemaError
            When a parameter does not fit.
        """
        future = self._begin(questions)
        try:
            async with asyncio.timeout(2 * self._seconds * len(questions)):
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            raise self._busy() from error

    def ask_here(self, questions: Questions) -> Answers:
        """Answer queries in this thread's time, as `ask` does."""
        try:
            return self._begin(questions).result(2 * self._seconds * len(questions))
        except TimeoutError as error:
            raise self._busy() from error

    def try_again(self, questions: Questions) -> None:
        """Ask a failing database whether it answers again, without waiting for it."""
        if self.fault and self._clock() >= self._again_at:
            self._again_at = self._clock() + _PAUSE_S
            self._threads.submit(self._answer, questions)

    def close(self) -> None:
        """Wait for what is asked, and end the threads."""
        self._threads.shutdown()
        for session in self._sessions:
            session.close()

    def _begin(self, questions: Questions) -> "Future[Answers]":
        fault = self.fault
        if fault and self._clock() < self._again_at:
            raise ServiceError(fault.found, fault.remedy)
        return self._threads.submit(self._answer, questions)

    def _answer(self, questions: Questions) -> Answers:
        kept: Session | None = getattr(self._own, "session", None)
        try:
            try:
                answers = self._ask(kept or self._connect(), questions)
            except ServiceError:
                if kept is None:
                    raise
                # It may have been started anew since this connection was opened.
                answers = self._ask(self._connect(), questions)
        except ServiceError as error:
            self._again_at = self._clock() + _PAUSE_S
            self._tell(error)
            raise
        self._tell(None)
        return answers

    def _connect(self) -> Session:
        session = self.database.connect()
        self._sessions.add(session)
        return session

    def _ask(self, session: Session, questions: Questions) -> Answers:
        self._own.session = None
        try:
            answers = [session.ask(query, values) for query, values in questions]
        except SchemaError:
            self._own.session = session
            raise
        except ServiceError:
            self._sessions.discard(session)
            session.close()
            raise
        self._own.session = session
        return answers

    def _tell(self, fault: ServiceError | None) -> None:
        before, self.fault = self.fault, fault
        if (before is None) != (fault is None):
            self._told(str(fault or ""))

    def _busy(self) -> ServiceError:
        return ServiceError(
            "The database of features is asked for more than it answers.",
            f"Ask {self.database.shown} less often at once.",
        )
