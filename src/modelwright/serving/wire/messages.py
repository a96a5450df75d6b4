"""Bodies in and out: JSON whatever the content type says, bounded, and errors in one shape."""

import json
import math
import zlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from modelwright.errors import ModelwrightError, ServiceError
from modelwright.serving.halves import require_whole_characters
from modelwright.serving.limits import USUAL_LIMITS
from modelwright.serving.reason import reason_of
from modelwright.serving.wire.strict import require_strict

JSON = "application/json"
_DRAINED = 4
"""A body this many times too large is still read to its end, so that the client hears why."""

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32

_Message = TypeVar("_Message")


async def read_body(request: Request, largest: int) -> bytes:
    """Read a body up to a number of bytes.

    Raises
    ------
    HTTPException
        413 when it is larger, 400 when there is none, 415 when it is packed in an unknown way.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > _DRAINED * largest:
        raise _too_large(largest)
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= largest:
            body += chunk
        elif size > _DRAINED * largest:
            break
    if size > largest:
        raise _too_large(largest)
    if not body.strip():
        raise HTTPException(400, "The body is empty. Send rows.")
    return _unpacked(bytes(body), request.headers.get("content-encoding", ""), largest)


def decode_json(body: bytes, kind: type[_Message], *, depth: int = USUAL_LIMITS.depth) -> _Message:
    """Read JSON; NaN and Infinity are none, and no key may stand twice in one object.

    Parameters
    ----------
    body
        What was sent.
    kind
        What is expected.
    depth
        How deep lists and objects may stand in each other.

    Raises
    ------
    HTTPException
        400 with what is wrong.
    """
    try:
        message = msgspec.json.decode(body, type=kind)
        plain = message if isinstance(message, dict) else msgspec.json.decode(body)
        require_strict(body, plain, depth=depth)
        return message
    except RecursionError as error:
        raise HTTPException(400, "The body is nested too deeply.") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise HTTPException(
            400, f"The body is not what is expected: {reason_of(body, error)}."
        ) from error


def decode_json_with_nan(body: bytes, *, depth: int = USUAL_LIMITS.depth) -> Any:
    """Read JSON as Python's own writer makes it: a bare NaN, which is no JSON, is null.

    Parameters
    ----------
    body, depth
        As in `decode_json`.

    Raises
    ------
    HTTPException
        400 with what is wrong.

    Examples
    --------
    >>> decode_json_with_nan(b'{"age": NaN}')
    {'age': None}
    """
    if b"NaN" not in body:
        return decode_json(body, Any, depth=depth)
    try:
        # Of bytes, the reader of Python would let halves of characters through.
        text = body.decode("utf-8")
        content = json.loads(text, parse_constant=_null_of_nan, parse_float=_finite)
        require_whole_characters(body)
        require_strict(body, content, depth=depth)
        return content
    except RecursionError as error:
        raise HTTPException(400, "The body is nested too deeply.") from error
    except ValueError as error:
        raise HTTPException(
            400, f"The body is not what is expected: {reason_of(body, error)}."
        ) from error


def json_response(
    content: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(content), status, headers=headers, media_type=JSON)


def error_response(
    sentence: str, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with an error, in the one shape that every route uses."""
    return json_response({"error": sentence}, status, headers)


def raw_error(sentence: str, status: int, *, date: bytes, closes: bool) -> bytes:
    """Return an error with its head, for a request that no app gets to see."""
    body = msgspec.json.encode({"error": sentence})
    head = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode(),
        date,
        b"content-type: application/json\r\n",
        f"content-length: {len(body)}\r\n".encode(),
        b"retry-after: 1\r\n" if status == 503 else b"",
        b"connection: close\r\n" if closes else b"",
    ]
    return b"".join([*head, b"\r\n", body])


def refuse(request: Request, error: Exception) -> Response:
    """Turn a refusal into its answer."""
    assert isinstance(error, HTTPException)
    sentence = error.detail
    if sentence == HTTPStatus.NOT_FOUND.phrase:
        sentence = f"There is no route {request.url.path!r:.80}. GET /openapi.json lists them."
    elif sentence == HTTPStatus.METHOD_NOT_ALLOWED.phrase:
        allowed = (error.headers or {}).get("Allow", "")
        sentence = f"{request.method:.20} is not what this route takes. Send {allowed}."
    return error_response(sentence, error.status_code, error.headers)


def refuse_unlogged(_: Request, error: Exception) -> Response:
    """Refuse what cannot be logged: the ledger may have room again soon."""
    return error_response(str(error), 503, {"Retry-After": "1"})


def refuse_unfed(_: Request, error: Exception) -> Response:
    """Refuse rows whose features cannot be made now; where from is nothing that clients hear."""
    assert isinstance(error, ServiceError)
    remedy = "Try again, or send the features as fields of a row."
    return error_response(f"{error.found} {remedy}", 503, {"Retry-After": "1"})


def fail(_: Request, error: Exception) -> Response:
    """Answer when the server itself is at fault; the traceback goes to its log only."""
    sentence = str(error) if isinstance(error, ModelwrightError) else "The server failed."
    return error_response(sentence, 500)


def _null_of_nan(constant: str) -> None:
    if constant != "NaN":
        raise ValueError(f"{constant} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits:.40} is out of range")
    return number


def _unpacked(body: bytes, encoding: str, largest: int) -> bytes:
    """Return a body as it was before a client packed it, and never more than is allowed."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    if name not in ("gzip", "deflate"):
        raise HTTPException(
            415, f"The body is packed as {encoding!r:.40}. Send it plain, or as gzip or deflate."
        )
    packed = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        unpacked = packed.decompress(body, largest + 1)
    except zlib.error as error:
        raise HTTPException(400, f"The body is no {name}: {error}.") from error
    if len(unpacked) > largest:
        raise _too_large(largest)
    # Rows of CSV that end early are rows: only the end that was packed with them says so.
    if not packed.eof:
        raise HTTPException(400, f"The body is no whole {name}: it ends too early. Send it again.")
    if packed.unused_data:
        raise HTTPException(400, f"More follows the end of the {name}. Pack the body as one.")
    return unpacked


def _too_large(largest: int) -> HTTPException:
    return HTTPException(413, f"The body is larger than {largest:,} bytes. Send fewer rows.")
