"""Who asks: cookies that nobody can forge, and forms that no other site can send.

Nothing is kept here: a cookie says who somebody is and until when, and a signature says that it was
written by this server. Several workers that were forked from one process share its secret.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote, unquote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from modelwright.report.dashboard.site import Visitor

SESSION_S = 12 * 3600.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class Session:
    """What a cookie says.

    Parameters
    ----------
    number
        Drawn at random, new with each sign-in.
    until
        Seconds since 1970 to which the person is signed in; 0 for somebody who is not.
    name
        Of the person.
    """

    number: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    until: int = 0
    name: str = ""

    @property
    def text(self) -> str:
        """As it stands in the cookie, before its signature."""
        return f"{self.number}.{self.until}.{quote(self.name, safe='').replace('.', '%2E')}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what a text says that was signed here."""
        number, until, name = text.split(".")
        return cls(number=number, until=int(until), name=unquote(name))


class Visitors:
    """Knows who asks.

    Parameters
    ----------
    tokens
        Of which one is needed to sign in; without any nobody can act.
    loopback
        Whether only this machine reaches the server, so that reading needs no token.
    clock
        Tells the time in seconds since 1970.
    secret
        What cookies are signed with; it is drawn at random when none is given.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        *,
        loopback: bool,
        clock: Callable[[], float],
        secret: bytes | None = None,
    ) -> None:
        self._tokens = [token.encode() for token in tokens]
        self._loopback = loopback
        self._clock = clock
        self._secret = secret or secrets.token_bytes(32)
        # Cookies do not know ports: two dashboards of one machine must not take each other's.
        self._cookie = f"modelwright-{self._sign('cookie')[:8]}"

    @property
    def may_sign_in(self) -> bool:
        """Whether there is a token."""
        return bool(self._tokens)

    def session(self, request: Request) -> Session:
        """Return who asks; somebody new where the cookie says nothing."""
        text, _, signature = request.cookies.get(self._cookie, "").rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(text).encode()):
            return Session()
        session = Session.parse(text)
        return session if not session.until or session.until > self._clock() else Session()

    def visitor(self, session: Session) -> Visitor:
        """Return what pages need to know."""
        return Visitor(
            token=self._form_token(session),
            may_act=bool(session.until),
            may_sign_in=self.may_sign_in,
        )

    def may_read(self, request: Request, session: Session) -> bool:
        """Whether somebody may see pages: whoever is at this machine, or has signed in.

        A name of another host in the request may be one that was pointed here to get round the
        browser's rules, and a proxy forwards for somebody elsewhere.
        """
        here = (
            self._loopback
            and request.url.hostname in _LOOPBACK
            and not any(name in request.headers for name in _FORWARDED)
        )
        return here or bool(session.until)

    def require_own(self, request: Request, session: Session, form: Mapping[str, str]) -> None:
        """Refuse a form that was not on a page of this dashboard.

        Raises
        ------
        HTTPException
            403.
        """
        given = form.get("csrf", "").encode()
        known = hmac.compare_digest(given, self._form_token(session).encode())
        if not known or not _is_of_same_site(request):
            raise HTTPException(403, "This form is out of date. Open its page again and send it.")

    def signed_in(self, token: str, name: str) -> Session | None:
        """Return the session of a person who gives a token; None where it is wrong."""
        # All are compared, so that the time tells nothing about which one it was.
        if not sum(hmac.compare_digest(token.encode(), each) for each in self._tokens):
            return None
        return Session(until=int(self._clock() + SESSION_S), name=name.strip()[:_LONGEST_NAME])

    def remember(self, request: Request, response: Response, session: Session) -> None:
        """Give a session to a browser that does not have it."""
        value = f"{session.text}.{self._sign(session.text)}"
        if request.cookies.get(self._cookie) != value:
            response.set_cookie(
                self._cookie,
                value,
                path=f"{request.scope.get('root_path', '')}/",
                secure=request.url.scheme == "https",
                httponly=True,
                samesite="lax",
            )

    def _form_token(self, session: Session) -> str:
        return self._sign(f"form {session.text}")

    def _sign(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def _is_of_same_site(request: Request) -> bool:
    """Whether a browser says that the page of a form is of this host; who is none says nothing."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        return False
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
