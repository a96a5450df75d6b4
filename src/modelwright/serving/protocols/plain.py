"""Rows with named columns: the simplest way to ask.

::

    POST /predict  {"age": 39, "job": "clerk"}
    POST /predict  {"rows": [{"age": 39}, {"age": 40}], "ids": ["first", "second"]}
                -> {"predictions": [{"id": …, "answer": …, "probabilities": {…}}, …], "model": …}

A model with features of related tables takes them as fields of a row, or makes them of raw rows::

    POST /predict  {"row": {"customer": 7, "at": "2024-05-01"}, "related": {"orders": [{…}, …]}}

Where the bundle states coverage, a prediction has a ``range`` or a ``set`` too; ``coverage`` beside
``rows`` asks for another level than the usual one.
"""

from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from modelwright.errors import InputError, ModelwrightError, nearest
from modelwright.serving.answers.answer import Answers
from modelwright.serving.answers.answering import Answering
from modelwright.serving.answers.naming import random_ids
from modelwright.serving.limits import FEW_BYTES, Limits, require_few
from modelwright.serving.rows.record import Record
from modelwright.serving.wire.messages import JSON, decode_json, json_response, read_body

PATH = "/predict"
MAX_ID = 200
_FIELDS = ("rows", "row", "ids", "coverage", "related")


class Plain:
    """The route for rows with named columns.

    Parameters
    ----------
    responder
        What answers.
    limits
        Of bytes and rows.
    """

    def __init__(self, responder: Answering, limits: Limits) -> None:
        self._responder = responder
        self._limits = limits
        model = msgspec.json.encode(responder.bundle.hash).replace(b"%", b"%%")
        self._around = b'{"predictions":[%b],"model":' + model + b"}"

    async def predict(self, request: Request) -> Response:
        """Answer rows."""
        sent = await read_body(request, self._limits.body_bytes)
        try:
            told = self._one_at_once(sent)
            if told is not None:
                return Response(told, media_type=JSON)
            answers = await self._answers(sent)
        except InputError as error:
            raise HTTPException(422, str(error)) from error
        return json_response(self._told(answers))

    def predict_at_once(self, sent: bytes) -> bytes | None:
        """Answer one row or a few in JSON; None where they go the usual way.

        Raises
        ------
        SchemaError
            When a row alone has no finite answer.
        WorkspaceError
            When it cannot be logged, and none may be lost.
        """
        told = self._one_at_once(sent)
        if told is None and b"[" in sent and len(sent) <= FEW_BYTES:
            return self._few_at_once(sent)
        return told

    def _one_at_once(self, sent: bytes) -> bytes | None:
        told = self._responder.respond_at_once(sent)
        return None if told is None else self._around % told

    def _few_at_once(self, sent: bytes) -> bytes | None:
        try:
            body = decode_json(sent, dict[str, Any], depth=self._limits.depth)
            if not _is_batch(body) or "related" in body:
                return None
            rows, ids = self._rows_and_ids(body)
            answers = self._responder.respond_to_few_at_once(rows, ids, level=body.get("coverage"))
        except (HTTPException, ModelwrightError):
            # The usual way meets it too, and tells it.
            return None
        return None if answers is None else msgspec.json.encode(self._told(answers))

    def _told(self, answers: Answers) -> dict[str, Any]:
        return {"predictions": self._responder.describe(answers), "model": answers.model}

    def _rows_and_ids(self, body: dict[str, Any]) -> tuple[list[Record], list[str]]:
        rows = _rows(body)
        require_few(len(rows), self._limits)
        return rows, _client_ids(body, len(rows)) or random_ids(len(rows))

    async def _answers(self, sent: bytes) -> Answers:
        body = decode_json(sent, dict[str, Any], depth=self._limits.depth)
        rows, ids = self._rows_and_ids(body)
        level = body.get("coverage") if _is_batch(body) else None
        related = _related(body) if _is_batch(body) else None
        return await self._responder.respond(rows, ids, level=level, related=related)


def _rows(body: dict[str, Any]) -> list[Record]:
    if not _is_batch(body):
        return [body]
    if (unknown := next((name for name in body if name not in _FIELDS), None)) is not None:
        raise HTTPException(
            422, f"There is no field {unknown!r:.80} beside 'rows'. {nearest(unknown, _FIELDS)}"
        )
    if _is_one(body):
        return [body["row"]]
    for number, row in enumerate(body["rows"], 1):
        if not isinstance(row, dict):
            raise HTTPException(422, f"Row {number} is no object. Send {{column: value}}.")
    rows: list[Record] = body["rows"]
    return rows


def _client_ids(body: dict[str, Any], n_rows: int) -> list[str]:
    ids = body.get("ids") if _is_batch(body) else None
    if ids is None:
        return []
    fits = isinstance(ids, list) and len(ids) == n_rows
    if not fits or not all(isinstance(each, str) and 0 < len(each) <= MAX_ID for each in ids):
        raise HTTPException(
            422, f"'ids' is not one text of 1 to {MAX_ID} characters for each of {n_rows} rows."
        )
    if len(set(ids)) < n_rows:
        raise HTTPException(422, "Two rows have the same id.")
    return list(ids)


def _is_batch(body: dict[str, Any]) -> bool:
    # No value of a column is a list, so a column may still be called "rows".
    return isinstance(body.get("rows"), list) or _is_one(body)


def _is_one(body: dict[str, Any]) -> bool:
    return isinstance(body.get("row"), dict) and "rows" not in body


def _related(body: dict[str, Any]) -> dict[str, list[Record]] | None:
    related = body.get("related")
    if related is None:
        return None
    fits = isinstance(related, dict) and all(
        isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        for rows in related.values()
    )
    if not fits:
        raise HTTPException(422, "'related' is no object of lists of rows. Send {table: [row, …]}.")
    tables: dict[str, list[Record]] = related
    return tables
