"""A canary: the challenger answers a share of the rows, the champion all others.

Whatever the challenger cannot answer, the champion does: a trial costs no client an answer.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from msgspec.structs import replace

from modelwright.data.records import Columns
from modelwright.data.values.cells import text_of_number
from modelwright.serving.answers.answer import Answer, Answers
from modelwright.serving.answers.coverage import Covered
from modelwright.serving.answers.responder import Responder
from modelwright.serving.metrics import Metrics
from modelwright.serving.rows.record import Record, Related
from modelwright.workspace.trial import Trial

Item = TypeVar("Item")

LATE_S = 1.0
"""A row that takes longer is counted: a few of them are enough to judge by."""


class Canary:
    """Answers rows as `Responder` does, some of them by the challenger.

    Parameters
    ----------
    champion, challenger
        What answers.
    trial
        Which rows the challenger gets.
    metrics
        Where is counted what each of them took.
    failed
        Told what the challenger raised where the champion had an answer.
    patience_s
        How long the challenger may take for a request, before the champion answers it.
    """

    def __init__(
        self,
        champion: Responder,
        challenger: Responder,
        trial: Trial,
        *,
        metrics: Metrics,
        failed: Callable[[Exception], None],
        patience_s: float,
    ) -> None:
        self.bundle = champion.bundle
        self.accepted = champion.accepted
        self.optional = champion.optional
        self._champion = champion
        self._challenger = challenger
        self._trial = trial
        self._metrics = metrics
        self._failed = failed
        self._patience_s = patience_s

    async def respond(
        self,
        rows: Sequence[Record],
        ids: Sequence[str],
        *,
        level: object = None,
        related: Related | None = None,
    ) -> Answers:
        """Answer rows, as `Responder.respond` does."""
        taken = self._taken(rows, ids)
        if not taken:
            return await self._by_champion(rows, ids, level, related)
        others = _without(taken, len(rows))
        theirs = await self._by_challenger(_at(rows, taken), _at(ids, taken), level, related)
        if not others:
            return theirs
        mine = await self._by_champion(_at(rows, others), _at(ids, others), level, related)
        return _merged(mine, theirs, taken)

    def respond_at_once(self, body: bytes) -> bytes | None:
        """Return None: who answers is decided by the row's id."""
        return None

    def respond_to_few_at_once(
        self, rows: Sequence[Record], ids: Sequence[str], *, level: object
    ) -> Answers | None:
        """Return None, as `respond_at_once` does."""
        return None

    def respond_here(
        self, rows: Sequence[Record], ids: Sequence[str], *, level: float | None
    ) -> Answers:
        """Answer rows in this thread, as `Responder.respond_here` does."""
        taken = self._taken(rows, ids)
        if not taken:
            return self._champion.respond_here(rows, ids, level=level)
        others = _without(taken, len(rows))
        theirs = self._try_here(_at(rows, taken), _at(ids, taken), level)
        if not others:
            return theirs
        mine = self._champion.respond_here(_at(rows, others), _at(ids, others), level=level)
        return _merged(mine, theirs, taken)

    def respond_in_columns(
        self,
        columns: Columns,
        ids: Sequence[str],
        *,
        level: float | None,
        records: Callable[[], Sequence[Record]],
    ) -> Answers | None:
        """Return None: who answers is decided row by row."""
        return None

    def level(self, asked: object) -> float | None:
        """Return how often ranges or sets hold the truth when a level is asked for."""
        return self._champion.level(asked)

    def describe(self, answers: Answers) -> list[Answer]:
        """Return the answers one by one, with named probabilities."""
        return self._champion.describe(answers)

    async def _by_champion(
        self, rows: Sequence[Record], ids: Sequence[str], level: object, related: Related | None
    ) -> Answers:
        answers = await self._champion.respond(rows, ids, level=level, related=related)
        self._count("champion", self._champion.take_worked())
        return answers

    async def _by_challenger(
        self, rows: Sequence[Record], ids: Sequence[str], level: object, related: Related | None
    ) -> Answers:
        try:
            async with asyncio.timeout(self._patience_s):
                answers = await self._challenger.respond(rows, ids, level=level, related=related)
        except Exception as error:  # noqa: BLE001 - a stranger on trial; the champion answers
            answers = await self._champion.respond(rows, ids, level=level, related=related)
            self._note_failure(error)
        else:
            worked = self._challenger.take_worked()
            self._count("canary", worked)
            if len(rows) == 1 and worked > LATE_S:
                self._metrics.count("canary_late")
        return answers

    def _try_here(self, rows: Sequence[Record], ids: Sequence[str], level: float | None) -> Answers:
        try:
            answers = self._challenger.respond_here(rows, ids, level=level)
        except Exception as error:  # noqa: BLE001 - a stranger on trial; the champion answers
            answers = self._champion.respond_here(rows, ids, level=level)
            self._note_failure(error)
        else:
            self._metrics.count("canary_parts")
        return answers

    def _note_failure(self, error: Exception) -> None:
        # Only what the champion has answered was the challenger's own fault.
        self._challenger.take_worked()
        self._metrics.count("canary_faults")
        self._metrics.count("canary_calls")
        self._failed(error)

    def _count(self, who: str, seconds: float) -> None:
        self._metrics.count(f"{who}_calls")
        self._metrics.count(f"{who}_seconds", seconds)

    def _taken(self, rows: Sequence[Record], ids: Sequence[str]) -> list[int]:
        """Return the places of the rows that the challenger gets."""
        trial, salt = self._trial, self._challenger.bundle.hash
        if not trial.key:
            # A request stays whole: its first id, which its client may have given, decides.
            taken = bool(ids) and trial.takes(ids[0], salt=salt)
            return list(range(len(rows))) if taken else []
        names = (_key(row.get(trial.key)) or each for row, each in zip(rows, ids, strict=True))
        return [place for place, name in enumerate(names) if trial.takes(name, salt=salt)]


def _key(value: object) -> str:
    """Return a key as one text, whether a client sends 7, 7.0 or "7"."""
    if isinstance(value, int | float):
        return text_of_number(value)
    return "" if value is None else str(value).strip()


def _at(values: Sequence[Item], places: Sequence[int]) -> list[Item]:
    return [values[place] for place in places]


def _without(taken: Sequence[int], rows: int) -> list[int]:
    known = set(taken)
    return [place for place in range(rows) if place not in known]


def _merged(mine: Answers, theirs: Answers, taken: Sequence[int]) -> Answers:
    """Return the answers of both in the order of the rows."""
    rows = len(mine.ids) + len(theirs.ids)
    places = np.argsort([*_without(taken, rows), *taken], kind="stable")
    values = np.concatenate([mine.values, theirs.values])[places]
    order = places.tolist()
    models = [mine.model] * len(mine.ids) + [theirs.model] * len(theirs.ids)
    return replace(
        mine,
        ids=_at([*mine.ids, *theirs.ids], order),
        labels=_at([*mine.labels, *theirs.labels], order),
        values=values,
        covered=_both(mine.covered, theirs.covered, order),
        models=None if mine.model == theirs.model else _at(models, order),
        described=None,
    )


def _both(mine: Covered | None, theirs: Covered | None, order: list[int]) -> Covered | None:
    """Return what is stated beside all answers; nothing, unless both state it at one level."""
    if mine is None or theirs is None or mine.level != theirs.level:
        return None
    if mine.ends is not None and theirs.ends is not None:
        return Covered(mine.level, ends=_at([*mine.ends, *theirs.ends], order))
    assert mine.held is not None
    assert theirs.held is not None
    return Covered(mine.level, held=_at([*mine.held, *theirs.held], order))
