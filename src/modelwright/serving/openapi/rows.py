"""What `/predict` reads and answers, in the description."""

from collections.abc import Sequence
from typing import get_args

from modelwright.data.schema import Column, Kind
from modelwright.data.values.measures import said
from modelwright.data.values.moments import DIGITS, said_format
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.explanations.contributions import Method
from modelwright.predictor.labels import label_text
from modelwright.predictor.reference.distribution import Levels
from modelwright.serving.limits import Limits
from modelwright.serving.openapi.examples import Examples
from modelwright.serving.openapi.parts import (
    JSON,
    POST_ERRORS,
    Json,
    answer,
    object_of,
    one_of,
    post,
    reference,
    responses,
)
from modelwright.serving.protocols.plain import MAX_ID
from modelwright.serving.rows.upload import CSV, LINES, PARQUET

_SHOWN_LEVELS = 10
_TEXT = {"type": "string"}


def row_paths(bundle: Bundle, examples: Examples) -> Json:
    """Return the routes that rows with named columns are sent to."""
    ways = ["Rows", "Row", *(["RowWithRelated"] if bundle.features.features else [])]
    either = {"anyOf": [reference(way) for way in ways]}
    content = {JSON: {"schema": either, "example": {"rows": examples.rows}}}
    answers = responses(answer("The predictions", reference("Predictions")), *POST_ERRORS, "422")
    summary = f"Predict {bundle.facts.target}"
    return {
        "/predict": post("predict", summary, content, answers),
        "/predict/batch": _batch(bundle, examples),
        "/explain": _explain(examples),
    }


def row_schemas(bundle: Bundle, limits: Limits, beside: Sequence[Column]) -> Json:
    """Return the schemas of rows and predictions."""
    predictions = {"type": "array", "items": reference("Prediction")}
    return {
        "Row": _row(bundle, beside),
        "Rows": _rows(bundle, limits),
        **_with_related(bundle),
        "Prediction": _prediction(bundle),
        "Explanation": _explanation(),
        "Predictions": object_of({"predictions": predictions, "model": _TEXT}),
    }


def answer_schema(bundle: Bundle) -> Json:
    """Return the schema of an answer: a class or a number."""
    task = bundle.program.task
    return one_of(task.classes) if task.is_classification else {"type": "number"}


def _batch(bundle: Bundle, examples: Examples) -> Json:
    content = {
        CSV: {"schema": _TEXT, "example": examples.csv},
        LINES: {"schema": _TEXT},
        PARQUET: {"schema": {"type": "string", "format": "binary"}},
    }
    sound = answer("An answer for each row", _TEXT, media=CSV)
    sound["content"][LINES] = {"schema": _TEXT}
    asked = {
        "id": "The column that names the answers",
        "ignore": "Columns that are left out, with commas between",
        "coverage": "Another level of ranges or sets",
        "separator": "Between the cells of CSV that is sent",
    }
    stated = bundle.program.coverage
    kinds = {"separator": {"type": "string", "minLength": 1, "maxLength": 1}}
    kinds["coverage"] = one_of([] if stated is None else [f"{each:g}" for each in stated.levels])
    query = [
        {"name": name, "in": "query", "description": told, "schema": kinds.get(name, _TEXT)}
        for name, told in asked.items()
        if name != "coverage" or stated is not None
    ]
    summary = f"Predict {bundle.facts.target} for each row of a file"
    answers = responses(sound, *POST_ERRORS, "406", "422")
    return post("predictBatch", summary, content, answers, parameters=query)


def _explain(examples: Examples) -> Json:
    content = {JSON: {"schema": reference("Row"), "example": next(iter(examples.rows), {})}}
    answers = responses(
        answer("What each column adds", reference("Explanation")), *POST_ERRORS, "422"
    )
    return post("explain", "Explain the answer to a row", content, answers)


def _explanation() -> Json:
    number: Json = {"type": "number"}
    part = {"column": _TEXT, "value": {}, "adds": number, "error": number}
    return object_of(
        {
            "answer": {"type": ["string", "number", "boolean"]},
            "of": {"type": ["string", "number", "boolean", "null"]},
            "value": number,
            "usual": number,
            "method": one_of(get_args(Method)),
            "parts": {"type": "array", "items": object_of(part)},
            "unlike": {"type": "array", "items": {"type": "object"}},
            "model": _TEXT,
        }
    )


def _row(bundle: Bundle, beside: Sequence[Column]) -> Json:
    columns = {column.name: _column(column, bundle) for column in (*bundle.schema, *beside)}
    return {"type": "object", "properties": columns, "additionalProperties": False}


def _column(column: Column, bundle: Bundle) -> Json:
    if column.kind == Kind.BOOLEAN:
        return {"type": ["boolean", "null"]}
    if column.value_type == "number":
        number: Json = {"type": ["number", "null"]}
        if column.unit:
            number = {
                "type": ["number", "string", "null"],
                "description": f"A number of {said(column.unit)}",
            }
        return number
    in_digits = column.value_type == "datetime" and column.datetime_format in DIGITS
    described: Json = {"type": ["string", *(["number"] if in_digits else []), "null"]}
    if column.value_type == "datetime":
        described["description"] = f"A moment, {said_format(column.datetime_format)}"
    known = bundle.reference.columns.get(column.name)
    if isinstance(known, Levels) and known.levels:
        described["examples"] = list(known.levels[:_SHOWN_LEVELS])
    return described


def _rows(bundle: Bundle, limits: Limits) -> Json:
    stated = bundle.program.coverage
    row_id = {"type": "string", "minLength": 1, "maxLength": MAX_ID}
    return {
        "type": "object",
        "properties": {
            "rows": {
                "type": "array",
                "items": reference("Row"),
                "minItems": 1,
                "maxItems": limits.rows,
            },
            "ids": {"type": ["array", "null"], "items": row_id, "uniqueItems": True},
            **(
                {"coverage": {**one_of(stated.levels), "type": ["number", "null"]}}
                if stated
                else {}
            ),
            **_related(bundle),
        },
        "required": ["rows"],
        "additionalProperties": False,
    }


def _with_related(bundle: Bundle) -> Json:
    """Describe one row beside the raw related rows that its features are made of."""
    if not bundle.features.features:
        return {}
    either = {"type": "object", "description": "Columns of the row, its keys and its moment"}
    return {"RowWithRelated": object_of({"row": either, **_related(bundle)})}


def _related(bundle: Bundle) -> Json:
    if not bundle.features.features:
        return {}
    rows: Json = {}
    for relation in bundle.features.relations:
        for table, schema in relation.reads.items():
            fields = rows.setdefault(table, {"type": "array", "items": {"type": "object"}})
            known = fields["items"].setdefault("required", [])
            known += [name for name in schema.names if name not in known]
    return {"related": {"type": "object", "properties": rows, "additionalProperties": False}}


def _prediction(bundle: Bundle) -> Json:
    task = bundle.program.task
    fields: Json = {"id": _TEXT, "answer": answer_schema(bundle)}
    if task.is_classification:
        chance = {"type": "number", "minimum": 0, "maximum": 1}
        fields["probabilities"] = object_of({label_text(each): chance for each in task.classes})
    return object_of(fields | _beside(bundle))


def _beside(bundle: Bundle) -> Json:
    """Describe the range or the set beside an answer, with how often it holds the truth."""
    stated, task = bundle.program.coverage, bundle.program.task
    if stated is None:
        return {}
    coverage = one_of(stated.levels)
    if task.is_classification:
        classes = one_of(task.classes)
        return {"set": {"type": "array", "items": classes, "minItems": 1}, "coverage": coverage}
    ends = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    return {"range": ends, "coverage": coverage}
