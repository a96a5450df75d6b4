"""Every address of the dashboard, as an ASGI app of its own or below a path of another one."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from modelwright.documents import DOCUMENTS
from modelwright.errors import InputError, ModelwrightError
from modelwright.report.dashboard.assets import FOLDER, assets
from modelwright.report.dashboard.pages import (
    PAGES,
    render_live,
    render_message,
    render_page,
    render_projects,
    render_sign_in,
    render_try,
)
from modelwright.report.dashboard.site import Notice, Site
from modelwright.report.dashboard.standing import Standing
from modelwright.ui.actions import ACTIONS, Deed
from modelwright.ui.forms import read_fields, uploaded
from modelwright.ui.headers import Headers
from modelwright.ui.projects import find_projects
from modelwright.ui.reading import read_standing
from modelwright.ui.trying import SUFFIXES, Champion
from modelwright.ui.visitors import Session, Visitors
from modelwright.workspace.folder import Workspace

_WRONG_TOKEN_S = 1.0
"""How long somebody waits who gave a wrong token: guessing shall not be worth it."""


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
    return Headers(_Dashboard(folder, visitors, clock).app)


class _Dashboard:
    def __init__(self, folder: Path, visitors: Visitors, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._visitors = visitors
        self._clock = clock
        self.app = Starlette(
            routes=[
                Route(f"/{FOLDER}/{{name}}", self._asset),
                Route("/", self._page(self._projects)),
                Route("/sign-in", self._sign_in_page),
                Route("/sign-in", self._sign_in, methods=["POST"]),
                Route("/sign-out", self._sign_out, methods=["POST"]),
                Route("/p/{name}/live", self._page(self._live)),
                Route("/p/{name}/{document}.json", self._page(self._document)),
                Route("/p/{name}/try", self._page(self._try)),
                Route("/p/{name}/try", self._form(self._answer), methods=["POST"]),
                Route("/p/{name}/file", self._upload, methods=["POST"]),
                Route("/p/{name}/do/{action}", self._act, methods=["POST"]),
                Route("/p/{name}/", self._page(self._project)),
                Route("/p/{name}/{page}", self._page(self._project)),
            ],
            exception_handlers={
                HTTPException: self._refused,
                ModelwrightError: self._failed,
                Exception: self._broken,
            },
        )

    # --- pages ------------------------------------------------------------------------------

    def _page(
        self, make: Callable[[Request, Site], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers with a page to whoever may read it."""

        async def answer(request: Request) -> Response:
            session = self._visitors.session(request)
            if not self._visitors.may_read(request, session):
                return self._ask_for_token(request)
            response = await run_in_threadpool(make, request, self._site(request, session))
            self._visitors.remember(request, response, session)
            return response

        return answer

    def _projects(self, request: Request, site: Site) -> Response:
        found = find_projects(self._folder)
        if not site.several and len(found) == 1:
            return RedirectResponse(site.project(*found), status_code=303)
        standings = [self._standing(name, workspace) for name, workspace in found.items()]
        return HTMLResponse(render_projects(standings, site))

    def _project(self, request: Request, site: Site) -> Response:
        page = request.path_params.get("page", "")
        if page not in PAGES or request.url.path.endswith("//"):
            raise HTTPException(404, "There is no such page.")
        # What was done is told by its name, so that no link can make the page say something else.
        action = ACTIONS.get(request.query_params.get("done", ""))
        if action is not None:
            site = replace(site, notice=Notice(sentence=action.done))
        return HTMLResponse(render_page(page, self._named(request), site))

    def _live(self, request: Request, site: Site) -> Response:
        standing = self._named(request)
        return HTMLResponse(render_live(standing, site), headers={"x-stamp": standing.stamp})

    def _document(self, request: Request, site: Site) -> Response:
        name = request.path_params["document"]
        workspace = self._workspace(request)
        if name not in DOCUMENTS or not workspace.has(f"{name}.json"):
            raise HTTPException(404, "There is no such document.")
        return Response(workspace.read_bytes(f"{name}.json"), media_type="application/json")

    async def _asset(self, request: Request) -> Response:
        asset = assets().get(f"{FOLDER}/{request.path_params['name']}")
        if asset is None:
            raise HTTPException(404, "There is no such file.")
        # Its address changes when it does.
        kept = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(asset.data, media_type=asset.media_type, headers=kept)

    # --- rows that are tried ----------------------------------------------------------------

    def _form(
        self, make: Callable[[Request, Site, dict[str, str]], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return what deals with a form that was on a page of this dashboard."""

        async def answer(request: Request) -> Response:
            session, form = await self._sent(request)
            if not self._visitors.may_read(request, session):
                raise HTTPException(403, "Sign in first.")
            return await run_in_threadpool(make, request, self._site(request, session), form)

        return answer

    def _try(self, request: Request, site: Site) -> Response:
        return self._tried(request, site, None)

    def _answer(self, request: Request, site: Site, form: dict[str, str]) -> Response:
        return self._tried(request, site, form)

    def _tried(
        self,
        request: Request,
        site: Site,
        given: dict[str, str] | None,
        *,
        fault: ModelwrightError | None = None,
    ) -> Response:
        standing, tried = self._named(request), None
        if standing.aliases.bundle("champion") is None:
            return HTMLResponse(render_try(standing, site, None))
        champion = Champion.of(self._workspace(request))
        try:
            tried = champion.answer(given) if given is not None else None
        except InputError as error:
            fault = error
        if fault is not None:
            site = replace(site, notice=Notice(sentence=str(fault), tone="bad"))
        page = render_try(standing, site, champion.form(given), tried=tried, suffixes=SUFFIXES)
        return HTMLResponse(page, 200 if fault is None else 422)

    async def _upload(self, request: Request) -> Response:
        async with uploaded(request) as (form, name, data):
            session = self._visitors.session(request)
            self._visitors.require_own(request, session, form)
            if not self._visitors.may_read(request, session):
                raise HTTPException(403, "Sign in first.")
        return await run_in_threadpool(
            self._answer_file, request, self._site(request, session), name, data
        )

    def _answer_file(self, request: Request, site: Site, name: str, data: bytes) -> Response:
        try:
            answered = Champion.of(self._workspace(request)).answer_file(name, data)
        except ModelwrightError as error:
            return self._tried(request, site, None, fault=error)
        kept = {"content-disposition": 'attachment; filename="predictions.csv"'}
        return Response(answered, media_type="text/csv; charset=utf-8", headers=kept)

    # --- what is done -----------------------------------------------------------------------

    async def _act(self, request: Request) -> Response:
        session, form = await self._sent(request)
        if not session.until:
            raise HTTPException(403, "Sign in first: only those who gave the token may act.")
        name = request.path_params["action"]
        if name not in ACTIONS:
            raise HTTPException(404, "There is no such action.")
        deed = Deed(workspace=self._workspace(request), by=session.name, form=form, now=self._now())
        await run_in_threadpool(ACTIONS[name].act, deed)
        site = self._site(request, session)
        page = site.project(request.path_params["name"], ACTIONS[name].page)
        return RedirectResponse(f"{page}?done={name}", status_code=303)

    # --- who asks ---------------------------------------------------------------------------

    async def _sign_in_page(self, request: Request) -> Response:
        session = self._visitors.session(request)
        return self._sign_in_answer(request, session, then=request.query_params.get("then", ""))

    async def _sign_in(self, request: Request) -> Response:
        session, form = await self._sent(request)
        then = form.get("then", "")
        known = self._visitors.signed_in(form.get("token", ""), form.get("name", ""))
        if known is None:
            await asyncio.sleep(_WRONG_TOKEN_S)
            notice = Notice(sentence="That is not the token.", tone="bad")
            return self._sign_in_answer(request, session, then=then, notice=notice, status=403)
        target = then if _is_below(then) else "/"
        response = RedirectResponse(self._base(request) + target, status_code=303)
        self._visitors.remember(request, response, known)
        return response

    async def _sign_out(self, request: Request) -> Response:
        await self._sent(request)
        response = RedirectResponse(f"{self._base(request)}/", status_code=303)
        self._visitors.remember(request, response, Session())
        return response

    def _sign_in_answer(
        self,
        request: Request,
        session: Session,
        *,
        then: str,
        notice: Notice | None = None,
        status: int = 200,
    ) -> Response:
        site = self._site(request, session, notice=notice)
        if self._visitors.may_sign_in:
            page = render_sign_in(site, then=then)
        else:
            sentence = (
                "This dashboard was started without a token, so it shows its pages on its own "
                "machine only, under the name localhost, and nobody can act. Start it with a token "
                "in the environment variable MODELWRIGHT_TOKEN."
            )
            page, status = render_message("There is no token", sentence, site), 403
        response = HTMLResponse(page, status)
        self._visitors.remember(request, response, session)
        return response

    async def _sent(self, request: Request) -> tuple[Session, dict[str, str]]:
        """Return who sent a form of this dashboard, and what it holds."""
        form = await read_fields(request)
        session = self._visitors.session(request)
        self._visitors.require_own(request, session, form)
        return session, form

    def _ask_for_token(self, request: Request) -> Response:
        path = request.url.path.removeprefix(self._base(request))
        return RedirectResponse(
            f"{self._base(request)}/sign-in?then={quote(path, safe='')}", status_code=303
        )

    # --- what goes wrong --------------------------------------------------------------------

    async def _refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return self._message(request, "This cannot be shown", error.detail, error.status_code)

    async def _failed(self, request: Request, error: Exception) -> Response:
        return self._message(request, "This could not be done", str(error), 422)

    async def _broken(self, request: Request, error: Exception) -> Response:
        sentence = "The dashboard met a fault of its own. Nothing in the workspace is lost."
        return self._message(request, "A fault", sentence, 500)

    def _message(self, request: Request, title: str, sentence: str, status: int) -> Response:
        site = self._site(request, self._visitors.session(request))
        return HTMLResponse(render_message(title, sentence, site), status)

    # --- what is shown ----------------------------------------------------------------------

    def _site(self, request: Request, session: Session, *, notice: Notice | None = None) -> Site:
        return Site(
            base=self._base(request),
            visitor=self._visitors.visitor(session),
            several=not (self._folder / "workspace.json").is_file(),
            notice=notice,
        )

    def _base(self, request: Request) -> str:
        return str(request.scope.get("root_path", ""))

    def _workspace(self, request: Request) -> Workspace:
        workspace = find_projects(self._folder).get(request.path_params["name"])
        if workspace is None:
            raise HTTPException(404, "There is no such project.")
        return workspace

    def _named(self, request: Request) -> Standing:
        return self._standing(request.path_params["name"], self._workspace(request))

    def _standing(self, name: str, workspace: Workspace) -> Standing:
        return read_standing(name, workspace, now=self._now())

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def _is_below(path: str) -> bool:
    """Whether a path leads on within the dashboard, and not to another host."""
    return path.startswith("/") and not path.startswith(("//", "/\\"))
