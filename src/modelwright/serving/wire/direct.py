"""The short way to a route that is asked all the time: past routers and middlewares."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from modelwright.errors import ServiceError, WorkspaceError
from modelwright.serving.wire.messages import fail, refuse, refuse_unfed, refuse_unlogged

Endpoint = Callable[[Request], Awaitable[Response]]


class Direct:
    """An ASGI app that answers some requests itself and hands on all others.

    A route has the same answer either way, refusals and faults included.

    Parameters
    ----------
    app
        Answers what is not named here.
    endpoints
        By method and path; a path is sent as it stands here, or takes the long way.
    """

    def __init__(self, app: ASGIApp, endpoints: Mapping[tuple[str, str], Endpoint]) -> None:
        self._app = app
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        endpoint = self._endpoints.get((scope["method"], scope["path"]))
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        scope["endpoint"] = endpoint
        request = Request(scope, receive)
        try:
            response = await endpoint(request)
        except HTTPException as error:
            response = refuse(request, error)
        except WorkspaceError as error:
            response = refuse_unlogged(request, error)
        except ServiceError as error:
            response = refuse_unfed(request, error)
        except Exception as error:
            await fail(request, error)(scope, receive, send)
            raise
        await response(scope, receive, send)
