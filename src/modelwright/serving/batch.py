"""A file of rows in, its answers out while they are made.

::

    POST /predict/batch   Content-Type: text/csv   ->  CSV, a line for each row

The upload is kept on disk until it is whole: a client that sends first and reads later would
otherwise wait for a server that waits for it, and Parquet has its directory at the end. From
there it is read in pieces, so that memory stays flat however long the file is.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import IO

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from modelwright.errors import InputError, MissingDependencyError
from modelwright.serving.answering import Answering
from modelwright.serving.answers import Record
from modelwright.serving.limits import Limits
from modelwright.serving.plain import MAX_ID
from modelwright.serving.rows_in import (
    ALSO,
    CSV,
    LINES,
    PARQUET,
    Row,
    check_columns,
    in_pieces,
    open_rows,
)
from modelwright.serving.rows_out import Answered, CsvOut, LinesOut, RowsOut

PATH = "/predict/batch"
_IN_MEMORY = 1 << 20
_PIECE_CELLS = 10_000
"""So many values are answered at once: short enough that other requests go on between two."""


class Batch:
    """The route for files of rows.

    Parameters
    ----------
    responder
        What answers.
    limits
        Of bytes and of seconds between two parts of an upload.
    new_id
        Names the answers to rows that have no id.
    """

    def __init__(self, responder: Answering, limits: Limits, new_id: Callable[[], str]) -> None:
        self._responder = responder
        self._limits = limits
        self._new_id = new_id
        width = max(1, len(responder.accepted.names))
        self._formats = {
            column.name: column.datetime_format
            for column in responder.accepted
            if column.datetime_format
        }
        self._piece = max(1, _PIECE_CELLS // width)

    async def predict_batch(self, request: Request) -> Response:
        """Answer the rows of a file."""
        kind, wanted = _kind_sent(request), _kind_wanted(request)
        asked = _Asked(request, self._responder)
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by the stream
        try:
            await self._keep(request, file)
            pieces = await asyncio.to_thread(self._begin, file, kind, asked)
        except BaseException:
            file.close()
            raise
        out = CsvOut(self._responder.bundle.program) if wanted == CSV else LinesOut()
        stream = self._stream(pieces, out, asked, file)
        return StreamingResponse(stream, media_type=wanted)

    async def _keep(self, request: Request, file: IO[bytes]) -> None:
        size, parts = 0, aiter(request.stream())
        while True:
            try:
                async with asyncio.timeout(self._limits.seconds):
                    part = await anext(parts)
            except StopAsyncIteration:
                break
            except TimeoutError as error:
                raise HTTPException(408, "The file did not arrive in time.") from error
            size += len(part)
            if size > self._limits.upload_bytes:
                limit = self._limits.upload_bytes
                raise HTTPException(413, f"The file is larger than {limit:,} bytes. Split it.")
            file.write(part)
        if not size:
            raise HTTPException(400, "The body is empty. Send a file of rows.")
        file.seek(0)

    def _begin(self, file: IO[bytes], kind: str, asked: "_Asked") -> Iterator[list[Row]]:
        """Read the first rows, so that what is wrong with all of the file has its own status."""
        schema = self._responder.accepted
        try:
            rows = open_rows(file, kind, separator=asked.separator, formats=self._formats)
            pieces = in_pieces(check_columns(rows, schema, spare=asked.spare), self._piece)
            first = next(pieces, None)
        except MissingDependencyError as error:
            raise HTTPException(415, str(error)) from error
        except InputError as error:
            raise HTTPException(422, str(error)) from error
        if first is None:
            raise HTTPException(422, "There are no rows. Send at least one.")
        return _before(first, pieces)

    async def _stream(
        self, pieces: Iterator[list[Row]], out: RowsOut, asked: "_Asked", file: IO[bytes]
    ) -> AsyncIterator[bytes]:
        try:
            yield out.head()
            number = 1
            while True:
                try:
                    piece = await asyncio.to_thread(next, pieces, None)
                except InputError as error:
                    # In the stream, because its status is long gone; then cut, so that nobody
                    # takes it for whole.
                    yield out.broken_off(str(error))
                    raise
                if piece is None:
                    return
                answers = await asyncio.to_thread(self._answer, piece, asked)
                yield out.piece(answers, first=number)
                number += len(piece)
        finally:
            file.close()

    def _answer(self, piece: Sequence[Row], asked: "_Asked") -> list[Answered]:
        """Answer some rows at once; when one is refused, each by itself."""
        try:
            sound = [row for row in piece if not isinstance(row, InputError)]
            if len(sound) == len(piece):
                return self._answer_rows(sound, asked)
        except InputError:
            pass
        answers: list[Answered] = []
        for row in piece:
            try:
                answers += [row] if isinstance(row, InputError) else self._answer_rows([row], asked)
            except InputError as error:
                answers.append(error)
        return answers

    def _answer_rows(self, rows: Sequence[Record], asked: "_Asked") -> list[Answered]:
        ids = [self._id(row, asked.id_column) for row in rows]
        kept = [
            {name: value for name, value in row.items() if name not in asked.dropped}
            if asked.dropped
            else row
            for row in rows
        ]
        answers = self._responder.respond_here(kept, ids, level=asked.level)
        return [*self._responder.describe(answers)]

    def _id(self, row: Record, column: str) -> str:
        given = row.get(column) if column else None
        if given is None:
            return self._new_id()
        name = str(given)
        if not 0 < len(name) <= MAX_ID:
            raise InputError(f"The id {name!r:.40} has no 1 to {MAX_ID} characters.")
        return name


class _Asked:
    """What the address asks: ``?id=order&ignore=name,city&coverage=0.95&separator=;``."""

    def __init__(self, request: Request, responder: Answering) -> None:
        query = request.query_params
        for name in query:
            if name not in ("id", "ignore", "coverage", "separator"):
                raise HTTPException(
                    422, f"There is no {name!r} to ask for: id, ignore, coverage or separator."
                )
        self.id_column = query.get("id", "")
        self.separator = query.get("separator", ",")
        if len(self.separator) != 1 or self.separator in '"\r\n':
            raise HTTPException(422, f"The separator {self.separator!r:.20} is not one character.")
        ignored = {name for each in query.getlist("ignore") for name in each.split(",") if name}
        self.spare = frozenset(ignored | ({self.id_column} if self.id_column else set()))
        known = {*responder.accepted.names}
        self.dropped = frozenset(ignored | (self.spare - known))
        try:
            self.level = responder.level(float(query["coverage"]) if "coverage" in query else None)
        except (ValueError, InputError) as error:
            raise HTTPException(422, f"'coverage' is not offered: {error}") from error


def _kind_sent(request: Request) -> str:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "The file is packed. Send it as it is.")
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    kind = ALSO.get(given, given)
    if kind not in (CSV, LINES, PARQUET):
        raise HTTPException(
            415, f"A file of the type {given!r:.60} is not read. Send {CSV}, {LINES} or {PARQUET}."
        )
    return kind


def _kind_wanted(request: Request) -> str:
    accepted = request.headers.get("accept", "*/*").lower()
    for name in (CSV, LINES, *ALSO):
        kind = ALSO.get(name, name)
        if name in accepted and kind != PARQUET:
            return kind
    if "*/*" not in accepted and "text/*" not in accepted:
        raise HTTPException(406, f"Answers come as {CSV} or {LINES}. Accept one of them.")
    return LINES if _kind_sent(request) == LINES else CSV


def _before(first: list[Row], pieces: Iterator[list[Row]]) -> Iterator[list[Row]]:
    yield first
    yield from pieces
