"""What a description is put together from."""

from collections.abc import Collection
from typing import Any

Json = dict[str, Any]

JSON = "application/json"
ANYTHING: Json = {"type": "array", "items": {}}
"""A list; generators of clients want to be told of its items, whatever these are."""

_ERRORS = {
    "400": "The body is empty or no JSON, or says what cannot be.",
    "401": "The server wants a token, and this is none of its tokens.",
    "404": "There is no such model or version.",
    "406": "There is no answer of the kind that is accepted.",
    "408": "The request did not arrive in time.",
    "413": "The body is too large, or has too many rows.",
    "415": "The body is of a kind that is not read.",
    "422": "A field is unknown or has a value of the wrong type.",
    "503": "The server is busy, or ends. Come again.",
}
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}
PROBE_ERRORS = ("503",)
GET_ERRORS = ("401", "503")
POST_ERRORS = ("400", "401", "408", "413", "415", "503")


def object_of(fields: Json, *, optional: tuple[str, ...] = ()) -> Json:
    """Return the schema of an object whose fields are all required, but for some."""
    required = [name for name in fields if name not in optional]
    return {"type": "object", "properties": fields, "required": required}


def list_of(schema: Json, **bounds: int) -> Json:
    """Return the schema of a list."""
    return {"type": "array", "items": schema, **bounds}


def one_of(values: Collection[Any]) -> Json:
    """Return the schema of one of some values, with the type that generators of clients want.

    Of broken numbers, which many of them cannot list, only a sentence tells.

    Examples
    --------
    >>> one_of(["no", "yes"])
    {'type': 'string', 'enum': ['no', 'yes']}
    >>> one_of([0.8, 0.9])
    {'type': 'number', 'description': 'One of 0.8, 0.9'}
    """
    kinds = {type(each) for each in values}
    kind = _TYPES.get(kinds.pop()) if len(kinds) == 1 else None
    if kind is None:
        return {"enum": list(values)}
    if kind == "number":
        return {"type": kind, "description": f"One of {', '.join(map(str, values))}"}
    return {"type": kind, "enum": list(values)}


def reference(schema: str) -> Json:
    """Refer to a named schema."""
    return {"$ref": f"#/components/schemas/{schema}"}


def answer(description: str, schema: Json, *, example: Any = None, media: str = JSON) -> Json:
    """Return the description of a sound answer."""
    content = {"schema": schema, **({} if example is None else {"example": example})}
    return {"description": description, "content": {media: content}}


def responses(sound: Json, *errors: str) -> Json:
    """Return all answers of a route."""
    return {"200": sound, **{each: {"$ref": f"#/components/responses/{each}"} for each in errors}}


def error_responses() -> Json:
    """Return every error that a route may refer to."""
    return {each: answer(told, reference("Error")) for each, told in _ERRORS.items()}


def get(operation: str, summary: str, sound: Json, *errors: str) -> Json:
    """Return the description of a route that is read."""
    answers = responses(sound, *errors)
    return {"get": {"operationId": operation, "summary": summary, "responses": answers}}


def post(operation: str, summary: str, content: Json, answers: Json, **more: Any) -> Json:
    """Return the description of a route that is asked with a body."""
    body = {"required": True, "content": content}
    told = {"operationId": operation, "summary": summary, **more}
    return {"post": {**told, "requestBody": body, "responses": answers}}


def header(name: str, description: str, schema: Json) -> Json:
    """Return the description of a header that may be sent."""
    return {"name": name, "in": "header", "description": description, "schema": schema}
