"""The Open Inference Protocol in the description."""

from collections.abc import Sequence

from modelwright.data.schema import Column
from modelwright.predictor.bundle import Bundle
from modelwright.serving.openapi.examples import Examples
from modelwright.serving.openapi.parts import (
    ANYTHING,
    GET_ERRORS,
    JSON,
    POST_ERRORS,
    PROBE_ERRORS,
    Json,
    answer,
    get,
    header,
    list_of,
    object_of,
    one_of,
    post,
    reference,
    responses,
)
from modelwright.serving.protocols.binary import LENGTH_HEADER
from modelwright.serving.protocols.datatypes import DATATYPES
from modelwright.serving.protocols.plain import MAX_ID
from modelwright.serving.protocols.protocol import model_version
from modelwright.serving.protocols.tensors import output_shapes

_BYTES = "application/octet-stream"
_TRUTH = {"type": "boolean"}
_SHAPE = {"type": "array", "items": {"type": "integer"}}


def inference_paths(bundle: Bundle, examples: Examples) -> Json:
    """Return the routes of the protocol, those of the model with and without its version."""
    live, ready = (answer(what, reference("Ready")) for what in ("It lives", "It is ready"))
    about = answer("Name, version and extensions", reference("Server"))
    paths = {
        "/v2": get("server", "What this server is", about, *GET_ERRORS),
        "/v2/": get("serverSlash", "What this server is", about, *GET_ERRORS),
        "/v2/health/live": get("live", "Whether the server lives", live, *PROBE_ERRORS),
        "/v2/health/ready": get("ready", "Whether the server is ready", ready, *PROBE_ERRORS),
    }
    base = f"/v2/models/{bundle.name}"
    paths |= _model_paths(base, "", examples)
    return paths | _model_paths(f"{base}/versions/{model_version(bundle)}", "Version", examples)


def inference_schemas(bundle: Bundle, beside: Sequence[Column]) -> Json:
    """Return the schemas of requests and answers."""
    parameters = {"type": "object", "description": "What extensions know"}
    tensor = {"name": {"type": "string"}, "datatype": {"type": "string"}, "shape": _SHAPE}
    shape = object_of({**tensor, "parameters": parameters}, optional=("parameters",))
    output = {"name": _output_names(bundle), "datatype": {"type": "string"}, "shape": _SHAPE}
    return {
        "Ready": object_of({"live": _TRUTH, "ready": _TRUTH}),
        "ModelReady": object_of({"name": {"const": bundle.name}, "ready": _TRUTH}),
        "Server": object_of(
            {
                "name": {"type": "string"},
                "version": {"type": "string"},
                "extensions": list_of({"type": "string"}),
            }
        ),
        "Metadata": object_of(
            {
                "name": {"const": bundle.name},
                "versions": list_of({"type": "string"}),
                "platform": {"type": "string"},
                "inputs": list_of(shape),
                "outputs": list_of(shape),
            }
        ),
        "InferRequest": _request(bundle, beside),
        "InferResponse": object_of(
            {
                "model_name": {"const": bundle.name},
                "model_version": {"type": "string"},
                "id": {"type": "string"},
                "outputs": list_of(
                    object_of(
                        {**output, "parameters": parameters, "data": ANYTHING},
                        optional=("parameters", "data"),
                    )
                ),
            }
        ),
    }


def _model_paths(base: str, suffix: str, examples: Examples) -> Json:
    errors = (*GET_ERRORS, *(("404",) if suffix else ()))
    metadata = answer("Inputs and outputs", reference("Metadata"))
    ready = answer("It is ready", reference("ModelReady"))
    return {
        base: get(f"model{suffix}", "What the model reads and answers", metadata, *errors),
        f"{base}/ready": get(f"modelReady{suffix}", "Whether it is ready", ready, *errors),
        f"{base}/infer": _infer(suffix, examples),
    }


def _infer(suffix: str, examples: Examples) -> Json:
    content = {
        JSON: {"schema": reference("InferRequest"), "example": examples.infer_request},
        _BYTES: {"schema": {"type": "string", "format": "binary"}},
    }
    sound = answer(
        "The output tensors", reference("InferResponse"), example=examples.infer_response
    )
    sound["content"][_BYTES] = {"schema": {"type": "string", "format": "binary"}}
    told = "Bytes of the body that are JSON; binary tensors follow them. Without it all of it is."
    return post(
        f"infer{suffix}",
        "Predict by the Open Inference Protocol, version 2",
        content,
        responses(sound, *POST_ERRORS, *(("404",) if suffix else ())),
        parameters=[header(LENGTH_HEADER, told, {"type": "integer", "minimum": 0})],
    )


def _request(bundle: Bundle, beside: Sequence[Column]) -> Json:
    names = [*bundle.schema.names, *(column.name for column in beside)]
    tensor = object_of(
        {
            "name": one_of(names),
            "shape": list_of({"type": "integer", "minimum": 0}, minItems=1, maxItems=2),
            "datatype": one_of([*DATATYPES]),
            "data": ANYTHING,
            "parameters": {"type": "object"},
        },
        optional=("data", "parameters"),
    )
    wanted = object_of(
        {"name": _output_names(bundle), "parameters": {"type": "object"}}, optional=("parameters",)
    )
    return object_of(
        {
            "id": {"type": "string", "maxLength": MAX_ID},
            "inputs": list_of(tensor, minItems=1 if beside else len(names), maxItems=len(names)),
            "outputs": list_of(wanted),
            "parameters": {"type": "object"},
        },
        optional=("id", "outputs", "parameters"),
    )


def _output_names(bundle: Bundle) -> Json:
    program = bundle.program
    return one_of([shape.name for shape in output_shapes(program.task, program.coverage)])
