"""The Open Inference Protocol, version 2, over HTTP with JSON and binary tensors.

One tensor per column goes in; the tensors ``answer`` and, for classes, ``probabilities`` come out.
Where the bundle states coverage, ``range`` or ``set`` comes out too when ``outputs`` names it, at
the level of its parameter ``coverage``.
The id of a request names its answer in the ledger; where it has several rows, they are
``ID-0``, ``ID-1``, …
"""

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from modelwright._version import __version__
from modelwright.errors import InputError, ModelwrightError, nearest
from modelwright.predictor.bundle import Bundle
from modelwright.serving.answers.answer import Answers
from modelwright.serving.answers.answering import Answering
from modelwright.serving.answers.naming import random_id
from modelwright.serving.limits import FEW_BYTES, Limits, require_few
from modelwright.serving.protocols.binary import LENGTH_HEADER, split_body, with_binary_data
from modelwright.serving.protocols.infer import (
    InferRequest,
    InferResponse,
    check_request,
    chosen_outputs,
    infer_response,
)
from modelwright.serving.protocols.tensors import (
    input_shapes,
    output_shapes,
    rows_of_tensors,
    tensors_of_answers,
    tensors_of_coverage,
)
from modelwright.serving.rows.record import Record
from modelwright.serving.wire.messages import decode_json, json_response, read_body

_MODEL = "/v2/models/{name}"
_VERSION = _MODEL + "/versions/{version}"


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
    """

    def __init__(self, responder: Answering, limits: Limits) -> None:
        self._responder = responder
        self._limits = limits
        bundle = responder.bundle
        self._task = bundle.program.task
        self._declared = {tensor.name: tensor for tensor in input_shapes(responder.accepted)}
        self._outputs = output_shapes(self._task, bundle.program.coverage)
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
            {
                "name": "modelwright",
                "version": __version__,
                "extensions": ["binary_tensor_data"],
            }
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
                "inputs": list(self._declared.values()),
                "outputs": self._outputs,
            }
        )

    async def model_ready(self, request: Request) -> Response:
        """Say that the model is ready."""
        self._require_model(request)
        return json_response({"name": self._name, "ready": True})

    async def infer(self, request: Request) -> Response:
        """Answer rows."""
        self._require_model(request)
        asked = await self._read(request)
        rows, name = self._rows_and_name(asked)
        try:
            answers = await self._responder.respond(
                rows, _row_ids(name, len(rows)), level=asked.coverage
            )
        except InputError as error:
            raise HTTPException(400, str(error)) from error
        return infer_response(self._told(answers, asked, name), asked)

    @property
    def quick_paths(self) -> tuple[str, ...]:
        """Where rows are sent that may be answered while they are read."""
        versions = ("", f"/versions/{self._version}")
        return tuple(f"/v2/models/{self._name}{version}/infer" for version in versions)

    def infer_at_once(self, sent: bytes) -> bytes | None:
        """Answer few rows in JSON; None where they go the usual way."""
        if len(sent) > FEW_BYTES:
            return None
        try:
            asked = self._asked(sent, b"")
            if any(asked.wants_binary(tensor.name) for tensor in self._outputs):
                return None
            rows, name = self._rows_and_name(asked)
            answers = self._responder.respond_to_few_at_once(
                rows, _row_ids(name, len(rows)), level=asked.coverage
            )
        except (HTTPException, ModelwrightError):
            # The usual way meets it too, and tells it.
            return None
        return None if answers is None else msgspec.json.encode(self._told(answers, asked, name))

    def _rows_and_name(self, asked: InferRequest) -> tuple[list[Record], str]:
        rows = rows_of_tensors(asked.inputs, self._declared, optional=self._responder.optional)
        require_few(len(rows), self._limits)
        return rows, asked.id or random_id()

    def _told(self, answers: Answers, asked: InferRequest, name: str) -> InferResponse:
        usual = tensors_of_answers(answers, self._task)
        return InferResponse(
            model_name=self._name,
            model_version=answers.model[:12] or self._version,
            id=name,
            outputs=chosen_outputs(asked, usual, beside=tensors_of_coverage(answers.covered)),
        )

    async def _read(self, request: Request) -> InferRequest:
        body = await read_body(request, self._limits.body_bytes)
        head, tail = split_body(body, request.headers.get(LENGTH_HEADER))
        return self._asked(head, tail)

    def _asked(self, head: bytes, tail: bytes) -> InferRequest:
        asked = decode_json(head, InferRequest, depth=self._limits.depth)
        check_request(asked, self._outputs)
        return msgspec.structs.replace(asked, inputs=with_binary_data(asked.inputs, tail))

    def _require_model(self, request: Request) -> None:
        name = request.path_params["name"]
        if name != self._name:
            raise HTTPException(
                404, f"There is no model {name!r:.80}. {nearest(name, [self._name])}"
            )
        asked = request.path_params.get("version", self._version)
        if asked not in (self._version, self._full_version):
            raise HTTPException(
                404, f"The model {name!r} has no version {asked!r:.80}; it has {self._version!r}."
            )


def _row_ids(name: str, rows: int) -> list[str]:
    return [name] if rows == 1 else [f"{name}-{number}" for number in range(rows)]
