"""What the clients of MLflow, SageMaker and Vertex AI ask, in the description."""

from modelwright.predictor.bundle import Bundle
from modelwright.serving.container import VertexRoutes
from modelwright.serving.openapi.examples import Examples
from modelwright.serving.openapi.parts import (
    ANYTHING,
    GET_ERRORS,
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
from modelwright.serving.openapi.rows import answer_schema
from modelwright.serving.protocols.invocations import ATTRIBUTES, INFERENCE_ID
from modelwright.serving.protocols.plain import MAX_ID
from modelwright.serving.protocols.predictions import FORMS
from modelwright.serving.rows.mediatypes import CSV, JSON, JSON_LINES, PARQUET

_TEXT = {"type": "string"}
_NAME = {"type": "string", "maxLength": MAX_ID}
_BYTES = {"type": "string", "format": "binary"}


def platform_paths(bundle: Bundle, examples: Examples, vertex: VertexRoutes | None) -> Json:
    """Return the routes of the platforms; Vertex AI's only where its environment names them."""
    ready = answer("It is ready", reference("Ready"))
    version = answer("The version", _TEXT, media="text/plain")
    paths = {
        "/ping": get("ping", "Whether the server is ready", ready, *PROBE_ERRORS),
        "/health": get("health", "Whether the server is ready", ready, *PROBE_ERRORS),
        "/version": get("version", "Which modelwright this is", version, *GET_ERRORS),
        "/invocations": _invocations("invoke", examples),
        f"/endpoints/{bundle.name}/invocations": _invocations("invokeEndpoint", examples),
    }
    return paths if vertex is None else paths | _vertex_paths(vertex, examples)


def platform_schemas(bundle: Bundle) -> Json:
    """Return the schemas of rows in the shapes of other servers, and of bare predictions."""
    row = {"anyOf": [reference("Row"), ANYTHING]}
    params: Json = {"answers": one_of(FORMS)}
    if bundle.program.coverage is not None:
        params["coverage"] = one_of(bundle.program.coverage.levels)
    options = {"type": "object", "properties": params, "additionalProperties": False}
    split = object_of({"columns": list_of(_TEXT), "data": list_of(ANYTHING, minItems=1)})
    columns = dict.fromkeys(bundle.schema.names, ANYTHING)
    shapes = {
        "dataframe_split": split,
        "dataframe_records": list_of(reference("Row"), minItems=1),
        "instances": list_of(row, minItems=1),
        "inputs": {
            "anyOf": [
                {"type": "object", "properties": columns, "additionalProperties": False},
                list_of(row, minItems=1),
            ]
        },
    }
    ways = {
        f"By{name.title().replace('_', '')}": object_of(
            {name: shape, "params": options}, optional=("params",)
        )
        for name, shape in shapes.items()
    }
    told = [answer_schema(bundle), list_of({"type": "number"}), reference("Prediction")]
    return {
        "Options": options,
        **ways,
        "Invocation": {"anyOf": [*map(reference, ways), list_of(row, minItems=1)]},
        "Instances": object_of(
            {"instances": list_of(row, minItems=1), "parameters": options}, optional=("parameters",)
        ),
        "BarePredictions": object_of({"predictions": list_of({"anyOf": told})}),
    }


def _invocations(operation: str, examples: Examples) -> Json:
    content = {
        JSON: {"schema": reference("Invocation"), "example": {"dataframe_records": examples.rows}},
        CSV: {"schema": _TEXT, "example": examples.csv},
        JSON_LINES: {"schema": _TEXT},
        PARQUET: {"schema": _BYTES},
    }
    sound = _predictions(examples)
    sound["content"] |= {CSV: {"schema": _TEXT}, JSON_LINES: {"schema": _TEXT}}
    headers = [
        header(
            ATTRIBUTES, "Options such as answers=probabilities, where the body has no room", _TEXT
        ),
        header(INFERENCE_ID, "Names the answers in the ledger", _NAME),
    ]
    errors = (*POST_ERRORS, "406")
    summary = "Predict as MLflow's and SageMaker's clients ask"
    return post(operation, summary, content, responses(sound, *errors), parameters=headers)


def _vertex_paths(vertex: VertexRoutes, examples: Examples) -> Json:
    ready = answer("It is ready", reference("Ready"))
    example = {"instances": examples.rows}
    content = {JSON: {"schema": reference("Instances"), "example": example}}
    answers = responses(_predictions(examples), *POST_ERRORS)
    asked = post("predictInstances", "Predict as Vertex AI asks", content, answers)
    probe = get("vertexHealth", "Whether the server is ready", ready, *PROBE_ERRORS)
    return {vertex.health: probe, vertex.predict: asked}


def _predictions(examples: Examples) -> Json:
    example = {"predictions": examples.labels}
    return answer("The predictions", reference("BarePredictions"), example=example)
