"""What Vertex AI asks of a container, at the routes that its environment names.

::

    POST  {"instances": […], "parameters": {…}} -> {"predictions": […]}
"""

from starlette.routing import Route

from modelwright.serving.container import VertexRoutes
from modelwright.serving.protocols.invocations import Invocations
from modelwright.serving.protocols.mlflow import ping


def platform_routes(invocations: Invocations, vertex: VertexRoutes) -> list[Route]:
    """Return the routes of the platform: health and predictions.

    Parameters
    ----------
    invocations
        What answers rows.
    vertex
        Where they are.
    """
    return [
        Route(vertex.health, ping),
        Route(vertex.predict, invocations.predict_instances, methods=["POST"]),
    ]
