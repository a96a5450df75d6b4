"""The Open Inference Protocol, version 2, as OpenAPI: written for these tests after its text.

The description that its authors publish is not used: a tool that tests by it finds little. Its
paths read ``${MODEL_NAME}``, a dollar sign included; the paths without a version are missing; and
any name of a model or input is allowed, so that nearly all requests are for what is not there.
"""

from typing import Any

_JSON = "application/json"
_TEXT = {"type": "string"}
_NUMBERS = {"type": "array", "items": {"type": "integer"}}
_PARAMETERS = {"type": "object"}
_HEALTH = {"get": {"responses": {"200": {"description": "Sound; servers differ in the body"}}}}
_DATATYPES = ["BOOL", "UINT8", "INT8", "INT32", "INT64", "FP16", "FP32", "FP64", "BYTES"]


def describe(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return the description of a server with one model.

    Parameters
    ----------
    metadata
        What the model says about itself.
    """
    base = f"/v2/models/{metadata['name']}"
    bases = [base, *(f"{base}/versions/{version}" for version in metadata["versions"])]
    return {
        "openapi": "3.0.3",
        "info": {"title": "Open Inference Protocol", "version": "2"},
        "paths": {
            **{
                path: _get(_object(name=_TEXT, version=_TEXT, extensions=_list(_TEXT)))
                for path in ("/v2", "/v2/")
            },
            **dict.fromkeys(("/v2/health/live", "/v2/health/ready"), _HEALTH),
            **{path: _get(_metadata()) for path in bases},
            **{f"{path}/ready": _HEALTH for path in bases},
            **{f"{path}/infer": _infer(metadata) for path in bases},
        },
    }


def _metadata() -> dict[str, Any]:
    tensor = _object(name=_TEXT, datatype=_TEXT, shape=_NUMBERS)
    tensors = {"inputs": _list(tensor), "outputs": _list(tensor)}
    return _object(name=_TEXT, versions=_list(_TEXT), platform=_TEXT, **tensors)


def _infer(metadata: dict[str, Any]) -> dict[str, Any]:
    names = {each: [tensor["name"] for tensor in metadata[each]] for each in ("inputs", "outputs")}
    tensor = _object(
        name={"enum": names["inputs"]},
        shape=_list({"type": "integer", "minimum": 0}),
        datatype={"enum": _DATATYPES},
        data={"type": "array", "items": {}},
    )
    tensor["properties"]["parameters"] = _PARAMETERS
    wanted = _object(name={"enum": names["outputs"]})
    wanted["properties"]["parameters"] = _PARAMETERS
    request = _object(inputs=_list(tensor))
    request["properties"] |= {"id": _TEXT, "parameters": _PARAMETERS, "outputs": _list(wanted)}
    output = _object(
        name=_TEXT, shape=_NUMBERS, datatype=_TEXT, data={"type": "array", "items": {}}
    )
    response = _object(model_name=_TEXT, outputs=_list(output))
    response["properties"] |= {"model_version": _TEXT, "id": _TEXT}
    body = {"required": True, "content": {_JSON: {"schema": request}}}
    return {"post": {"requestBody": body, "responses": _responses(response)}}


def _get(schema: dict[str, Any]) -> dict[str, Any]:
    return {"get": {"responses": _responses(schema)}}


def _responses(schema: dict[str, Any]) -> dict[str, Any]:
    error = _object(error=_TEXT)
    return {
        status: {"description": told, "content": {_JSON: {"schema": answer}}}
        for status, told, answer in (("200", "Sound", schema), ("400", "Refused", error))
    }


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields)}


def _list(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}
