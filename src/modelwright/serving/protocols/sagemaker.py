"""What SageMaker's SDK asks of an endpoint, told to use this server as its ``endpoint_url``.

::

    POST /endpoints/NAME/invocations

The platform itself asks a container for ``/ping`` and ``/invocations``, as MLflow's clients do.
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from modelwright.errors import nearest
from modelwright.serving.protocols.invocations import Invocations
from modelwright.serving.wire.messages import json_response


class SageMaker:
    """The route of the SDK.

    Parameters
    ----------
    invocations
        What answers rows.
    name
        Of the model, which is the endpoint's name here.
    """

    def __init__(self, invocations: Invocations, name: str) -> None:
        self._invocations = invocations
        self._name = name

    @property
    def routes(self) -> list[Route]:
        """The only one."""
        return [Route("/endpoints/{name}/invocations", self.invoke_endpoint, methods=["POST"])]

    async def invoke_endpoint(self, request: Request) -> Response:
        """Answer rows; an error says its sentence under the name that the SDK reads too."""
        try:
            self._require_endpoint(request.path_params["name"])
            return await self._invocations.invoke(request)
        except HTTPException as error:
            kind = "ValidationError" if error.status_code < 500 else "InternalFailure"
            return json_response(
                {"error": error.detail, "message": error.detail},
                error.status_code,
                {"x-amzn-ErrorType": kind},
            )

    def _require_endpoint(self, name: str) -> None:
        if name != self._name:
            raise HTTPException(
                404, f"There is no endpoint {name!r:.80}. {nearest(name, [self._name])}"
            )
