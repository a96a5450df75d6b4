from starlette.requests import Request
from starlette.responses import Response

from modelwright.ui.visitors import SESSION_S, Session, Visitors


def _visitors(now: float = 1000.0, **given) -> Visitors:
    return Visitors(["token"], loopback=True, clock=lambda: now, **{"secret": b"s"} | given)


def _request(cookie: str = "", scheme: str = "http") -> Request:
    headers = [(b"host", b"localhost"), (b"cookie", cookie.encode())]
    scope = {"type": "http", "headers": headers, "scheme": scheme, "path": "/", "root_path": ""}
    return Request({**scope, "query_string": b"", "server": ("localhost", 80), "method": "GET"})


def _cookie(visitors: Visitors, session: Session, scheme: str = "http") -> str:
    response = Response()
    visitors.remember(_request(scheme=scheme), response, session)
    return response.headers["set-cookie"]


def test_a_session_comes_back_with_its_cookie():
    visitors = _visitors()
    session = visitors.signed_in("token", " Ann. Ü; ")
    assert session is not None
    assert visitors.session(_request(_cookie(visitors, session))) == session
    assert session.name == "Ann. Ü;"


def test_a_forged_or_old_cookie_says_nothing():
    visitors = _visitors()
    session = visitors.signed_in("token", "Ann")
    assert session is not None
    cookie = _cookie(visitors, session).partition(";")[0]
    longer = cookie.replace(str(session.until), str(session.until + 9))
    later = _visitors(1001.0 + SESSION_S)
    for reader, given in ((visitors, longer), (later, cookie), (_visitors(secret=b"t"), cookie)):
        assert reader.session(_request(given)).until == 0
    assert visitors.session(_request(f"{cookie.partition('=')[0]}=nonsense")).until == 0


def test_a_wrong_token_gives_no_session():
    assert _visitors().signed_in("guess", "Ann") is None
    assert Visitors([], loopback=True, clock=lambda: 0.0).signed_in("", "Ann") is None


def test_a_cookie_over_tls_goes_over_tls_only():
    assert "Secure" in _cookie(_visitors(), Session(), scheme="https")
    assert "Secure" not in _cookie(_visitors(), Session())
