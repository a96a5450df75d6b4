"""Rows in, answers out, and one line in the ledger for each."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from modelwright.data.records import Columns, Row
from modelwright.errors import InputError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats
from modelwright.serving.answers.answer import Answer, Answers
from modelwright.serving.answers.at_once import AtOnce
from modelwright.serving.answers.entries import Entries
from modelwright.serving.answers.intake import Intake
from modelwright.serving.answers.together import Together
from modelwright.serving.answers.wording import Wording
from modelwright.serving.duty import ALONE, Duty
from modelwright.serving.features.desk import FeatureDesk
from modelwright.serving.features.related import RelatedRows
from modelwright.serving.metrics import Metrics
from modelwright.serving.rows.record import Record, Related
from modelwright.serving.settings import Policy
from modelwright.serving.wire.notes import note_header
from modelwright.workspace.ledger.writer import LedgerWriter

VERSION_HEADER = "model-version"
"""The header with the version that answered; it stands twice where two share the rows."""

_INLINE_CELLS = 2_000
"""Up to so many values the answer takes less time than the way to another thread and back."""


class _Asked(NamedTuple):
    """The rows of one request, as they were sent and as they were read."""

    records: Sequence[Record]
    rows: list[Row]
    ids: Sequence[str]
    level: float | None
    began: float


class Responder:
    """Answers rows with a bundle's program.

    Parameters
    ----------
    bundle
        What answers.
    ledger_writer
        Where answers are logged; None to log nothing.
    metrics
        Where rows are counted.
    clock
        Tells the time in microseconds since 1970.
    contract
        What is done about values that the bundle's contract does not expect.
    at_work
        How many requests are at work just now: rows of several may be answered together.
    duty
        In which role it answers, and what requests may say that it does not read.
    desk
        Where features of related tables are asked for; None where rows have them.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        ledger_writer: LedgerWriter | None,
        metrics: Metrics,
        clock: Callable[[], int],
        contract: Policy = "ignore",
        at_work: Callable[[], int] = lambda: 1,
        duty: Duty = ALONE,
        desk: FeatureDesk | None = None,
    ) -> None:
        self.bundle = bundle
        self.accepted = duty.widened(bundle.schema if desk is None else desk.accepted)
        self.optional = frozenset() if desk is None else desk.optional
        self._desk = desk
        self._role = duty.role
        version = bundle.hash[:12] or "unsaved"
        self._version = VERSION_HEADER.encode("ascii"), version.encode("ascii")
        self._read = Intake(bundle.schema, duty, metrics, contract=(contract, bundle.contract_text))
        self._wording = Wording(bundle)
        self._related = RelatedRows(bundle)
        self._together = Together(self._answer_together)
        self._at_work = at_work
        self._entries = (
            None
            if ledger_writer is None
            else Entries(
                ledger_writer,
                clock,
                version=bundle.hash,
                role=duty.role,
                describe=self._wording.describe,
            )
        )
        doorways = (None, None) if desk is not None else self._read.doorways(bundle)
        self._at_once = AtOnce(doorways, self._wording, self._entries)
        self._metrics = metrics
        self._width = max(1, len(bundle.schema.names))
        self._worked_s = 0.0

    def take_worked(self) -> float:
        """Return the seconds that `respond` has worked since this was asked last.

        What a request waited for others is left out: models side by side share one thread, and the
        slower one would make the other look slow.
        """
        worked, self._worked_s = self._worked_s, 0.0
        return worked

    async def respond(
        self,
        rows: Sequence[Record],
        ids: Sequence[str],
        *,
        level: object = None,
        related: Related | None = None,
    ) -> Answers:
        """Answer rows: few at once, many in a thread, so that other requests go on.

        Parameters
        ----------
        rows, ids
            What is asked, and the name of each answer.
        level
            How often ranges or sets shall hold the truth; None for the usual level.
        related
            Raw rows of related tables, of which features are made; None where rows have them.

        Raises
        ------
        InputError
            When a row has an unknown field, a value of the wrong type or no finite answer; or
            when the level is not offered.
        """
        offered = self.level(level)
        if related is not None:
            rows = await self._related.widen(rows, related)
        elif self._desk is not None:
            with self._working():
                rows = await self._desk.widen(rows)
        if len(rows) == 1 and self._at_work() > 1:
            return self._finish(await self._together.ask(self._ask(rows, ids, offered)))
        if len(rows) * self._width <= _INLINE_CELLS:
            return self._answer_timed(rows, ids, offered)
        return await asyncio.to_thread(self._answer_timed, rows, ids, offered)

    def respond_at_once(self, body: bytes) -> bytes | None:
        """Answer one row as it was sent, in JSON; None where it goes the usual way.

        Raises
        ------
        SchemaError
            When the row has no finite answer.
        """
        if self._is_refusing():
            return None
        told = self._at_once.answer(body)
        if told is not None:
            self._tell(1)
        return told

    def respond_to_few_at_once(
        self, rows: Sequence[Record], ids: Sequence[str], *, level: object
    ) -> Answers | None:
        """Answer few rows while they are read; None where they go the usual way.

        Nothing is counted or noted of those.

        Raises
        ------
        InputError
            When a row has no finite answer, or the level is not offered.
        WorkspaceError
            When they cannot be logged, and none may be lost.
        """
        if self._desk is not None or len(rows) * self._width > _INLINE_CELLS:
            return None
        if self._is_refusing():
            return None
        if self.bundle.follower is None:
            # Then rows of several requests are answered sooner together.
            return None
        began, offered = time.perf_counter(), self.level(level)
        read = self._read.quietly(rows)
        if read is None:
            return None
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                values = self.bundle.run_rows(read)
        except Exception:  # noqa: BLE001 - the usual way meets it too, counts it and tells it
            return None
        answers = self._wording.answers(values, ids, offered)
        return self._finish(self._logged([(_Asked(rows, read, ids, offered, began), answers)])[0])

    def level(self, asked: object) -> float | None:
        """Return how often ranges or sets hold the truth when a level is asked for.

        Raises
        ------
        InputError
            When it is not offered.
        """
        return self._wording.coverer.level(asked)

    def respond_here(
        self, rows: Sequence[Record], ids: Sequence[str], *, level: float | None
    ) -> Answers:
        """Answer rows in this thread.

        Parameters
        ----------
        rows, ids
            What is asked, and the name of each answer.
        level
            What `level` returned.

        Raises
        ------
        InputError
            As `respond`.
        """
        rows = rows if self._desk is None else self._desk.widen_here(rows)
        return self._answer(rows, ids, level)

    @contextmanager
    def _working(self) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self._worked_s += time.perf_counter() - began

    def _answer_timed(
        self, rows: Sequence[Record], ids: Sequence[str], level: float | None
    ) -> Answers:
        with self._working():
            return self._answer(rows, ids, level)

    def _answer(self, rows: Sequence[Record], ids: Sequence[str], level: float | None) -> Answers:
        asked = self._ask(rows, ids, level)
        answers = self._wording.answers(self._run_rows(asked.rows), ids, level)
        return self._finish(self._logged([(asked, answers)])[0])

    def respond_in_columns(
        self,
        columns: Columns,
        ids: Sequence[str],
        *,
        level: float | None,
        records: Callable[[], Sequence[Record]],
    ) -> Answers | None:
        """Answer rows that stand in columns; None where features are asked for row by row.

        Parameters
        ----------
        columns
            As `RecordReader` returns them.
        ids, level
            As for `respond_here`.
        records
            Returns the same rows as they were sent; called where answers are logged.

        Raises
        ------
        InputError
            When a row is to be refused: which one is told when they are answered as rows.
        """
        if self._desk is not None:
            return None
        began = time.perf_counter()
        self._read.hold(columns)
        values = self._run(lambda: self.bundle.run(columns))
        answers = self._wording.answers(values, ids, level)
        if self._entries is not None:
            (answers,) = self._entries.write([(records(), began, answers)])
        return self._finish(answers)

    def describe(self, answers: Answers) -> list[Answer]:
        """Return the answers one by one, with named probabilities."""
        return answers.described or self._wording.describe(answers)

    def _ask(self, rows: Sequence[Record], ids: Sequence[str], level: float | None) -> _Asked:
        began = time.perf_counter()
        return _Asked(rows, self._read(rows), ids, level, began)

    def _answer_together(self, asked: list[_Asked]) -> list[Answers | Exception]:
        with self._working():
            return self._answer_each(asked)

    def _answer_each(self, asked: list[_Asked]) -> list[Answers | Exception]:
        values = self._run_rows([row for each in asked for row in each.rows])
        answers: list[Answers | Exception] = []
        start = 0
        for each in asked:
            end = start + len(each.rows)
            try:
                answers.append(self._wording.answers(values[start:end], each.ids, each.level))
            except InputError as error:
                answers.append(error)
            start = end
        answered = [
            (each, answer)
            for each, answer in zip(asked, answers, strict=True)
            if isinstance(answer, Answers)
        ]
        logged = iter(self._logged_each(answered))
        return [answer if isinstance(answer, Exception) else next(logged) for answer in answers]

    def _logged_each(self, answered: Sequence[tuple[_Asked, Answers]]) -> list[Answers | Exception]:
        """Log answers; a request with what nobody can write fails alone."""
        try:
            return [*self._logged(answered)]
        except UnicodeEncodeError as error:
            # Nothing is written yet.
            if len(answered) == 1:
                return [error]
            return [logged for each in answered for logged in self._logged_each([each])]

    def _run_rows(self, rows: Sequence[Row]) -> Floats:
        return self._run(lambda: self.bundle.run_rows(rows))

    def _run(self, run: Callable[[], Floats]) -> Floats:
        # An answer that is not finite is refused right after.
        with np.errstate(over="ignore", invalid="ignore"):
            try:
                return run()
            except Exception:
                if self._role == "champion":
                    self._metrics.count("model_faults")
                raise

    def _logged(self, answered: Sequence[tuple[_Asked, Answers]]) -> list[Answers]:
        """Log answers before anybody gets them; return them with what was written."""
        if self._entries is None:
            return [answers for _, answers in answered]
        return self._entries.write(
            [(asked.records, asked.began, answers) for asked, answers in answered]
        )

    def _is_refusing(self) -> bool:
        """Say whether what is answered here may well be refused, and again by the usual way."""
        return self._entries is not None and self._entries.is_refusing

    def _finish(self, answers: Answers) -> Answers:
        self._tell(len(answers.ids))
        return answers

    def _tell(self, rows: int) -> None:
        self._metrics.count("predictions", rows)
        note_header(self._version)
