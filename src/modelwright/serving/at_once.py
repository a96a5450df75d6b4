"""One row answered at once: from the bytes of a request to those of its answer."""

import time

import msgspec

from modelwright.serving.doorway import Doorway
from modelwright.serving.entries import Entries
from modelwright.serving.naming import random_id
from modelwright.serving.wording import Wording

_ENCODE = msgspec.json.Encoder().encode


class AtOnce:
    """Answers one row as it was sent; the client and the ledger get the same bytes.

    Parameters
    ----------
    doorway
        From a body to the program's numbers.
    wording
        From these to an answer.
    entries
        Where answers are logged; None to log nothing.
    """

    def __init__(self, doorway: Doorway, wording: Wording, entries: Entries | None) -> None:
        self._doorway = doorway
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
        began = time.perf_counter()
        values = self._doorway(body)
        if values is None:
            return None
        answer = self._wording.answer(values, random_id(), self._level)
        told = _ENCODE(answer)
        if self._entries is not None:
            self._entries.write_one(body, began, answer.id, told)
        return told
