"""What a form holds that was sent, and the file that came with one."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

LARGEST_FORM = 1 << 20
LARGEST_FILE = 64 << 20
_MOST_FIELDS = 5_000


async def read_fields(request: Request) -> dict[str, str]:
    """Return the fields of a form without a file.

    Raises
    ------
    HTTPException
        413 when it is too large, 400 when it is no form.
    """
    body = b"".join([part async for part in _bounded(request, LARGEST_FORM)])
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400, "That is no form.") from error
    return dict(pairs)


@asynccontextmanager
async def uploaded(request: Request) -> AsyncIterator[tuple[Mapping[str, str], str, bytes]]:
    """Yield the fields of a form, and the name and the bytes of the one file in it.

    Raises
    ------
    HTTPException
        413 when it is too large, 400 when it is no such form.
    """
    bounded = _Bounded(request.scope, request.receive)
    try:
        form = await bounded.form(max_files=1, max_fields=10)
    except MultiPartException as error:
        raise HTTPException(400, "That is no form with a file.") from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise HTTPException(400, "There is no file. Choose one.")
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        yield fields, file.filename, await file.read()
    finally:
        await form.close()


class _Bounded(Request):
    """A request whose body is no larger than a file may be."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        async for part in _bounded_parts(super().stream(), LARGEST_FILE + LARGEST_FORM):
            yield part


def _bounded(request: Request, largest: int) -> AsyncIterator[bytes]:
    return _bounded_parts(request.stream(), largest)


async def _bounded_parts(parts: AsyncIterator[bytes], largest: int) -> AsyncIterator[bytes]:
    size = 0
    async for part in parts:
        size += len(part)
        if size > largest:
            raise HTTPException(413, f"More than {largest >> 20} MB was sent. Send less at once.")
        yield part
