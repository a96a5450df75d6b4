"""The pages of projects, and the documents as they are."""

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from modelwright.documents import DOCUMENTS
from modelwright.report.dashboard.assets import FOLDER, assets
from modelwright.report.dashboard.pages import (
    PAGES,
    render_contest,
    render_live,
    render_page,
    render_projects,
)
from modelwright.report.dashboard.site import Notice, Site
from modelwright.ui.actions import ACTIONS
from modelwright.ui.comparing import compare_sides
from modelwright.ui.hall import Hall
from modelwright.ui.projects import find_projects

_SHOWN = (*DOCUMENTS, "deliveries", "gameday")
"""Documents that are sent as they are."""


class Shown:
    """What is only looked at.

    Parameters
    ----------
    hall
        The way to the projects.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    def projects(self, request: Request, site: Site) -> Response:
        """Show all projects; where there is but one, that one."""
        found = find_projects(self._hall.folder)
        if not site.several and len(found) == 1:
            return RedirectResponse(site.project(*found), status_code=303)
        standings = [self._hall.standing_of(*each) for each in found.items()]
        return HTMLResponse(render_projects(standings, site))

    def project(self, request: Request, site: Site) -> Response:
        """Show a page of a project."""
        page = request.path_params.get("page", "")
        if page not in PAGES or request.url.path.endswith("//"):
            raise HTTPException(404, "There is no such page.")
        # What was done is told by its name, so that no link can make the page say something else.
        action = ACTIONS.get(request.query_params.get("done", ""))
        if action is not None:
            site = replace(site, notice=Notice(sentence=action.done))
        return HTMLResponse(render_page(page, self._hall.standing(request), site))

    def live(self, request: Request, site: Site) -> Response:
        """Show the command that is at work."""
        standing = self._hall.standing(request)
        return HTMLResponse(render_live(standing, site), headers={"x-stamp": standing.stamp})

    def contest(self, request: Request, site: Site) -> Response:
        """Compare champion and challenger: it reads what was logged, so it is asked for alone."""
        sides = compare_sides(self._hall.workspace(request), now=self._hall.now())
        part = "part" in request.query_params
        page = render_contest(sides, self._hall.standing(request), site, part=part)
        return HTMLResponse(page)

    def document(self, request: Request, site: Site) -> Response:
        """Send a document as it is."""
        name = request.path_params["document"]
        workspace = self._hall.workspace(request)
        if name not in _SHOWN or not workspace.has(f"{name}.json"):
            raise HTTPException(404, "There is no such document.")
        return Response(workspace.read_bytes(f"{name}.json"), media_type="application/json")


async def show_asset(request: Request) -> Response:
    """Send the style, the script or the icon."""
    asset = assets().get(f"{FOLDER}/{request.path_params['name']}")
    if asset is None:
        raise HTTPException(404, "There is no such file.")
    # Its address changes when it does.
    kept = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(asset.data, media_type=asset.media_type, headers=kept)
