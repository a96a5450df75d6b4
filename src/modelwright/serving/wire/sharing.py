"""Pages of some web sites may ask from a browser (CORS); others are told why they may not."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from modelwright.serving.wire.messages import error_response

_METHODS = ("GET", "POST")


class Sharing(CORSMiddleware):
    """Middleware that lets pages of some web sites ask; what they ask first needs no token.

    Parameters
    ----------
    app
        What it stands before.
    origins
        The sites, each as a browser sends it.
    sent
        Headers that their pages may send.
    read
        Headers that their pages may read.
    """

    def __init__(
        self, app: ASGIApp, origins: Sequence[str], *, sent: Sequence[str], read: Sequence[str]
    ) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=sent,
            expose_headers=read,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answer what a browser asks before it asks for a page."""
        answer = super().preflight_response(request_headers)
        if answer.status_code < 400:
            return answer
        origin = request_headers["origin"]
        if not self.is_allowed_origin(origin):
            sentence = f"Pages of {origin!r:.80} may not ask here. --origin names those that may."
        elif "access-control-request-private-network" in request_headers:
            sentence = "The server is in a private network, where no pages of others may ask."
        else:
            asked = request_headers["access-control-request-method"]
            sentence = (
                f"Pages may send {' and '.join(_METHODS)} with the headers "
                f"{', '.join(sorted(set(self.allow_headers)))}; this one asks for {asked!r:.20} "
                f"with {request_headers.get('access-control-request-headers', 'none')!r:.200}."
            )
        kept = {name: value for name, value in answer.headers.items() if "content" not in name}
        return error_response(sentence, answer.status_code, kept)
