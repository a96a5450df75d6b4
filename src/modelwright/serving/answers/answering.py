"""What routes ask for answers: one model, or two that share the rows."""

from collections.abc import Callable, Sequence
from typing import Protocol

from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.predictor.bundle import Bundle
from modelwright.serving.answers.answer import Answer, Answers
from modelwright.serving.rows.record import Record, Related


class Answering(Protocol):
    """Answers rows; `Responder` and `Canary` do.

    Attributes
    ----------
    bundle
        The champion.
    accepted
        The columns that requests may have.
    optional
        Those of them that a request may lack whole, as tensors may not otherwise.
    """

    bundle: Bundle
    accepted: Schema
    optional: frozenset[str]

    async def respond(
        self,
        rows: Sequence[Record],
        ids: Sequence[str],
        *,
        level: object = None,
        related: Related | None = None,
    ) -> Answers:
        """Answer rows, so that other requests go on."""
        ...

    def respond_at_once(self, body: bytes) -> bytes | None:
        """Answer one row as it was sent, in JSON; None where it goes the usual way."""
        ...

    def respond_to_few_at_once(
        self, rows: Sequence[Record], ids: Sequence[str], *, level: object
    ) -> Answers | None:
        """Answer few rows while they are read; None where they go the usual way."""
        ...

    def respond_here(
        self, rows: Sequence[Record], ids: Sequence[str], *, level: float | None
    ) -> Answers:
        """Answer rows in this thread."""
        ...

    def respond_in_columns(
        self,
        columns: Columns,
        ids: Sequence[str],
        *,
        level: float | None,
        records: Callable[[], Sequence[Record]],
    ) -> Answers | None:
        """Answer rows that stand in columns; None where they must be seen row by row."""
        ...

    def level(self, asked: object) -> float | None:
        """Return how often ranges or sets hold the truth when a level is asked for."""
        ...

    def describe(self, answers: Answers) -> list[Answer]:
        """Return the answers one by one, with named probabilities."""
        ...
