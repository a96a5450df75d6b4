import warnings

from starlette.responses import PlainTextResponse

from modelwright.ui.app import create_dashboard
from modelwright.ui.beside import beside

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=".*httpx", category=UserWarning)
    from starlette.testclient import TestClient

HOME = "/ui/p/late%20flights/"


async def _server(scope, receive, send):
    await PlainTextResponse(f"the server's {scope['path']}")(scope, receive, send)


def _client(workspace, **given) -> TestClient:
    app = beside(create_dashboard(workspace.path, tokens=["not-a-secret"], **given))(_server)
    return TestClient(app, base_url="http://localhost:8000")


def test_the_dashboard_stands_beside_the_servers_own_addresses(workspace):
    client = _client(workspace)
    assert client.get("/predict").text == "the server's /predict"
    assert client.get("/uim").text == "the server's /uim"
    answer = client.get("/ui")
    assert answer.url.raw_path == HOME.encode()
    assert f'href="{HOME}health"' in answer.text
    assert 'href="/ui/static/' in answer.text


def test_signing_in_stays_below_the_path(workspace):
    client = _client(workspace, loopback=False)
    answer = client.get(HOME, follow_redirects=False)
    assert answer.headers["location"] == "/ui/sign-in?then=%2Fp%2Flate%20flights%2F"
    page = client.get("/ui/sign-in").text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    fields = {"csrf": csrf, "token": "not-a-secret", "name": "Ann", "then": "/p/late%20flights/"}
    answer = client.post("/ui/sign-in", data=fields, follow_redirects=False)
    assert answer.headers["location"] == HOME
    assert "Path=/ui/" in answer.headers["set-cookie"]
    assert client.get(HOME).status_code == 200
