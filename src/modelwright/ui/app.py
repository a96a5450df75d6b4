"""Every address of the dashboard, as an ASGI app of its own or below a path of another one."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from modelwright.errors import ModelwrightError
from modelwright.report.dashboard.assets import FOLDER
from modelwright.report.dashboard.pages import render_message
from modelwright.ui.actions import ACTIONS, Deed
from modelwright.ui.hall import Hall
from modelwright.ui.headers import Headers
from modelwright.ui.shown import Shown, show_asset
from modelwright.ui.signing import Signing
from modelwright.ui.tried import Tried
from modelwright.ui.visitors import Visitors

NAMELESS = "somebody with the token"
"""Who acts where a person gave no name."""


def create_dashboard(
    folder: Path,
    *,
    tokens: Sequence[str] = (),
    loopback: bool = True,
    clock: Callable[[], float] = time.time,
    secret: bytes | None = None,
) -> ASGIApp:
    """Return the dashboard as an ASGI app.

    Parameters
    ----------
    folder
        A workspace, or a folder of workspaces.
    tokens
        Of which one is needed to act; without any the dashboard is read only.
    loopback
        Whether only this machine reaches it; otherwise reading too needs a token.
    clock
        Tells the time in seconds since 1970.
    secret
        What cookies are signed with; it is drawn at random when none is given.
    """
    visitors = Visitors(tokens, loopback=loopback, clock=clock, secret=secret)
    return Headers(_app(Hall(folder, visitors, clock)))


def _app(hall: Hall) -> Starlette:
    shown, tried, signing, faults = Shown(hall), Tried(hall), Signing(hall), _Faults(hall)
    return Starlette(
        routes=[
            Route(f"/{FOLDER}/{{name}}", show_asset),
            Route("/", hall.page(shown.projects)),
            Route("/sign-in", signing.ask),
            Route("/sign-in", signing.sign_in, methods=["POST"]),
            Route("/sign-out", signing.sign_out, methods=["POST"]),
            Route("/p/{name}/live", hall.page(shown.live)),
            Route("/p/{name}/contest", hall.page(shown.contest)),
            Route("/p/{name}/{document}.json", hall.page(shown.document)),
            Route("/p/{name}/try", hall.page(tried.form)),
            Route("/p/{name}/try", hall.form(tried.answer), methods=["POST"]),
            Route("/p/{name}/file", tried.upload, methods=["POST"]),
            Route("/p/{name}/do/{action}", _acting(hall), methods=["POST"]),
            Route("/p/{name}/", hall.page(shown.project)),
            Route("/p/{name}/{page}", hall.page(shown.project)),
        ],
        exception_handlers={
            HTTPException: faults.refused,
            ModelwrightError: faults.failed,
            Exception: faults.broken,
        },
    )


def _acting(hall: Hall) -> Callable[[Request], object]:
    async def act(request: Request) -> Response:
        session, form = await hall.sent(request)
        if not session.until:
            raise HTTPException(403, "Sign in first: only those who gave the token may act.")
        name = request.path_params["action"]
        if name not in ACTIONS:
            raise HTTPException(404, "There is no such action.")
        workspace = hall.workspace(request)
        deed = Deed(workspace=workspace, by=session.name or NAMELESS, form=form, now=hall.now())
        await run_in_threadpool(ACTIONS[name].act, deed)
        site = hall.site(request, session)
        page = site.project(request.path_params["name"], ACTIONS[name].page)
        return RedirectResponse(f"{page}?done={name}", status_code=303)

    return act


class _Faults:
    """What goes wrong, as a page."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return self._message(request, "This cannot be shown", error.detail, error.status_code)

    async def failed(self, request: Request, error: Exception) -> Response:
        return self._message(request, "This could not be done", str(error), 422)

    async def broken(self, request: Request, error: Exception) -> Response:
        sentence = "The dashboard met a fault of its own. Nothing in the workspace is lost."
        return self._message(request, "A fault", sentence, 500)

    def _message(self, request: Request, title: str, sentence: str, status: int) -> Response:
        site = self._hall.site(request, self._hall.visitors.session(request))
        return HTMLResponse(render_message(title, sentence, site), status)
