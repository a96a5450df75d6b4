"""What the Open Inference Protocol's clients send and get: requests, chosen outputs, answers."""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from modelwright.errors import nearest
from modelwright.serving.protocols.binary import LENGTH_HEADER, SIZE, pack
from modelwright.serving.protocols.plain import MAX_ID
from modelwright.serving.protocols.tensors import RANGE, SET, InputTensor, OutputTensor, TensorShape
from modelwright.serving.wire.messages import json_response

_BINARY = "binary_data"
_ALL_BINARY = "binary_data_output"


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

    @property
    def coverage(self) -> object:
        """The level that ranges or sets are asked at; None where it is left to the model."""
        beside = (output.parameters for output in self.outputs if output.name in (RANGE, SET))
        return next(beside, {}).get("coverage")

    def wants_binary(self, name: str) -> bool:
        """Say whether an output is asked for as bytes."""
        usual = self.parameters.get(_ALL_BINARY, False)
        asked = (output.parameters for output in self.outputs if output.name == name)
        return bool(next(asked, {}).get(_BINARY, usual))


class InferResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an answer."""

    model_name: str
    model_version: str
    id: str
    outputs: list[OutputTensor]


def check_request(asked: InferRequest, offered: Sequence[TensorShape]) -> None:
    """Refuse a request whose id is too long, or that asks for outputs that it cannot get.

    Parameters
    ----------
    asked
        What names outputs.
    offered
        The outputs that the model has.

    Raises
    ------
    HTTPException
        400 with what is wrong.
    """
    if asked.id is not None and len(asked.id) > MAX_ID:
        raise HTTPException(400, f"The id has more than {MAX_ID} characters. Send a shorter one.")
    known = [tensor.name for tensor in offered]
    seen = set()
    for name in (output.name for output in asked.outputs):
        if name not in known:
            raise HTTPException(400, f"There is no output {name!r:.80}. {nearest(name, known)}")
        if name in seen:
            raise HTTPException(400, f"The output {name!r:.80} is asked for twice.")
        seen.add(name)
    _check_flags(asked)


def chosen_outputs(
    asked: InferRequest, usual: list[OutputTensor], *, beside: Sequence[OutputTensor]
) -> list[OutputTensor]:
    """Return the outputs that a request asks for, in its order; the usual ones for none.

    Parameters
    ----------
    asked
        What names them.
    usual
        The answers.
    beside
        What is stated beside answers, and only sent when it is named.
    """
    if not asked.outputs:
        return usual
    made = {tensor.name: tensor for tensor in (*usual, *beside)}
    return [made[output.name] for output in asked.outputs]


def infer_response(answer: InferResponse, asked: InferRequest) -> Response:
    """Answer with JSON, and with bytes behind it for the outputs that are asked for so."""
    outputs, tail = [], []
    for tensor in answer.outputs:
        if asked.wants_binary(tensor.name):
            assert tensor.data is not None
            tail.append(pack(tensor.data, tensor.datatype))
            size = {**tensor.parameters, SIZE: len(tail[-1])}
            tensor = msgspec.structs.replace(tensor, data=None, parameters=size)
        outputs.append(tensor)
    if not tail:
        return json_response(answer)
    head = msgspec.json.encode(msgspec.structs.replace(answer, outputs=outputs))
    return Response(
        b"".join([head, *tail]),
        headers={LENGTH_HEADER: str(len(head))},
        media_type="application/octet-stream",
    )


def _check_flags(asked: InferRequest) -> None:
    flags = [(_ALL_BINARY, asked.parameters)]
    flags += [(_BINARY, output.parameters) for output in asked.outputs]
    for flag, parameters in flags:
        if not isinstance(parameters.get(flag, False), bool):
            raise HTTPException(
                400, f"The parameter {flag!r} is {parameters[flag]!r:.40}. Send true or false."
            )
