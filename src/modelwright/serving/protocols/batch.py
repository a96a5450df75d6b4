"""A file of rows in, its answers out while they are made.

::

    POST /predict/batch   Content-Type: text/csv   ->  CSV, a line for each row

The upload is kept on disk until it is whole: a client that sends first and reads later would
otherwise wait for a server that waits for it, and Parquet has its directory at the end. From
there it is read in pieces, so that memory stays flat however long the file is.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import chain
from typing import IO

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from modelwright.errors import InputError, MissingDependencyError, ServiceError
from modelwright.predictor.program import ROWS_AT_ONCE
from modelwright.serving.answers.answer import Answers
from modelwright.serving.answers.answering import Answering
from modelwright.serving.answers.naming import random_id, random_ids
from modelwright.serving.limits import Limits
from modelwright.serving.protocols.download import Answered, CsvOut, LinesOut, RowsOut
from modelwright.serving.protocols.plain import MAX_ID
from modelwright.serving.rows.record import Record
from modelwright.serving.rows.sheets.pieces import open_pieces
from modelwright.serving.rows.sheets.sheet import Piece, Reading, Sheet
from modelwright.serving.rows.upload import ALSO, CSV, LINES, PARQUET, Row

PATH = "/predict/batch"
_IN_MEMORY = 1 << 20
_PIECE_CELLS = 20_000
"""So many values are answered at once: short enough that other requests go on between two."""


class Batch:
    """The route for files of rows.

    Parameters
    ----------
    responder
        What answers.
    limits
        Of bytes and of seconds between two parts of an upload.
    """

    def __init__(self, responder: Answering, limits: Limits) -> None:
        self._responder = responder
        self._limits = limits
        width = max(1, len(responder.accepted.names))
        self._formats = {
            column.name: column.datetime_format
            for column in responder.accepted
            if column.datetime_format
        }
        rows = max(1, _PIECE_CELLS // width)
        self._piece = rows - rows % ROWS_AT_ONCE if rows > ROWS_AT_ONCE else rows

    async def predict_batch(self, request: Request) -> Response:
        """Answer the rows of a file."""
        kind, wanted = _kind_sent(request), _kind_wanted(request)
        program = self._responder.bundle.program
        asked = _Asked(request, self._responder)
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by the stream
        try:
            await self._keep(request, file)
            pieces = await asyncio.to_thread(self._begin, file, kind, asked)
        except BaseException:
            file.close()
            raise
        out = CsvOut(program) if wanted == CSV else LinesOut(self._responder.describe)
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

    def _begin(self, file: IO[bytes], kind: str, asked: "_Asked") -> Iterator[Piece]:
        """Read the first rows, so that what is wrong with all of the file has its own status."""
        try:
            pieces = open_pieces(file, kind, self._reading(asked))
            first = next(pieces, None)
        except MissingDependencyError as error:
            raise HTTPException(415, str(error)) from error
        except InputError as error:
            raise HTTPException(422, str(error)) from error
        if first is None:
            raise HTTPException(422, "There are no rows. Send at least one.")
        # A line of JSON may leave out what it does not know.
        if asked.id_column and kind != LINES and not _is_named(first, asked.id_column):
            raise HTTPException(
                422, f"There is no column {asked.id_column!r:.80} to name the answers."
            )
        return chain([first], pieces)

    def _reading(self, asked: "_Asked") -> Reading:
        return Reading(
            schema=self._responder.bundle.schema,
            accepted=self._responder.accepted,
            ignored=asked.ignored,
            id_column=asked.id_column,
            separator=asked.separator,
            formats=self._formats,
            rows=self._piece,
        )

    async def _stream(
        self, pieces: Iterator[Piece], out: RowsOut, asked: "_Asked", file: IO[bytes]
    ) -> AsyncIterator[bytes]:
        try:
            yield out.head()
            number = 1
            while True:
                try:
                    piece = await asyncio.to_thread(next, pieces, None)
                    if piece is None:
                        return
                    answered = await asyncio.to_thread(self._answer, piece, asked, out, number)
                except (InputError, ServiceError) as error:
                    # In the stream, because its status is long gone; then cut, so that nobody
                    # takes it for whole.
                    why = error.found if isinstance(error, ServiceError) else str(error)
                    yield out.broken_off(why)
                    raise
                yield answered
                number += piece.rows if isinstance(piece, Sheet) else len(piece)
        finally:
            file.close()

    def _answer(self, piece: Piece, asked: "_Asked", out: RowsOut, first: int) -> bytes:
        """Answer some rows at once; when one is refused, each by itself."""
        if isinstance(piece, Sheet):
            answers = self._answer_sheet(piece, asked)
            if answers is not None:
                return out.sheet(answers, first=first)
            piece = piece.one_by_one()
        return out.piece(self._answer_each(piece, asked), first=first)

    def _answer_sheet(self, sheet: Sheet, asked: "_Asked") -> Answers | None:
        """Answer rows in columns; None where each has to be looked at by itself."""
        try:
            return self._responder.respond_in_columns(
                sheet.columns,
                self._ids(sheet),
                level=asked.level,
                records=lambda: asked.kept(sheet.sound()),
            )
        except InputError:
            return None

    def _answer_each(self, rows: Sequence[Row], asked: "_Asked") -> list[Answered]:
        try:
            sound = [row for row in rows if not isinstance(row, InputError)]
            if len(sound) == len(rows):
                return self._answer_rows(sound, asked)
        except InputError:
            pass
        answers: list[Answered] = []
        for row in rows:
            try:
                answers += [row] if isinstance(row, InputError) else self._answer_rows([row], asked)
            except InputError as error:
                answers.append(error)
        return answers

    def _answer_rows(self, rows: Sequence[Record], asked: "_Asked") -> list[Answered]:
        ids = [self._id(row, asked.id_column) for row in rows]
        answers = self._responder.respond_here(asked.kept(rows), ids, level=asked.level)
        return [*self._responder.describe(answers)]

    def _ids(self, sheet: Sheet) -> list[str]:
        if sheet.ids is None:
            return random_ids(sheet.rows)
        return [self._named(given) for given in sheet.ids]

    def _id(self, row: Record, column: str) -> str:
        return self._named(row.get(column) if column else None)

    def _named(self, given: object) -> str:
        if given is None:
            return random_id()
        name = str(given)
        if not 0 < len(name) <= MAX_ID:
            raise InputError(f"The id {name!r:.40} has no 1 to {MAX_ID} characters.")
        return name


def _is_named(piece: Piece, column: str) -> bool:
    if isinstance(piece, Sheet):
        return piece.ids is not None
    return any(isinstance(row, InputError) or column in row for row in piece)


class _Asked:
    """What the address asks: ``?id=order&ignore=name,city&coverage=0.95&separator=;``."""

    def __init__(self, request: Request, responder: Answering) -> None:
        query = request.query_params
        for name in query:
            if name not in ("id", "ignore", "coverage", "separator"):
                raise HTTPException(
                    422, f"There is no {name!r:.80} to ask for: id, ignore, coverage or separator."
                )
        self.id_column = query.get("id", "")
        self.separator = query.get("separator", ",")
        if len(self.separator) != 1 or self.separator in '"\r\n':
            raise HTTPException(422, f"The separator {self.separator!r:.20} is not one character.")
        ignored = {name for each in query.getlist("ignore") for name in each.split(",") if name}
        spare = {self.id_column} - {*responder.accepted.names, ""}
        self.ignored = frozenset(ignored)
        self.dropped = self.ignored | spare
        try:
            self.level = responder.level(float(query["coverage"]) if "coverage" in query else None)
        except (ValueError, InputError) as error:
            raise HTTPException(422, f"'coverage' is not offered: {error}") from error

    def kept(self, rows: Sequence[Record]) -> Sequence[Record]:
        """Return rows without the columns that the model is not asked about."""
        if not self.dropped:
            return rows
        return [
            {name: value for name, value in row.items() if name not in self.dropped} for row in rows
        ]


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
