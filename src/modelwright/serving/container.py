"""What a platform tells a container: by the argument ``serve``, by its folders and its environment.

SageMaker starts ``serve``, lays the model into a folder of a fixed name, and asks at port 8080 or
``SAGEMAKER_BIND_TO_PORT``. Vertex AI sets ``AIP_HTTP_PORT``, ``AIP_HEALTH_ROUTE`` and
``AIP_PREDICT_ROUTE``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from modelwright.errors import ServiceError

SERVE = "serve"
HOST = "0.0.0.0"
"""All addresses of the container's own network; only there is this more than the loopback."""
MODEL_FOLDER = Path("/opt/ml/model")

_PORT = 8080
_SAGEMAKER_PORT, _VERTEX_PORT = "SAGEMAKER_BIND_TO_PORT", "AIP_HTTP_PORT"
_HEALTH, _PREDICT = "AIP_HEALTH_ROUTE", "AIP_PREDICT_ROUTE"


@dataclass(frozen=True)
class VertexRoutes:
    """Where Vertex AI asks.

    Parameters
    ----------
    health, predict
        Paths.
    """

    health: str
    predict: str


def vertex_routes(environment: Mapping[str, str]) -> VertexRoutes | None:
    """Return the routes that an environment names; None when it names none.

    Raises
    ------
    ServiceError
        When only one is named, or one is no path.

    Examples
    --------
    >>> vertex_routes({"AIP_HEALTH_ROUTE": "/health", "AIP_PREDICT_ROUTE": "/score"}).predict
    '/score'
    """
    named = {name: environment.get(name, "") for name in (_HEALTH, _PREDICT)}
    if not any(named.values()):
        return None
    for name, path in named.items():
        if not path.startswith("/") or set(path) & set("{}"):
            raise ServiceError(f"{name} is {path!r}, no path.", "Set it to one such as /predict.")
    return VertexRoutes(health=named[_HEALTH], predict=named[_PREDICT])


def named_port(environment: Mapping[str, str]) -> int | None:
    """Return the port that a platform names; None when none does.

    Raises
    ------
    ServiceError
        When it is no number.

    Examples
    --------
    >>> named_port({"AIP_HTTP_PORT": "8081"})
    8081
    """
    name = next((name for name in (_VERTEX_PORT, _SAGEMAKER_PORT) if environment.get(name)), None)
    if name is None:
        return None
    asked = environment[name]
    if not (asked.isascii() and asked.isdigit() and int(asked[:6]) < 1 << 16):
        raise ServiceError(f"{name} is {asked!r:.40}, no port.", "Set it to one such as 8080.")
    return int(asked)


def container_port(environment: Mapping[str, str]) -> int:
    """Return the port that a container listens on.

    Examples
    --------
    >>> container_port({})
    8080
    """
    return named_port(environment) or _PORT


def model_folder(folder: Path = MODEL_FOLDER) -> Path:
    """Return where the bundle lies: the folder, or the only folder in it, as archives have one."""
    inside = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    is_bundle = (folder / "manifest.json").exists()
    return inside[0] if not is_bundle and len(inside) == 1 else folder
