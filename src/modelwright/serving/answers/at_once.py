"""One row answered at once: from the bytes of a request to those of its answer."""

import time

import msgspec

from modelwright.serving.answers.doorway import Doorway, SlowDoorway
from modelwright.serving.answers.entries import Entries
from modelwright.serving.answers.naming import random_id
from modelwright.serving.answers.wording import Wording

_ENCODE = msgspec.json.Encoder().encode


class AtOnce:
    """Answers one row as it was sent; the client and the ledger get the same bytes.

    Parameters
    ----------
    doorways
        From a body to the program's numbers: the shorter way, and the one for other rows.
    wording
        From these to an answer.
    entries
        Where answers are logged; None to log nothing.
    """

    def __init__(
        self,
        doorways: tuple[Doorway | None, SlowDoorway | None],
        wording: Wording,
        entries: Entries | None,
    ) -> None:
        self._shorter, self._slower = doorways
        self._wording = wording
        self._entries = entries
        self._level = wording.coverer.level(None)

    def answer(self, body: bytes) -> bytes | None:
        """Return the answer as JSON; None where the row goes the usual way.

        Raises
        ------
        SchemaError
            When the row has no finite answer.
        WorkspaceError
            When it cannot be logged, and none may be lost.
        """
        began = time.perf_counter_ns()
        if self._shorter is not None and (values := self._shorter(body)) is not None:
            return self._told(values, body, began)
        if self._slower is None or (read := self._slower(body)) is None:
            return None
        values, note = read
        told = self._told(values, body, began)
        if note is not None:
            # What cannot be logged has no answer, and is asked again.
            note()
        return told

    def _told(self, values: list[float], body: bytes, began: int) -> bytes:
        answer = self._wording.answer(values, random_id(), self._level)
        told = _ENCODE(answer)
        if self._entries is not None:
            self._entries.write_one(body, began, answer.id, told)
        return told
