"""How each server is started and asked."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.environments import ROOT
from bench.serve.client import as_request
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.compiled import compile_program
from modelwright.predictor.kernel.library import SWITCH

_PEERS = Path(__file__).parent / "peers"
_Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model in all the forms that servers want.

    Parameters
    ----------
    bundle
        Of modelwright.
    compiled
        The folder where a server finds it compiled.
    fitted
        By contestant, the folder that ``peers/train.py`` wrote in its environment.
    """

    bundle: Path
    compiled: Path
    fitted: Mapping[str, Path]


def _nothing(_: Model) -> dict[str, str]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """A server.

    Parameters
    ----------
    name
        In the tables.
    environment
        The peer in whose environment it runs.
    command
        What is started, from the environment's Python, the model and the port.
    ask
        The bytes of a request with one row.
    ready
        A path that answers 200 as soon as rows are answered.
    variables
        Further variables of its environment.
    fits
        Whether it needs a model that is fitted in its environment.
    """

    name: str
    environment: str
    command: Callable[[Path, Model, int], list[str]]
    ask: Callable[[_Row], bytes]
    ready: str
    variables: Callable[[Model], dict[str, str]] = _nothing
    fits: bool = False


def _ask_plainly(row: _Row) -> bytes:
    return as_request(json.dumps(row).encode(), "/predict")


def _ask_protocol(row: _Row) -> bytes:
    inputs = [
        {
            "name": name,
            "shape": [1],
            "datatype": "FP64" if isinstance(value, float) else "BYTES",
            "data": [value],
            **({} if isinstance(value, float) else {"parameters": {"content_type": "str"}}),
        }
        for name, value in row.items()
    ]
    body = {
        "inputs": inputs,
        "parameters": {"content_type": "pd"},
        "outputs": [{"name": "predict_proba"}],
    }
    return as_request(json.dumps(body).encode(), "/v2/models/model/infer")


def _ask_bento(row: _Row) -> bytes:
    return as_request(json.dumps({"rows": [row]}).encode(), "/predict")


def _ask_mlflow(row: _Row) -> bytes:
    return as_request(json.dumps({"dataframe_records": [row]}).encode(), "/invocations")


def _serve(python: Path, model: Model, port: int) -> list[str]:
    return [str(python), "-m", "modelwright.serving", str(model.bundle), "--port", str(port)]


def _serve_compiled(python: Path, model: Model, port: int) -> list[str]:
    # The serving environment has nothing to compile with: it finds what was compiled here.
    compile_program(read_bundle(model.bundle), model.compiled)
    return [*_serve(python, model, port), "--compiled"]


def _serve_nothing(python: Path, model: Model, port: int) -> list[str]:
    return [str(python), "-m", "bench.serve.floor", str(model.bundle), "--port", str(port)]


def _serve_app(python: Path, model: Model, port: int) -> list[str]:
    return [*_serve_nothing(python, model, port), "--app"]


def _serve_uvicorn(python: Path, _: Model, port: int) -> list[str]:
    return [str(python), str(_PEERS / "uvicorn_floor.py"), str(port)]


def _serve_mlserver(python: Path, model: Model, port: int) -> list[str]:
    folder = model.fitted["mlserver"]
    # One process, as all others have; MLServer's default would add one and a queue between them.
    settings = {"host": "127.0.0.1", "http_port": port, "grpc_port": port + 1, "debug": False}
    alone = {"metrics_port": port + 2, "parallel_workers": 0, "access_logger": None}
    (folder / "settings.json").write_text(json.dumps({**settings, **alone}), encoding="utf-8")
    about = {
        "name": "model",
        "implementation": "mlserver_sklearn.SKLearnModel",
        "parameters": {"uri": "./model.joblib"},
    }
    (folder / "model-settings.json").write_text(json.dumps(about), encoding="utf-8")
    return [str(python.with_name("mlserver")), "start", str(folder)]


def _serve_bento(python: Path, _: Model, port: int) -> list[str]:
    place = ["--host", "127.0.0.1", "--port", str(port), "--working-dir", str(_PEERS)]
    return [str(python.with_name("bentoml")), "serve", "bento_service:Model", *place]


def _serve_mlflow(python: Path, model: Model, port: int) -> list[str]:
    place = ["--host", "127.0.0.1", "--port", str(port), "--env-manager", "local"]
    folder = str(model.fitted["mlflow"] / "mlflow")
    command = [str(python.with_name("mlflow")), "models", "serve", "--model-uri", folder, *place]
    return [*command, "--workers", "1"]


def _checkout(_: Model) -> dict[str, str]:
    # The sources of this checkout, in an environment that has nothing but what a server needs.
    return {"PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}


def _without_kernel(model: Model) -> dict[str, str]:
    # With its kernel a server answers sooner than compiled, and does not look for a library.
    return _checkout(model) | {SWITCH: "off"}


MODELWRIGHT = Contestant(
    name="modelwright",
    environment="serving",
    command=_serve,
    ask=_ask_plainly,
    ready="/v2/health/ready",
    variables=_checkout,
)
CONTESTANTS = (
    MODELWRIGHT,
    Contestant(
        name="modelwright, compiled, no kernel",
        environment="serving",
        command=_serve_compiled,
        ask=_ask_plainly,
        ready="/v2/health/ready",
        variables=_without_kernel,
    ),
    Contestant(
        name="the same stack, doing nothing",
        environment="serving",
        command=_serve_nothing,
        ask=_ask_plainly,
        ready="/v2/health/ready",
        variables=_checkout,
    ),
    Contestant(
        name="an app on the same connections, doing nothing",
        environment="serving",
        command=_serve_app,
        ask=_ask_plainly,
        ready="/v2/health/ready",
        variables=_checkout,
    ),
    Contestant(
        name="Starlette under uvicorn, doing nothing",
        environment="uvicorn",
        command=_serve_uvicorn,
        ask=_ask_plainly,
        ready="/v2/health/ready",
    ),
    Contestant(
        name="MLServer",
        environment="mlserver",
        command=_serve_mlserver,
        ask=_ask_protocol,
        ready="/v2/models/model/ready",
        fits=True,
    ),
    Contestant(
        name="BentoML",
        environment="bentoml",
        command=_serve_bento,
        ask=_ask_bento,
        ready="/readyz",
        variables=lambda model: {
            "BENCH_MODEL": str(model.fitted["bentoml"] / "model.joblib"),
            "BENTOML_DO_NOT_TRACK": "True",
        },
        fits=True,
    ),
    Contestant(
        name="MLflow",
        environment="mlflow",
        command=_serve_mlflow,
        ask=_ask_mlflow,
        ready="/ping",
        # It starts its server as a program by name.
        variables=lambda model: {
            "PATH": os.pathsep.join((str(model.fitted["mlflow bin"]), os.environ["PATH"])),
            "MLFLOW_DISABLE_TELEMETRY": "true",
        },
        fits=True,
    ),
)
