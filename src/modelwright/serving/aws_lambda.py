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

import msgspec
from starlette.types import ASGIApp

from modelwright.errors import InputError, ModelwrightError
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.serving.app import create_app
from modelwright.serving.flags import TOKEN_VARIABLE
from modelwright.serving.wire.in_process import Question, ask

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
        When an event that is no HTTP request cannot be answered.
    """
    question = _question(event)
    reply = asyncio.run(ask(app, question or Question("POST", "/predict", _encoded(event))))
    if question is not None:
        return {
            "statusCode": reply.status,
            "headers": dict(reply.headers),
            "body": reply.body.decode("utf-8", "replace"),
            "isBase64Encoded": False,
        }
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


def _question(event: Any) -> Question | None:
    """Return the HTTP request that an event is; None when it is none."""
    if not isinstance(event, dict) or not isinstance(event.get("requestContext"), dict):
        return None
    context = event["requestContext"]
    newer = context.get("http") or {}
    method = newer.get("method") or event.get("httpMethod") or "GET"
    path = event.get("rawPath") or event.get("path") or "/"
    return Question(
        method=str(method),
        path=_without_stage(str(path), context),
        body=_body(event),
        headers={str(name): str(value) for name, value in (event.get("headers") or {}).items()},
    )


def _without_stage(path: str, context: Mapping[str, Any]) -> str:
    """Leave the name of an API's stage, which a client writes first, out of the path."""
    stage = f"/{context.get('stage') or '$default'}"
    return path.removeprefix(stage) or "/" if f"{path}/".startswith(f"{stage}/") else path


def _body(event: Mapping[str, Any]) -> bytes:
    body = str(event.get("body") or "")
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


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
