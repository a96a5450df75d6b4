"""MLflow's scoring protocol: what its clients ask of a model's server.

::

    GET /ping, GET /health, GET /version
    POST /invocations  {"dataframe_split": {"columns": […], "data": [[…]]}} -> {"predictions": […]}
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from modelwright._version import __version__
from modelwright.serving.protocols.invocations import Invocations
from modelwright.serving.wire.messages import json_response

PATH = "/invocations"


def mlflow_routes(invocations: Invocations) -> list[Route]:
    """Return the routes of the protocol.

    Parameters
    ----------
    invocations
        What answers rows.
    """
    return [
        Route("/ping", ping),
        Route("/health", ping),
        Route("/version", server_version),
        Route(PATH, invocations.invoke, methods=["POST"]),
    ]


async def ping(_: Request) -> Response:
    """Say that the server is ready: it listens only once its bundle is loaded."""
    return json_response({"live": True, "ready": True})


async def server_version(_: Request) -> Response:
    """Say which modelwright this is, as text."""
    return PlainTextResponse(__version__)
