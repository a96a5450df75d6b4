"""The app asked without a socket: for hosts that hand over requests themselves."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Question:
    """A request.

    Parameters
    ----------
    method, path
        As in HTTP.
    body
        What is sent.
    headers
        By name, in any case.
    """

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What the app answered.

    Parameters
    ----------
    status
        As in HTTP.
    headers
        By name, in lower case.
    body
        What came back.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


async def ask(app: ASGIApp, question: Question) -> Reply:
    """Ask the app, and wait for its whole answer.

    Parameters
    ----------
    app
        What `create_app` returned.
    question
        The request.
    """
    sent: list[Message] = []
    told = iter([{"type": "http.request", "body": question.body, "more_body": False}])

    async def receive() -> Message:
        for message in told:
            return message
        # Nobody goes away before the answer is whole: an answer in parts would end early.
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def send(message: Message) -> None:
        sent.append(message)

    await app(_scope(question), receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    return Reply(
        status=start["status"],
        headers={
            name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]
        },
        body=b"".join(message.get("body", b"") for message in sent),
    )


def _scope(question: Question) -> dict[str, Any]:
    path, _, query = question.path.partition("?")
    headers = {name.lower(): value for name, value in question.headers.items()}
    headers["content-length"] = str(len(question.body))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": question.method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in headers.items()
        ],
        "client": None,
        "server": None,
    }
