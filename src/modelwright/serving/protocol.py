"""The Open Inference Protocol, version 2, over HTTP with JSON.

One tensor per column goes in; the tensors ``answer`` and, for classes, ``probabilities`` come out.
Where the bundle states coverage, ``range`` or ``set`` comes out too when ``outputs`` names it, at
the level of its parameter ``coverage``.
The id of a request names its answer in the ledger; where it has several rows, they are
``ID-0``, ``ID-1``, …
"""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from modelwright.errors import InputError, nearest
from modelwright.predictor.bundle import Bundle
from modelwright.serving.limits import Limits, require_few
from modelwright.serving.messages import decode_json, json_response, read_body
from modelwright.serving.responder import Answers, Responder
from modelwright.serving.tensors import (
    RANGE,
    SET,
    InputTensor,
    OutputTensor,
    input_shapes,
    output_shapes,
    rows_of_tensors,
    tensors_of_answers,
    tensors_of_coverage,
)

_BINARY_HEADER = "inference-header-content-length"
_MODEL = "/v2/models/{name}"
_VERSION = _MODEL + "/versions/{version}"


class RequestedOutput(msgspec.Struct, frozen=True, kw_only=True):
    """An output that a request asks for."""

    name: str
    parameters: dict[str, Any] = {}


class InferRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a request."""

    inputs: list[InputTensor]
    id: str | None = None
    outputs: list[RequestedOutput] = []
    parameters: dict[str, Any] = {}


class InferResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an answer."""

    model_name: str
    model_version: str
    id: str
    outputs: list[OutputTensor]


def model_version(bundle: Bundle) -> str:
    """Return the version of a model in addresses: its hash, shortened."""
    return bundle.hash[:12] or "unsaved"


class Protocol:
    """The routes of the protocol.

    Parameters
    ----------
    responder
        What answers.
    limits
        Of bytes and rows.
    new_id
        Names requests that have no id.
    """

    def __init__(self, responder: Responder, limits: Limits, new_id: Callable[[], str]) -> None:
        self._responder = responder
        self._limits = limits
        self._new_id = new_id
        bundle = responder.bundle
        self._schema, self._task = bundle.schema, bundle.program.task
        self._coverage = bundle.program.coverage
        self._name, self._version = bundle.name, model_version(bundle)
        self._full_version = bundle.hash

    @property
    def routes(self) -> list[Route]:
        """Every route, those of a model with and without its version."""
        server = [
            Route("/v2", self.server),
            Route("/v2/", self.server),
            Route("/v2/health/live", self.health),
            Route("/v2/health/ready", self.health),
        ]
        model = [
            Route(base + path, endpoint, methods=methods)
            for base in (_MODEL, _VERSION)
            for path, endpoint, methods in (
                ("", self.model, ["GET"]),
                ("/ready", self.model_ready, ["GET"]),
                ("/infer", self.infer, ["POST"]),
            )
        ]
        return server + model

    async def server(self, _: Request) -> Response:
        """Say what this server is."""
        return json_response(
            {"name": "modelwright", "version": version("modelwright"), "extensions": []}
        )

    async def health(self, _: Request) -> Response:
        """Say that the server lives and is ready: it listens only once its bundle is loaded."""
        # The specification, its examples and its servers disagree on the field: this has both.
        return json_response({"live": True, "ready": True})

    async def model(self, request: Request) -> Response:
        """Say what the model reads and answers."""
        self._require_model(request)
        return json_response(
            {
                "name": self._name,
                "versions": [self._version],
                "platform": "modelwright",
                "inputs": input_shapes(self._schema),
                "outputs": output_shapes(self._task, self._coverage),
            }
        )

    async def model_ready(self, request: Request) -> Response:
        """Say that the model is ready."""
        self._require_model(request)
        return json_response({"name": self._name, "ready": True})

    async def infer(self, request: Request) -> Response:
        """Answer rows."""
        self._require_model(request)
        if _BINARY_HEADER in request.headers:
            raise HTTPException(400, "Binary tensors are not supported. Send them as JSON.")
        body = await read_body(request, self._limits.body_bytes)
        asked = decode_json(body, InferRequest)
        rows = rows_of_tensors(asked.inputs, self._schema)
        require_few(len(rows), self._limits)
        name = asked.id or self._new_id()
        try:
            answers = await self._responder.respond(
                rows, _row_ids(name, len(rows)), level=_level(asked)
            )
        except InputError as error:
            raise HTTPException(400, str(error)) from error
        outputs = self._chosen(asked, answers)
        return json_response(
            InferResponse(
                model_name=self._name, model_version=self._version, id=name, outputs=outputs
            )
        )

    def _chosen(self, asked: InferRequest, answers: Answers) -> list[OutputTensor]:
        usual = tensors_of_answers(answers, self._task)
        if not asked.outputs:
            return usual
        every = (*usual, *tensors_of_coverage(answers.covered))
        made = {tensor.name: tensor for tensor in every}
        names = [output.name for output in asked.outputs]
        if unknown := next((name for name in names if name not in made), None):
            raise HTTPException(400, f"There is no output {unknown!r}. {nearest(unknown, made)}")
        return [made[name] for name in names]

    def _require_model(self, request: Request) -> None:
        name = request.path_params["name"]
        if name != self._name:
            raise HTTPException(404, f"There is no model {name!r}. {nearest(name, [self._name])}")
        asked = request.path_params.get("version", self._version)
        if asked not in (self._version, self._full_version):
            raise HTTPException(
                404, f"The model {name!r} has no version {asked!r}; it has {self._version!r}."
            )


def _level(asked: InferRequest) -> object:
    beside = (output.parameters for output in asked.outputs if output.name in (RANGE, SET))
    return next(beside, {}).get("coverage")


def _row_ids(name: str, rows: int) -> list[str]:
    return [name] if rows == 1 else [f"{name}-{number}" for number in range(rows)]
