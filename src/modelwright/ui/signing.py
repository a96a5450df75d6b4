"""Signing in and out."""

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from modelwright.report.dashboard.pages import render_message, render_sign_in
from modelwright.report.dashboard.site import Notice
from modelwright.ui.hall import Hall, base_of
from modelwright.ui.visitors import Session

_WRONG_TOKEN_S = 1.0
"""How long somebody waits who gave a wrong token: guessing shall not be worth it."""
_NO_TOKEN = (
    "This dashboard was started without a token, so it shows its pages on its own machine only, "
    "under the name localhost, and nobody can act. Start it with a token in the environment "
    "variable MODELWRIGHT_TOKEN."
)


class Signing:
    """How a person shows that they may act.

    Parameters
    ----------
    hall
        The way to the projects.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def ask(self, request: Request) -> Response:
        """Show the form."""
        session = self._hall.visitors.session(request)
        return self._answer(request, session, then=request.query_params.get("then", ""))

    async def sign_in(self, request: Request) -> Response:
        """Let in who gives the token."""
        session, form = await self._hall.sent(request)
        then = form.get("then", "")
        known = self._hall.visitors.signed_in(form.get("token", ""), form.get("name", ""))
        if known is None:
            await asyncio.sleep(_WRONG_TOKEN_S)
            notice = Notice(sentence="That is not the token.", tone="bad")
            return self._answer(request, session, then=then, notice=notice, status=403)
        target = then if _is_below(then) else "/"
        response = RedirectResponse(base_of(request) + target, status_code=303)
        self._hall.visitors.remember(request, response, known)
        return response

    async def sign_out(self, request: Request) -> Response:
        """Forget who it was."""
        await self._hall.sent(request)
        response = RedirectResponse(f"{base_of(request)}/", status_code=303)
        self._hall.visitors.remember(request, response, Session())
        return response

    def _answer(
        self,
        request: Request,
        session: Session,
        *,
        then: str,
        notice: Notice | None = None,
        status: int = 200,
    ) -> Response:
        site = self._hall.site(request, session, notice=notice)
        if self._hall.visitors.may_sign_in:
            page = render_sign_in(site, then=then)
        else:
            page, status = render_message("There is no token", _NO_TOKEN, site), 403
        response = HTMLResponse(page, status)
        self._hall.visitors.remember(request, response, session)
        return response


def _is_below(path: str) -> bool:
    """Whether a path leads on within the dashboard, and not to another host."""
    return path.startswith("/") and not path.startswith(("//", "/\\"))
