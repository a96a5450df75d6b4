"""The description that tools read (OpenAPI 3.1), made from the model's own schema."""

from typing import Any

from modelwright.data.schema import Column, Kind
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.labels import label_text
from modelwright.predictor.reference import Levels
from modelwright.serving.limits import Limits
from modelwright.serving.plain import MAX_ID
from modelwright.serving.protocol import model_version

_Json = dict[str, Any]

_SHOWN_LEVELS = 10
_ERRORS = {
    "400": "The body is empty or no JSON.",
    "413": "The body is too large.",
    "422": "A field is unknown or has a value of the wrong type.",
}


def describe(bundle: Bundle, limits: Limits) -> _Json:
    """Return the description of a model's server.

    Parameters
    ----------
    bundle
        Its schema names the columns, its first case is the example.
    limits
        Of rows.
    """
    name = bundle.name
    return {
        "openapi": "3.1.0",
        "info": {
            "title": bundle.facts.question or f"Predict {bundle.facts.target}",
            "version": model_version(bundle),
        },
        "paths": {
            "/predict": {"post": _predict(bundle)},
            "/explain": {"post": _explain(bundle)},
            "/v2/health/ready": {"get": _get("Whether the server is ready", "Ready")},
            f"/v2/models/{name}": {"get": _get("What the model reads and answers", "Metadata")},
            f"/v2/models/{name}/infer": {"post": _infer()},
        },
        "components": {
            "schemas": {
                "Row": _row(bundle),
                "Rows": _rows(bundle, limits),
                **_with_related(bundle),
                "Predictions": _predictions(bundle),
                "Explanation": _explanation(),
                "Ready": _object({"live": {"type": "boolean"}, "ready": {"type": "boolean"}}),
                "Metadata": {"type": "object"},
                "Error": _object({"error": {"type": "string"}}),
            }
        },
    }


def _predict(bundle: Bundle) -> _Json:
    ways = ["Rows", "Row", *(["RowWithRelated"] if bundle.features.features else [])]
    either = {"anyOf": [_reference(way) for way in ways]}
    # The first case is a row of the training data, as it came in.
    example = {"rows": [case.record for case in bundle.cases[:1]]}
    return {
        "summary": f"Predict {bundle.facts.target}",
        "operationId": "predict",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": either, "example": example}},
        },
        "responses": {"200": _answer("The predictions", "Predictions"), **_error_answers()},
    }


def _explain(bundle: Bundle) -> _Json:
    example = bundle.cases[0].record if bundle.cases else {}
    return {
        "summary": "Explain the answer to a row",
        "operationId": "explain",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _reference("Row"), "example": example}},
        },
        "responses": {"200": _answer("What each column adds", "Explanation"), **_error_answers()},
    }


def _infer() -> _Json:
    return {
        "summary": "Predict by the Open Inference Protocol, version 2",
        "operationId": "infer",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        "responses": {
            "200": {
                "description": "The output tensors",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **_error_answers(),
        },
    }


def _get(summary: str, schema: str) -> _Json:
    return {"summary": summary, "responses": {"200": _answer(summary, schema)}}


def _explanation() -> _Json:
    number: _Json = {"type": "number"}
    part = {"column": {"type": "string"}, "value": {}, "adds": number, "error": number}
    fields = {
        "answer": {"type": ["string", "number", "boolean"]},
        "of": {"type": ["string", "number", "boolean", "null"]},
        "value": number,
        "usual": number,
        "parts": {"type": "array", "items": _object(part)},
        "unlike": {"type": "array", "items": {"type": "object"}},
        "model": {"type": "string"},
    }
    return _object(fields)


def _row(bundle: Bundle) -> _Json:
    columns = {column.name: _column(column, bundle) for column in bundle.schema}
    return {"type": "object", "properties": columns, "additionalProperties": False}


def _column(column: Column, bundle: Bundle) -> _Json:
    if column.kind == Kind.BOOLEAN:
        return {"type": ["boolean", "null"]}
    if column.value_type == "number":
        return {"type": ["number", "null"]}
    described: _Json = {"type": ["string", "null"]}
    if column.value_type == "datetime":
        described["description"] = f"A moment, {column.datetime_format or 'in ISO 8601'}"
    known = bundle.reference.columns.get(column.name)
    if isinstance(known, Levels) and known.levels:
        described["examples"] = list(known.levels[:_SHOWN_LEVELS])
    return described


def _rows(bundle: Bundle, limits: Limits) -> _Json:
    stated = bundle.program.coverage
    row_id = {"type": "string", "minLength": 1, "maxLength": MAX_ID}
    return {
        "type": "object",
        "properties": {
            "rows": {
                "type": "array",
                "items": _reference("Row"),
                "minItems": 1,
                "maxItems": limits.rows,
            },
            "ids": {"type": ["array", "null"], "items": row_id, "uniqueItems": True},
            **({"coverage": {"enum": [*stated.levels, None]}} if stated else {}),
            **_related(bundle),
        },
        "required": ["rows"],
        "additionalProperties": False,
    }


def _with_related(bundle: Bundle) -> _Json:
    """Describe one row beside the raw related rows that its features are made of."""
    if not bundle.features.features:
        return {}
    either = {"type": "object", "description": "Columns of the row, its keys and its moment"}
    return {"RowWithRelated": _object({"row": either, **_related(bundle)})}


def _related(bundle: Bundle) -> _Json:
    if not bundle.features.features:
        return {}
    rows: _Json = {}
    for relation in bundle.features.relations:
        fields = rows.setdefault(relation.table, {"type": "array", "items": {"type": "object"}})
        known = fields["items"].setdefault("required", [])
        known += [name for name in relation.schema.names if name not in known]
    return {"related": {"type": "object", "properties": rows, "additionalProperties": False}}


def _predictions(bundle: Bundle) -> _Json:
    task = bundle.program.task
    fields: _Json = {"id": {"type": "string"}}
    if task.is_classification:
        chance = {"type": "number", "minimum": 0, "maximum": 1}
        fields["answer"] = {"enum": list(task.classes)}
        fields["probabilities"] = _object({label_text(each): chance for each in task.classes})
    else:
        fields["answer"] = {"type": "number"}
    fields |= _beside(bundle)
    predictions = {"type": "array", "items": _object(fields)}
    return _object({"predictions": predictions, "model": {"type": "string"}})


def _beside(bundle: Bundle) -> _Json:
    """Describe the range or the set beside an answer, with how often it holds the truth."""
    stated, task = bundle.program.coverage, bundle.program.task
    if stated is None:
        return {}
    coverage: _Json = {"enum": list(stated.levels)}
    if task.is_classification:
        classes = {"enum": list(task.classes)}
        return {"set": {"type": "array", "items": classes, "minItems": 1}, "coverage": coverage}
    ends = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    return {"range": ends, "coverage": coverage}


def _object(fields: _Json) -> _Json:
    return {"type": "object", "properties": fields, "required": list(fields)}


def _reference(schema: str) -> _Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def _answer(description: str, schema: str) -> _Json:
    return {
        "description": description,
        "content": {"application/json": {"schema": _reference(schema)}},
    }


def _error_answers() -> _Json:
    return {status: _answer(sentence, "Error") for status, sentence in _ERRORS.items()}
