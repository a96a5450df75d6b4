"""One line in the ledger for each answer, before anybody gets it."""

import socket
import time
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from modelwright.serving.answers import Answer, Answers, Record
from modelwright.workspace.ledger_rows import Entry, Role
from modelwright.workspace.ledger_writer import LedgerWriter

_LONGEST_RAW = 1 << 14
"""Bytes of a row; a longer one is written again, without what stands between its values."""


class Entries:
    """Writes answers to the ledger.

    Parameters
    ----------
    writer
        Where they go.
    clock
        Tells the time in microseconds since 1970.
    version, role
        Who answered, as in the ledger.
    describe
        Returns answers one by one.
    """

    def __init__(
        self,
        writer: LedgerWriter,
        clock: Callable[[], int],
        *,
        version: str,
        role: Role,
        describe: Callable[[Answers], list[Answer]],
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._version = version
        self._role = role
        self._describe = describe
        self._host = socket.gethostname()

    def write_one(self, body: bytes, began: float, name: str, answer: bytes) -> None:
        """Write the answer to one row; both stay the JSON that they are, where that is short.

        Parameters
        ----------
        body
            The row as it was sent: sound JSON.
        began
            When, as `time.perf_counter` told it.
        name, answer
            The id of the answer, and the answer described.

        Raises
        ------
        WorkspaceError
            As `write`.
        """
        # An entry is one line, and of spaces without end nothing is kept.
        is_kept = len(body) <= _LONGEST_RAW and b"\n" not in body
        row = msgspec.Raw(body) if is_kept else msgspec.json.decode(body)
        taken, told = time.perf_counter() - began, msgspec.Raw(answer)
        version, role, host = self._version, self._role, self._host
        self._writer.put([Entry(name, self._clock(), version, row, told, taken, role, host)])

    def write(self, answered: Sequence[tuple[Sequence[Record], float, Answers]]) -> list[Answers]:
        """Write the answers to requests; return them with what was written.

        Parameters
        ----------
        answered
            The rows of each request, when it began, and its answers.

        Raises
        ------
        WorkspaceError
            When there is no room for them and none may be lost.
        """
        written: list[Answers] = []
        entries: list[Entry] = []
        at, now = self._clock(), time.perf_counter()
        version, role, host = self._version, self._role, self._host
        for rows, began, answers in answered:
            described, latency_s = self._describe(answers), now - began
            entries += [
                Entry(answer.id, at, version, row, answer, latency_s, role, host)
                for row, answer in zip(rows, described, strict=True)
            ]
            written.append(replace(answers, described=described))
        self._writer.put(entries)
        return written
