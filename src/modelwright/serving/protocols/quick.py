"""Which requests are answered while they are read, without the app."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from modelwright.serving.container import VertexRoutes
from modelwright.serving.limits import Limits
from modelwright.serving.protocols.binary import LENGTH_HEADER
from modelwright.serving.protocols.invocations import Invocations
from modelwright.serving.protocols.mlflow import PATH as INVOKE
from modelwright.serving.protocols.plain import PATH as PREDICT
from modelwright.serving.protocols.plain import Plain
from modelwright.serving.protocols.protocol import Protocol
from modelwright.serving.wire.head import Head

_TELLING = frozenset({b"content-encoding", b"origin", LENGTH_HEADER.lower().encode()})
"""Headers of a request that needs more than an answer to its body as it is."""


class Quick(NamedTuple):
    """A route that answers few rows at once.

    Parameters
    ----------
    endpoint
        Who answers, as it is counted.
    answer
        Returns JSON for a body; None where it goes the usual way.
    takes
        Whether nothing else that the head says is to be heeded.
    """

    endpoint: str
    answer: Callable[[bytes], bytes | None]
    takes: Callable[[Head], bool] = lambda _: True


class QuickRoutes:
    """Finds who answers a request at once.

    Parameters
    ----------
    routes
        By their paths.
    body_bytes
        The largest body.
    """

    def __init__(self, routes: Mapping[str, Quick], *, body_bytes: int) -> None:
        self._routes = routes
        self._body_bytes = body_bytes

    def find(self, head: Head, body: bytes) -> Quick | None:
        """Return who may answer; None where a request goes the usual way.

        Parameters
        ----------
        head, body
            Of the request, which is whole.
        """
        quick = self._routes.get(head.path)
        if quick is None or head.method != "POST" or len(body) > self._body_bytes:
            return None
        # Of a header that stands twice the usual way knows which one counts.
        if not _TELLING.isdisjoint(head.named) or len(head.named) < len(head.headers):
            return None
        return quick if quick.takes(head) else None


def quick_routes(
    protocols: tuple[Plain, Protocol, Invocations], limits: Limits, vertex: VertexRoutes | None
) -> QuickRoutes:
    """Return the routes of a model that answer few rows at once.

    Parameters
    ----------
    protocols
        That have such routes.
    limits
        Of bytes.
    vertex
        Where Vertex AI asks: it may give a path to rows of its own form.
    """
    plain, protocol, invocations = protocols
    routes = {
        PREDICT: Quick("predict", plain.predict_at_once),
        INVOKE: Quick("invoke", invocations.invoke_at_once, invocations.takes_at_once),
        **dict.fromkeys(protocol.quick_paths, Quick("infer", protocol.infer_at_once)),
    }
    if vertex is not None:
        routes.pop(vertex.predict, None)
    return QuickRoutes(routes, body_bytes=limits.body_bytes)
