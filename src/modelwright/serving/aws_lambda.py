"""The app behind AWS Lambda: ``python -m modelwright.serving.aws_lambda BUNDLE``.

It asks the runtime API of Lambda for events and answers them, one after the other. An event of a
function URL, an API Gateway or a load balancer is an HTTP request to one of the server's routes;
any other event is a body of ``POST /predict``.
"""

import asyncio
import base64
import http.client
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

import msgspec
from starlette.types import ASGIApp

from modelwright.errors import InputError, ModelwrightError
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.serving.app import create_app
from modelwright.serving.flags import TOKEN_VARIABLE
from modelwright.serving.wire.in_process import Question, Reply, ask

_API = "AWS_LAMBDA_RUNTIME_API"
_VERSION = "/2018-06-01/runtime"
_ID = "Lambda-Runtime-Aws-Request-Id"
_ERROR = "Lambda-Runtime-Function-Error-Type"


def handle(event: Any, app: ASGIApp) -> Any:
    """Answer one event.

    Parameters
    ----------
    event
        Of a function URL, an API Gateway, a load balancer; or rows as `POST /predict` takes them.
    app
        What `create_app` returned.

    Returns
    -------
    object
        What Lambda hands on: an HTTP answer, or the body of the answer.

    Raises
    ------
    InputError
        When an event that is no HTTP request cannot be answered, or one that is cannot be read.
    """
    request = _http_event(event)
    if request is not None:
        return _answer(asyncio.run(ask(app, _question(request))), request)
    reply = asyncio.run(ask(app, Question("POST", "/predict", _encoded(event))))
    body = msgspec.json.decode(reply.body)
    if reply.status != http.client.OK:
        raise InputError(body.get("error", f"The answer is {reply.status}."))
    return body


def run(api: str, app: ASGIApp) -> None:
    """Answer events for as long as the runtime API gives any.

    Parameters
    ----------
    api
        Its host and port.
    app
        What `create_app` returned.
    """
    connection = http.client.HTTPConnection(api)
    while True:
        connection.request("GET", f"{_VERSION}/invocation/next")
        given = connection.getresponse()
        event, name = given.read(), given.headers[_ID]
        try:
            answer = _encoded(handle(msgspec.json.decode(event), app))
            _post(connection, f"/invocation/{name}/response", answer, {})
        except (ModelwrightError, msgspec.DecodeError) as error:
            kind = type(error).__name__
            told = _encoded({"errorMessage": str(error), "errorType": kind})
            _post(connection, f"/invocation/{name}/error", told, {_ERROR: kind})


def main() -> int:
    """Answer events; return 2 when the bundle is damaged or this is not Lambda."""
    try:
        api = os.environ[_API]
        token = os.environ.get(TOKEN_VARIABLE) or None
        app = create_app(read_bundle(Path(sys.argv[1])), token=token)
        run(api, app)
    except KeyError:
        print(f"{_API} is not set: this runs inside AWS Lambda.", file=sys.stderr)
    except (ModelwrightError, OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
    return 2


class _Http(msgspec.Struct):
    method: str = "GET"


class _Context(msgspec.Struct):
    http: _Http | None = None
    stage: str | None = None
    elb: dict[str, Any] | None = None


class _HttpEvent(msgspec.Struct, rename="camel"):
    """What function URLs and newer API Gateways send, and older ones and load balancers."""

    request_context: _Context
    raw_path: str = ""
    path: str = ""
    http_method: str = "GET"
    raw_query_string: str = ""
    query_string_parameters: dict[str, str] | None = None
    multi_value_query_string_parameters: dict[str, list[str]] | None = None
    headers: dict[str, str] | None = None
    multi_value_headers: dict[str, list[str]] | None = None
    body: str | None = None
    is_base64_encoded: bool = False


def _http_event(event: Any) -> _HttpEvent | None:
    """Return the HTTP request that an event is; None when it is none."""
    if not isinstance(event, dict) or not isinstance(event.get("requestContext"), dict):
        return None
    try:
        return msgspec.convert(event, _HttpEvent)
    except msgspec.ValidationError as error:
        raise InputError(f"The event is no HTTP request: {error}.") from error


def _question(event: _HttpEvent) -> Question:
    context = event.request_context
    several = event.multi_value_headers or {}
    return Question(
        method=context.http.method if context.http else event.http_method,
        path=f"{_without_stage(event.raw_path or event.path or '/', context)}?{_query(event)}",
        body=_body(event),
        headers=event.headers or {name: ",".join(values) for name, values in several.items()},
    )


def _answer(reply: Reply, event: _HttpEvent) -> dict[str, Any]:
    try:
        body, is_packed = reply.body.decode(), False
    except UnicodeDecodeError:  # tensors, which are no text
        body, is_packed = base64.b64encode(reply.body).decode(), True
    answer = {
        "statusCode": reply.status,
        "headers": dict(reply.headers),
        "body": body,
        "isBase64Encoded": is_packed,
    }
    if event.multi_value_headers is None:
        return answer
    # A load balancer that sends lists reads no others.
    return {**answer, "multiValueHeaders": {name: [text] for name, text in reply.headers.items()}}


def _query(event: _HttpEvent) -> str:
    plain = event.query_string_parameters or {}
    several = event.multi_value_query_string_parameters or {
        name: [value] for name, value in plain.items()
    }
    if event.raw_query_string or not several:
        return event.raw_query_string
    # A load balancer hands them on as they were sent.
    plainly = (lambda text, *_: text) if event.request_context.elb is not None else quote_plus
    return urlencode(several, doseq=True, quote_via=plainly)


def _without_stage(path: str, context: _Context) -> str:
    """Leave the name of an API's stage, which a client writes first, out of the path."""
    stage = f"/{context.stage or '$default'}"
    return path.removeprefix(stage) or "/" if f"{path}/".startswith(f"{stage}/") else path


def _body(event: _HttpEvent) -> bytes:
    body = event.body or ""
    if not event.is_base64_encoded:
        return body.encode()
    try:
        return base64.b64decode(body)
    except ValueError as error:
        raise InputError(f"The body of the event is no base64: {error}.") from error


def _post(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: Mapping[str, str]
) -> None:
    sent = {"Content-Type": "application/json", **headers}
    connection.request("POST", f"{_VERSION}{path}", body, sent)
    connection.getresponse().read()


def _encoded(value: Any) -> bytes:
    return msgspec.json.encode(value)


if __name__ == "__main__":
    sys.exit(main())
