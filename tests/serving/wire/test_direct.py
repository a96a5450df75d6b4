import anyio
import pytest
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from modelwright.errors import WorkspaceError
from modelwright.serving.wire.direct import Direct


async def _behind(scope, receive, send) -> None:
    await PlainTextResponse("the long way")(scope, receive, send)


def _raising(error: Exception):
    async def endpoint(request):
        raise error

    return endpoint


def _client(endpoint) -> TestClient:
    app = Direct(_behind, {("POST", "/predict"): endpoint})
    return TestClient(app, raise_server_exceptions=False)


def test_what_is_not_named_takes_the_long_way():
    async def short(request):
        return PlainTextResponse((await request.body()).decode() + " by the short way")

    client = _client(short)
    assert client.post("/predict?x=1", content="sent").text == "sent by the short way"
    for method, path in (("GET", "/predict"), ("POST", "/predict/"), ("POST", "/v2")):
        assert client.request(method, path).text == "the long way"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (HTTPException(422, "No."), 422, "No."),
        (WorkspaceError("Full.", "Wait."), 503, "Full. Wait."),
        (ZeroDivisionError("secret"), 500, "The server failed."),
    ],
)
def test_refusals_and_faults_are_told_as_on_the_long_way(error, status, said):
    answer = _client(_raising(error)).post("/predict")
    assert (answer.status_code, answer.json()) == (status, {"error": said})


def test_a_fault_is_raised_after_its_answer_so_that_somebody_logs_it():
    sent = []

    async def send(message) -> None:
        sent.append(message)

    app = Direct(_behind, {("POST", "/predict"): _raising(ZeroDivisionError("x"))})
    scope = {"type": "http", "method": "POST", "path": "/predict", "headers": []}
    with pytest.raises(ZeroDivisionError):
        anyio.run(app, scope, None, send)
    assert sent[0]["status"] == 500
