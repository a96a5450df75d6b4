"""Rows in, answers out, and one line in the ledger for each."""

import asyncio
import secrets
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import quote

import msgspec
import numpy as np

from modelwright.data.records import Columns, RecordReader
from modelwright.data.relations.evaluate import Evaluator
from modelwright.data.schema import Column, Schema
from modelwright.errors import InputError, SchemaError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.labels import label_text
from modelwright.predictor.operations.base import Floats
from modelwright.serving.coverage import Covered, Coverer
from modelwright.serving.expectations import Expectations, Unexpected
from modelwright.serving.metrics import Metrics
from modelwright.serving.notes import note
from modelwright.serving.settings import Policy
from modelwright.serving.together import Together
from modelwright.tasks.task import Label
from modelwright.workspace.ledger_rows import Entry, Role
from modelwright.workspace.ledger_writer import LedgerWriter

Record = Mapping[str, Any]
Related = Mapping[str, Sequence[Record]]

VERSION_HEADER = "model-version"
"""The header with the version that answered; it stands twice where two share the rows."""

CONTRACT_HEADER = "contract-broken"
"""The header of an answer to values that the contract does not expect: columns, rows of each."""

_MOST_NOTED = 20
_INLINE_RECORDS = 200
_INLINE_CELLS = 2_000
"""Up to so many values the answer takes less time than the way to another thread and back."""


def now_us() -> int:
    """Return the time in microseconds since 1970."""
    return time.time_ns() // 1000


def random_id() -> str:
    """Return an id that nobody has given before; later ones come later in the alphabet.

    A ledger takes ids in their order four times sooner than ids in no order.
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(8)}"


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one row, as clients and the ledger get it.

    Parameters
    ----------
    id
        Names the answer; its label will refer to it.
    answer
        A class, or a number.
    probabilities
        By class, in the order of the classes; None in a regression.
    within
        The ends of the range that holds the truth; None without one.
    among
        The classes among which the true one is; None without such a set.
    coverage
        How often ranges or sets hold the truth.
    model
        The hash of the bundle that answered, where two share the rows of a request.
    """

    id: str
    answer: Label
    probabilities: dict[str, float] | None = None
    within: list[float] | None = msgspec.field(default=None, name="range")
    among: list[Label] | None = msgspec.field(default=None, name="set")
    coverage: float | None = None
    model: str | None = None


@dataclass(frozen=True)
class Answers:
    """The answers to a request.

    Parameters
    ----------
    ids, labels
        One per row.
    values : ndarray of shape (rows, outputs)
        Probabilities or numbers.
    covered
        The ranges or sets beside them; None where the bundle states none.
    model
        The hash of the bundle that answered.
    models
        The hash of the bundle that answered each row, where not all have the same.
    described
        The same one by one, where that was needed for the ledger.
    """

    ids: Sequence[str]
    labels: Sequence[Label]
    values: Floats
    covered: Covered | None = None
    model: str = ""
    models: Sequence[str] | None = None
    described: list[Answer] | None = None


@dataclass(frozen=True)
class Duty:
    """In which role a bundle answers.

    Parameters
    ----------
    role
        As in the ledger.
    beside
        Columns that only another bundle reads, which is tried or was champion before: requests may
        have them, so that clients may change before the model does, and after it.
    """

    role: Role = "champion"
    beside: tuple[Column, ...] = ()

    def widened(self, schema: Schema) -> Schema:
        """Return the columns that requests may have."""
        return Schema(columns=(*schema.columns, *self.beside)) if self.beside else schema


_ALONE = Duty()


@dataclass(frozen=True)
class _Asked:
    """The row of one request among those that are answered together."""

    rows: Sequence[Record]
    ids: Sequence[str]
    level: float | None
    columns: Columns
    started: float


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
    crowded
        Whether further requests are at work just now, so that rows may be answered together.
    duty
        In which role it answers, and what requests may say that it does not read.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        ledger_writer: LedgerWriter | None,
        metrics: Metrics,
        clock: Callable[[], int],
        contract: Policy = "ignore",
        crowded: Callable[[], bool] = lambda: False,
        duty: Duty = _ALONE,
    ) -> None:
        self.bundle = bundle
        self.accepted = duty.widened(bundle.schema)
        self._role = duty.role
        self._beside = frozenset(column.name for column in duty.beside)
        self._version = bundle.hash[:12] or "unsaved"
        self._refuses = contract == "refuse"
        self._expectations = (
            None if contract == "ignore" else Expectations(bundle.contract_text, bundle.schema)
        )
        self._read = RecordReader(bundle.schema)
        self._evaluate = Evaluator(bundle.features) if bundle.features.features else None
        self._together = Together(self._answer_together)
        self._crowded = crowded
        self._writer = ledger_writer
        self._metrics = metrics
        self._clock = clock
        task = bundle.program.task
        self._class_names = [label_text(label) for label in task.classes]
        self._width = max(1, len(bundle.schema.names))
        self._coverer = Coverer(bundle.program)

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
        offered = self._coverer.level(level)
        if related is not None:
            rows = await self._widen(rows, related)
        if len(rows) == 1 and self._crowded():
            return await self._respond_together(rows, ids, offered)
        if len(rows) * self._width <= _INLINE_CELLS:
            return self._respond(rows, ids, offered)
        return await asyncio.to_thread(self._respond, rows, ids, offered)

    def level(self, asked: object) -> float | None:
        """Return how often ranges or sets hold the truth when a level is asked for.

        Raises
        ------
        InputError
            When it is not offered.
        """
        return self._coverer.level(asked)

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
        return self._respond(rows, ids, level)

    async def _widen(self, rows: Sequence[Record], related: Related) -> Sequence[Record]:
        """Return rows with the features that are made of raw related rows."""
        if self._evaluate is None:
            raise InputError("The model reads no related tables.", "Ask without 'related'.")
        sent = len(rows) + sum(len(each) for each in related.values())
        if sent <= _INLINE_RECORDS:
            made = self._evaluate(rows, related)
        else:
            made = await asyncio.to_thread(self._evaluate, rows, related)
        # What only says which related rows are meant is not read by the model.
        spare = self._evaluate.asks - set(self.bundle.schema.names)
        return [
            {name: value for name, value in row.items() if name not in spare} | values
            for row, values in zip(rows, made, strict=True)
        ]

    def describe(self, answers: Answers) -> list[Answer]:
        """Return the answers one by one, with named probabilities."""
        return answers.described or self._describe(answers)

    def _describe(self, answers: Answers) -> list[Answer]:
        beside = self._coverer.fields(answers.covered)
        if answers.models is not None:
            named = zip(answers.models, beside, strict=False)
            beside = ({**fields, "model": model} for model, fields in named)
        if not self._class_names:
            return [
                Answer(id=each, answer=label, **fields)
                for each, label, fields in zip(answers.ids, answers.labels, beside, strict=False)
            ]
        return [
            Answer(
                id=each,
                answer=label,
                probabilities=dict(zip(self._class_names, row, strict=True)),
                **fields,
            )
            for each, label, row, fields in zip(
                answers.ids, answers.labels, answers.values.tolist(), beside, strict=False
            )
        ]

    def _respond(self, rows: Sequence[Record], ids: Sequence[str], level: float | None) -> Answers:
        started = time.perf_counter()
        columns = self._columns(rows)
        asked = _Asked(rows, ids, level, columns, started)
        answers = self._answers(self._run(columns), ids, level)
        return self._finish(self._logged([(asked, answers)])[0])

    async def _respond_together(
        self, rows: Sequence[Record], ids: Sequence[str], level: float | None
    ) -> Answers:
        """Answer a row with those of other requests."""
        started = time.perf_counter()
        asked = _Asked(rows, ids, level, self._columns(rows), started)
        return self._finish(await self._together.ask(asked))

    def _answer_together(self, asked: list[_Asked]) -> list[Answers | Exception]:
        values = self._run(_joined([each.columns for each in asked]))
        answers: list[Answers | Exception] = []
        start = 0
        for each in asked:
            end = start + len(each.rows)
            try:
                answers.append(self._answers(values[start:end], each.ids, each.level))
            except InputError as error:
                answers.append(error)
            start = end
        answered = [
            (each, answer)
            for each, answer in zip(asked, answers, strict=True)
            if isinstance(answer, Answers)
        ]
        logged = iter(self._logged(answered))
        return [answer if isinstance(answer, Exception) else next(logged) for answer in answers]

    def _run(self, columns: Columns) -> Floats:
        # An answer that is not finite is refused right after.
        with np.errstate(over="ignore", invalid="ignore"):
            try:
                return self.bundle.run(columns)
            except Exception:
                if self._role == "champion":
                    self._metrics.count("model_faults")
                raise

    def _finish(self, answers: Answers) -> Answers:
        self._metrics.count("predictions", len(answers.ids))
        note(VERSION_HEADER, self._version)
        return answers

    def _answers(self, values: Floats, ids: Sequence[str], level: float | None) -> Answers:
        _require_finite(values)
        program = self.bundle.program
        if not program.task.is_classification:
            covered = self._coverer.cover(values, None, level=level)
            return Answers(ids, values[:, 0].tolist(), values, covered, self.bundle.hash)
        chosen = program.choose(values)
        labels = [program.task.classes[index] for index in chosen.tolist()]
        covered = self._coverer.cover(values, chosen, level=level)
        return Answers(ids, labels, values, covered, self.bundle.hash)

    def _columns(self, rows: Sequence[Record]) -> Columns:
        if self._beside:
            rows = [
                {name: value for name, value in row.items() if name not in self._beside}
                for row in rows
            ]
        try:
            columns = self._read(rows)
        except SchemaError:
            self._name_the_row(rows)
            raise
        if self._expectations is not None:
            self._compare(self._expectations.find_unexpected(columns), rows)
        return columns

    def _compare(self, unexpected: Sequence[Unexpected], rows: Sequence[Record]) -> None:
        """Note values that the contract does not expect, or refuse them."""
        if not unexpected:
            return
        self._metrics.count(
            "contract_broken_rows", len({row for each in unexpected for row in each.rows})
        )
        if self._refuses:
            column, (place, *_), wanted = unexpected[0]
            where = f"In row {place + 1}: " if len(rows) > 1 else ""
            raise SchemaError(
                f"{where}The field {column!r} is {rows[place].get(column)!r:.40}.",
                f"The contract expects {wanted}.",
            )
        told = (f"{quote(each.column)};rows={len(each.rows)}" for each in unexpected[:_MOST_NOTED])
        note(CONTRACT_HEADER, ", ".join(told))

    def _name_the_row(self, rows: Sequence[Record]) -> None:
        """Raise the same fault with the number of the row, where there are several."""
        for number, row in enumerate(rows, 1):
            try:
                self._read([row])
            except SchemaError as error:
                where = f"In row {number}: " if len(rows) > 1 else ""
                raise SchemaError(f"{where}{error.found}", error.remedy) from error

    def _logged(self, answered: Sequence[tuple[_Asked, Answers]]) -> list[Answers]:
        """Log answers before anybody gets them; return them with what was written."""
        if self._writer is None:
            return [answers for _, answers in answered]
        logged, entries = [], []
        at, now = self._clock(), time.perf_counter()
        for asked, answers in answered:
            described = self._describe(answers)
            entries += self._entries(asked.rows, described, at=at, latency_s=now - asked.started)
            logged.append(replace(answers, described=described))
        self._writer.put(entries)
        return logged

    def _entries(
        self, rows: Sequence[Record], answers: Sequence[Answer], *, at: int, latency_s: float
    ) -> list[Entry]:
        version, host = self.bundle.hash, _host()
        return [
            Entry(
                id=answer.id,
                at=at,
                version=version,
                inputs=row,
                output=answer,
                latency_s=latency_s,
                host=host,
                role=self._role,
            )
            for row, answer in zip(rows, answers, strict=True)
        ]


@cache
def _host() -> str:
    return socket.gethostname()


def _joined(parts: Sequence[Columns]) -> Columns:
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _require_finite(values: Floats) -> None:
    finite = np.isfinite(values).all(axis=1)
    if not finite.all():
        number = int(np.argmin(finite)) + 1
        raise SchemaError(
            f"The model has no finite answer for row {number}.", "Check its numbers for extremes."
        )
