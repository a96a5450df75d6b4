"""Rows in whatever form a client sends them, predictions in the form that it accepts.

MLflow's clients and SageMaker's ask in the same way: one route, the form of rows in the content
type, the form of predictions in the header Accept.
"""

from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from modelwright.errors import InputError, ModelwrightError
from modelwright.serving.answers.answering import Answering
from modelwright.serving.answers.naming import random_ids
from modelwright.serving.limits import FEW_BYTES, Limits, require_few
from modelwright.serving.protocols.asked import Asked, AskedReader
from modelwright.serving.protocols.plain import MAX_ID
from modelwright.serving.protocols.predictions import predictions_of, require_offered
from modelwright.serving.rows.delimited import csv_of
from modelwright.serving.rows.mediatypes import (
    CSV,
    JSON,
    JSON_LINES,
    MediaType,
    choose_media_type,
    read_media_type,
)
from modelwright.serving.wire.head import Head
from modelwright.serving.wire.messages import json_response, read_body

INFERENCE_ID = "X-Amzn-SageMaker-Inference-Id"
ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"

_HEADERS = frozenset(name.lower().encode() for name in (INFERENCE_ID, ATTRIBUTES))
_SENT = frozenset({b"application/json", b"application/json; charset=utf-8"})
_WANTED = frozenset({b"*/*", b"application/json"})
"""What nearly all clients say of a body of JSON, and of what they accept."""
_AS_JSON = MediaType(JSON)
_INLINE_BYTES = 1 << 16
"""A longer body is read in a thread, so that other requests go on."""


class Invocations:
    """The route for rows in any form.

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
        self._reader = AskedReader(responder.accepted, limits)

    async def invoke(self, request: Request) -> Response:
        """Answer rows."""
        headers = request.headers
        sent = read_media_type(headers.get("content-type"))
        wanted = choose_media_type(headers.get("accept"), (JSON, CSV, JSON_LINES))
        body = await read_body(request, self._limits.body_bytes)
        asked = await self._read(body, sent, _attributes(headers.get(ATTRIBUTES, "")))
        predictions = await self._predict(asked, headers.get(INFERENCE_ID, ""), wanted)
        return _written(predictions, wanted)

    def takes_at_once(self, head: Head) -> bool:
        """Say whether a request has nothing but JSON, and wants nothing else."""
        named = head.named
        return (
            named.get(b"content-type", b"application/json").lower() in _SENT
            and named.get(b"accept", b"*/*") in _WANTED
            and _HEADERS.isdisjoint(named)
        )

    def invoke_at_once(self, sent: bytes) -> bytes | None:
        """Answer few rows in JSON; None where they go the usual way."""
        if len(sent) > FEW_BYTES:
            return None
        try:
            asked = self._reader(sent, _AS_JSON, {})
            self._require_answerable(asked, JSON)
            ids, level = random_ids(len(asked.rows)), asked.options.coverage
            answers = self._responder.respond_to_few_at_once(asked.rows, ids, level=level)
        except (HTTPException, ModelwrightError):
            # The usual way meets it too, and tells it.
            return None
        if answers is None:
            return None
        told = predictions_of(answers, asked.options, self._responder)
        return msgspec.json.encode({"predictions": told})

    async def predict_instances(self, request: Request) -> Response:
        """Answer ``{"instances": […], "parameters": {…}}``, whatever its content type."""
        body = await read_body(request, self._limits.body_bytes)
        asked = self._reader.instances(body)
        return _written(await self._predict(asked, "", JSON), JSON)

    async def _predict(self, asked: Asked, given_id: str, wanted: str) -> list[Any]:
        self._require_answerable(asked, wanted)
        ids = self._ids(len(asked.rows), given_id)
        try:
            answers = await self._responder.respond(asked.rows, ids, level=asked.options.coverage)
        except InputError as error:
            raise HTTPException(400, str(error)) from error
        return predictions_of(answers, asked.options, self._responder)

    def _require_answerable(self, asked: Asked, wanted: str) -> None:
        if not asked.rows:
            raise HTTPException(400, "There are no rows. Send at least one.")
        require_few(len(asked.rows), self._limits)
        require_offered(asked.options, self._responder)
        if wanted == CSV and asked.options.answers == "full":
            raise HTTPException(406, f"CSV holds no full answers. Accept {JSON}, {JSON_LINES}.")

    async def _read(self, body: bytes, sent: MediaType, parameters: dict[str, Any]) -> Asked:
        if len(body) <= _INLINE_BYTES:
            return self._reader(body, sent, parameters)
        return await run_in_threadpool(self._reader, body, sent, parameters)

    def _ids(self, rows: int, given: str) -> list[str]:
        if not given:
            return random_ids(rows)
        if len(given) > MAX_ID:
            raise HTTPException(400, f"{INFERENCE_ID} has more than {MAX_ID} characters.")
        return [given] if rows == 1 else [f"{given}-{number}" for number in range(rows)]


def _written(predictions: list[Any], wanted: str) -> Response:
    if wanted == JSON:
        return json_response({"predictions": predictions})
    if wanted == CSV:
        rows = (each if isinstance(each, list) else [each] for each in predictions)
        return Response(csv_of(rows), media_type=f"{CSV}; charset=utf-8")
    lines = b"".join(msgspec.json.encode(each) + b"\n" for each in predictions)
    return Response(lines, media_type=JSON_LINES)


def _attributes(header: str) -> dict[str, Any]:
    """Read ``answers=full,coverage=0.95``."""
    pairs = (part.partition("=") for part in header.split(",") if part.strip())
    read: dict[str, Any] = {name.strip(): value.strip() for name, _, value in pairs}
    try:
        return {**read, **({"coverage": float(read["coverage"])} if "coverage" in read else {})}
    except ValueError as error:
        raise HTTPException(400, f"{ATTRIBUTES}: 'coverage' is no number.") from error
