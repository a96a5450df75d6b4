"""What every address of the dashboard needs: the folder, who asks, and the time."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from modelwright.report.dashboard.site import Notice, Site
from modelwright.report.dashboard.standing import Standing
from modelwright.ui.forms import read_fields
from modelwright.ui.projects import find_projects
from modelwright.ui.reading import read_standing
from modelwright.ui.visitors import Session, Visitors
from modelwright.workspace.folder import Workspace

Answer = Callable[[Request], Awaitable[Response]]


class Hall:
    """The way to every page: it knows who may read, and which project is meant.

    Parameters
    ----------
    folder
        A workspace, or a folder of workspaces.
    visitors
        Who asks.
    clock
        Tells the time in seconds since 1970.
    """

    def __init__(self, folder: Path, visitors: Visitors, clock: Callable[[], float]) -> None:
        self.folder = folder
        self.visitors = visitors
        self._clock = clock

    def page(self, make: Callable[[Request, Site], Response]) -> Answer:
        """Return what answers with a page to whoever may read it."""

        async def answer(request: Request) -> Response:
            session = self.visitors.session(request)
            if not self.visitors.may_read(request, session):
                return _ask_for_token(request)
            response = await run_in_threadpool(make, request, self.site(request, session))
            self.visitors.remember(request, response, session)
            return response

        return answer

    def form(self, make: Callable[[Request, Site, dict[str, str]], Response]) -> Answer:
        """Return what deals with a form that was on a page of this dashboard."""

        async def answer(request: Request) -> Response:
            session, form = await self.sent(request)
            self.require_reader(request, session)
            return await run_in_threadpool(make, request, self.site(request, session), form)

        return answer

    async def sent(self, request: Request) -> tuple[Session, dict[str, str]]:
        """Return who sent a form of this dashboard, and what it holds."""
        form = await read_fields(request)
        session = self.visitors.session(request)
        self.visitors.require_own(request, session, form)
        return session, form

    def require_reader(self, request: Request, session: Session) -> None:
        """Refuse those who may not read.

        Raises
        ------
        HTTPException
            403.
        """
        if not self.visitors.may_read(request, session):
            raise HTTPException(403, "Sign in first.")

    def site(self, request: Request, session: Session, *, notice: Notice | None = None) -> Site:
        """Return where the pages are, for whoever asks."""
        return Site(
            base=base_of(request),
            visitor=self.visitors.visitor(session),
            several=not (self.folder / "workspace.json").is_file(),
            notice=notice,
        )

    def workspace(self, request: Request) -> Workspace:
        """Return the workspace that the address names.

        Raises
        ------
        HTTPException
            404.
        """
        workspace = find_projects(self.folder).get(request.path_params["name"])
        if workspace is None:
            raise HTTPException(404, "There is no such project.")
        return workspace

    def standing(self, request: Request) -> Standing:
        """Return the project that the address names, as it stands."""
        return self.standing_of(request.path_params["name"], self.workspace(request))

    def standing_of(self, name: str, workspace: Workspace) -> Standing:
        """Return a project as it stands."""
        return read_standing(name, workspace, now=self.now())

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.fromtimestamp(self._clock(), UTC)


def base_of(request: Request) -> str:
    """Return the path below which the dashboard is."""
    return str(request.scope.get("root_path", ""))


def _ask_for_token(request: Request) -> Response:
    base = base_of(request)
    path = request.url.path.removeprefix(base)
    return RedirectResponse(f"{base}/sign-in?then={quote(path, safe='')}", status_code=303)
