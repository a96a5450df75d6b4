"""Rows that are tried: the form, its answer, and files of rows."""

from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from modelwright.errors import InputError, ModelwrightError
from modelwright.report.dashboard.pages import render_try
from modelwright.report.dashboard.site import Notice, Site
from modelwright.ui.forms import uploaded
from modelwright.ui.hall import Hall
from modelwright.ui.trying import SUFFIXES, Champion


class Tried:
    """What a person tries on the champion.

    Parameters
    ----------
    hall
        The way to the projects.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    def form(self, request: Request, site: Site) -> Response:
        """Show the form with what is usual."""
        return self._page(request, site, None)

    def answer(self, request: Request, site: Site, form: dict[str, str]) -> Response:
        """Answer a filled form."""
        return self._page(request, site, form)

    async def upload(self, request: Request) -> Response:
        """Answer a file of rows."""
        async with uploaded(request) as (form, name, data):
            session = self._hall.visitors.session(request)
            self._hall.visitors.require_own(request, session, form)
            self._hall.require_reader(request, session)
        site = self._hall.site(request, session)
        return await run_in_threadpool(self._answer_file, request, site, name, data)

    def _page(
        self,
        request: Request,
        site: Site,
        given: dict[str, str] | None,
        *,
        fault: ModelwrightError | None = None,
    ) -> Response:
        standing, tried = self._hall.standing(request), None
        if standing.aliases.bundle("champion") is None:
            return HTMLResponse(render_try(standing, site, None))
        champion = Champion.of(self._hall.workspace(request))
        try:
            tried = champion.answer(given) if given is not None else None
        except InputError as error:
            fault = error
        if fault is not None:
            site = replace(site, notice=Notice(sentence=str(fault), tone="bad"))
        page = render_try(standing, site, champion.form(given), tried=tried, suffixes=SUFFIXES)
        return HTMLResponse(page, 200 if fault is None else 422)

    def _answer_file(self, request: Request, site: Site, name: str, data: bytes) -> Response:
        try:
            answered = Champion.of(self._hall.workspace(request)).answer_file(name, data)
        except ModelwrightError as error:
            return self._page(request, site, None, fault=error)
        kept = {"content-disposition": 'attachment; filename="predictions.csv"'}
        return Response(answered, media_type="text/csv; charset=utf-8", headers=kept)
