"""One line in the ledger for each answer, before anybody gets it."""

import socket
import time
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from modelwright.predictor.kernel.library import library
from modelwright.predictor.kernel.lines import NEWS, KernelLines
from modelwright.serving.answers.answer import Answer, Answers
from modelwright.serving.rows.record import Record
from modelwright.workspace.ledger.rows import Entry, Role
from modelwright.workspace.ledger.sampling import keeps_row
from modelwright.workspace.ledger.writer import LedgerWriter
from modelwright.workspace.spool.file import LineForm

_LONGEST_RAW = 1 << 14
"""Bytes of a row; a longer one is written again, without what stands between its values."""
_NO_ROW = b"null"


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
        rate = writer.inputs_rate
        self._form = LineForm(version=version, role=role, host=self._host, inputs_rate=rate)
        self._lines = _kernel_lines(writer, self._form)

    @property
    def is_refusing(self) -> bool:
        """Whether the last answer could not be written, and none may be lost."""
        return self._writer.is_refusing

    def write_one(self, body: bytes, began_ns: int, name: str, answer: bytes) -> None:
        """Write the answer to one row; both stay the JSON that they are, where that is short.

        Parameters
        ----------
        body
            The row as it was sent: sound JSON.
        began_ns
            When, as `time.perf_counter_ns` told it.
        name, answer
            The id that the server gave to the answer, and the answer described.

        Raises
        ------
        WorkspaceError
            As `write`.
        """
        at, taken_ns = self._clock(), time.perf_counter_ns() - began_ns
        if self._lines is not None:
            written = self._lines.write(name.encode(), body, answer, at, taken_ns)
            if written == NEWS:
                self._writer.take_note()
            if written:
                return
        if len(body) > _LONGEST_RAW or b"\n" in body:
            # An entry is one line, and of spaces without end nothing is kept.
            body = msgspec.json.encode(msgspec.json.decode(body))
        row = body if keeps_row(name, self._writer.inputs_rate) else _NO_ROW
        self._writer.put_lines(
            self._form.line(name, at=at, inputs=row, output=answer, latency_ns=taken_ns)
        )

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


def _kernel_lines(writer: LedgerWriter, form: LineForm) -> KernelLines | None:
    """Return who writes lines sooner; None where rows are sampled, or the kernel is not there."""
    kernel = library()
    if kernel is None or not kernel.logs or writer.inputs_rate < 1.0:
        return None
    return KernelLines(writer.place, version=form.version, rest=form.rest, library=kernel)
