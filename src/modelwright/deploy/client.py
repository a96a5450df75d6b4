"""What the acceptance tests ask a server with: the standard library, as any client might."""

import http.client
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from modelwright.errors import ServiceError


@dataclass(frozen=True)
class Reply:
    """What a server answered.

    Parameters
    ----------
    status
        The HTTP status.
    body
        The JSON object; empty when it was none.
    """

    status: int
    body: dict[str, Any]


class Client:
    """One connection to a server on this machine, opened again when the server closed it."""

    def __init__(self, port: int, *, timeout_s: float = 30.0) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str) -> Reply:
        """Ask for a path."""
        return self._ask("GET", path, None)

    def post(self, path: str, content: object) -> Reply:
        """Send JSON; bytes are sent as they are."""
        sent = content if isinstance(content, bytes) else msgspec.json.encode(content)
        return self._ask("POST", path, sent)

    def is_ready(self) -> bool:
        """Say whether the server answers that it is ready."""
        try:
            return self.get("/v2/health/ready").status == 200
        except ServiceError:
            return False

    def _ask(self, method: str, path: str, body: bytes | None) -> Reply:
        try:
            self._connection.request(method, path, body, {"Content-Type": "application/json"})
            response = self._connection.getresponse()
            return Reply(response.status, _object(response.read()))
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise ServiceError(f"The server did not answer {method} {path}: {error!r}.") from error


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, ValueError):
        return {}
