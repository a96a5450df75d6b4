"""Bodies in and out: JSON whatever the content type says, bounded, and errors in one shape."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from modelwright.errors import ModelwrightError

_DRAINED = 4
"""A body this many times too large is still read to its end, so that the client hears why."""

_Message = TypeVar("_Message")


async def read_body(request: Request, largest: int) -> bytes:
    """Read a body up to a number of bytes.

    Raises
    ------
    HTTPException
        413 when it is larger, 400 when there is none.
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
        raise HTTPException(400, "The body is empty. Send JSON.")
    return bytes(body)


def decode_json(body: bytes, kind: type[_Message]) -> _Message:
    """Read JSON; NaN and Infinity are none.

    Raises
    ------
    HTTPException
        400 with what is wrong.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except RecursionError as error:
        raise HTTPException(400, "The body is nested too deeply.") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise HTTPException(400, f"The body is not what is expected: {error}.") from error


def json_response(
    content: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with JSON."""
    return Response(
        msgspec.json.encode(content), status, headers=headers, media_type="application/json"
    )


def error_response(
    sentence: str, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with an error, in the one shape that every route uses."""
    return json_response({"error": sentence}, status, headers)


def refuse(_: Request, error: Exception) -> Response:
    """Turn a refusal into its answer."""
    assert isinstance(error, HTTPException)
    return error_response(error.detail, error.status_code, error.headers)


def fail(_: Request, error: Exception) -> Response:
    """Answer when the server itself is at fault; the traceback goes to its log only."""
    sentence = str(error) if isinstance(error, ModelwrightError) else "The server failed."
    return error_response(sentence, 500)


def _too_large(largest: int) -> HTTPException:
    return HTTPException(413, f"The body is larger than {largest:,} bytes. Send fewer rows.")
