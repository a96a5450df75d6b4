"""The dashboard below a path of a model's server."""

from collections.abc import Callable

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/ui"


def beside(dashboard: ASGIApp) -> Callable[[ASGIApp], ASGIApp]:
    """Return what puts a dashboard beside a server's own addresses.

    The server's guard does not stand before it: browsers send no token in a header, so the
    dashboard asks for it itself.

    Parameters
    ----------
    dashboard
        What answers below `PATH`.
    """

    def join(server: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            path = scope.get("path", "")
            if scope["type"] != "http" or not (path == PATH or path.startswith(f"{PATH}/")):
                await server(scope, receive, send)
            elif path == PATH:
                await RedirectResponse(f"{PATH}/")(scope, receive, send)
            else:
                await dashboard({**scope, "root_path": PATH}, receive, send)

        return answer

    return join
