import json
import shutil
import ssl
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import polars as pl
import pytest
from msgspec.structs import replace

from modelwright.compute.process import free_port
from modelwright.engineer.checkup.base import Scene
from modelwright.engineer.checkup.certificate import check_certificate
from modelwright.engineer.checkup.contract import check_contract
from modelwright.engineer.checkup.dependencies import check_dependencies, installed_packages
from modelwright.engineer.checkup.disk import check_disk
from modelwright.engineer.checkup.labels import check_labels
from modelwright.engineer.checkup.model import check_model
from modelwright.engineer.checkup.registry import ITEMS
from modelwright.engineer.checkup.rows import check_rows
from modelwright.engineer.checkup.server import check_server
from modelwright.engineer.checkup.verdict import describe_checkup
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.ledger import Ledger, Prediction, microseconds
from orders_example import orders

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def scene(tmp_path) -> Scene:
    """An empty workspace."""
    return Scene(Workspace.create(tmp_path / "empty"), NOW, None, None, "", False, {})


def at(scene: Scene, **changes) -> Scene:
    return Scene(**{**vars(scene), **changes})


def log(scene: Scene, *ages: timedelta, label: bool = False) -> None:
    rows = [
        Prediction(
            id=str(number),
            at=microseconds(NOW - age),
            version="a",
            inputs=b"{}",
            output=b"1",
            latency_s=0.0,
        )
        for number, age in enumerate(ages)
    ]
    with Ledger.open(scene.workspace.path / "ledger.db") as ledger:
        ledger.append(rows)
        if label:
            ledger.label([("0", True)], at=microseconds(NOW))


@contextmanager
def web(answer: bytes, status: int = 200, certificate=None) -> Iterator[int]:
    """A server that says the same whatever it is asked; yields its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate / "chain.pem", certificate / "key.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", [name for name in ITEMS if name != "disk"])
def test_what_cannot_be_seen_is_not_checked_and_says_what_to_do(scene, name):
    found = ITEMS[name](scene)
    assert found.passed is None
    assert found.remedy


def test_a_whole_project(project):
    orders(500, seed=5).write_csv("fine.csv")
    assert project.checkup().items["model"].passed is None
    project.maintain("fine.csv")
    checkup = project.checkup()
    assert checkup.passed
    assert {name: item.passed for name, item in checkup.items.items() if item.passed} == {
        "model": True,
        "contract": True,
        "disk": True,
    }
    told = describe_checkup(checkup)
    assert "✓ no fault; 5 not checked" in told
    orders(500, seed=5).with_columns(pl.col("amount") * 100).write_csv("cents.csv")
    project.maintain("cents.csv")
    found = project.checkup().items["model"]
    assert (found.passed, found.remedy) == (False, "Do: fix input")
    module = [sys.executable, "-m", "modelwright", "checkup", "-w", "orders-model", "--json"]
    done = subprocess.run(module, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert json.loads(done.stdout)["items"]["model"]["passed"] is False


def test_a_model_that_nobody_judged_for_long(project):
    orders(500, seed=5).write_csv("fine.csv")
    project.maintain("fine.csv")
    known = project.alarms.health(last=1)[0]
    later = datetime.now(UTC) + timedelta(days=400)
    release = project.ensure_release()
    scene = Scene(project.workspace, later, release, known, "", False, {})
    assert check_model(scene).passed is False
    unasked = at(scene, now=datetime.now(UTC), health=replace(known, healthy=True, rows=0))
    assert check_model(unasked).passed is None
    assert "judged 400 days ago" in check_model(scene).evidence
    assert "400 days old" in check_contract(scene).evidence
    assert check_contract(scene).passed is False


def test_rows_that_stopped_coming_and_labels_that_never_came(scene):
    log(scene, timedelta(days=3), timedelta(days=4))
    assert check_rows(scene).passed is False
    assert check_labels(scene).passed is False
    log(at(scene), timedelta(hours=1), label=True)
    assert check_labels(scene).evidence == "1 of 2 rows of the last 30 days have a label"


def test_rows_that_come(scene):
    log(scene, timedelta(hours=1))
    assert check_rows(scene).passed is True
    assert check_disk(scene).passed is True
    assert "a day" in check_disk(scene).evidence


def test_a_disk_that_fills(scene, monkeypatch):
    log(scene, timedelta(hours=1))
    full = shutil.disk_usage("/")._replace(free=10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    assert check_disk(scene).passed is False


def test_the_disk_of_a_ledger_that_lies_elsewhere(scene, monkeypatch, tmp_path):
    elsewhere = tmp_path / "small" / "rows.db"
    elsewhere.parent.mkdir()
    log(scene, timedelta(hours=1))
    shutil.copy(scene.workspace.path / "ledger.db", elsewhere)
    usage, small = shutil.disk_usage, shutil.disk_usage("/")._replace(free=10**6)
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: small if path == elsewhere.parent else usage(path)
    )
    there = at(scene, environment={"MODELWRIGHT_LEDGER": str(elsewhere)})
    assert (check_disk(there).passed, "1 MB free" in check_disk(there).evidence) == (False, True)


def test_a_real_server(project, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    port = free_port()
    command = [sys.executable, "-m", "modelwright", "serve", "-w", "orders-model"]
    with subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"Serving")
        address = f"http://127.0.0.1:{port}"
        row = json.dumps({"amount": 20.0, "country": "DE", "items": 2}).encode()
        for _ in range(3):
            urllib.request.urlopen(f"{address}/predict", row).close()
        found = project.checkup(address=f"{address}/").items["server"]
        process.terminate()
    assert found.passed is True
    assert "half of them within" in found.evidence
    gone = project.checkup(address=address).items["server"]
    assert (gone.passed, "cannot be reached" in gone.evidence) == (False, True)


@pytest.mark.parametrize(
    ("status", "answer", "passed"),
    [
        (200, b'modelwright_requests_total{endpoint="predict",status="500"} 7\n', False),
        (401, b"", None),
        (503, b"", False),
    ],
)
def test_a_server_that_is_not_well(scene, status, answer, passed, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with web(answer, status) as port:
        assert check_server(at(scene, address=f"http://127.0.0.1:{port}")).passed is passed


def test_an_address_that_is_none(scene):
    assert check_server(at(scene, address="file:///etc/passwd")).passed is False


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
@pytest.mark.parametrize(("days", "passed"), [(5, False), (90, True)])
def test_a_certificate(scene, days, passed, tmp_path, monkeypatch):
    make = f"openssl req -x509 -newkey rsa:2048 -nodes -days {days} -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "chain.pem"]
    subprocess.run([*make.split(), *names], cwd=tmp_path, check=True, capture_output=True)
    with web(b"", certificate=tmp_path) as port:
        there = at(scene, address=f"https://127.0.0.1:{port}", now=datetime.now(UTC))
        untrusted = check_certificate(there)
        assert (untrusted.passed, "not trusted" in untrusted.evidence) == (False, True)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "chain.pem"))
        trusted = check_certificate(there)
    assert trusted.passed is passed
    assert f"it is valid for {days - 1} days" in trusted.evidence


def test_known_vulnerabilities(scene, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    packages = installed_packages("modelwright")
    clean = [{} for _ in packages]
    bad = [{"vulns": [{"id": "PYSEC-1"}]}, *clean[1:]]
    first = next(iter(packages))
    for results, passed in ((clean, True), (bad, False), (clean[1:], None)):
        with web(json.dumps({"results": results}).encode()) as port:
            there = {"MODELWRIGHT_OSV": f"http://127.0.0.1:{port}"}
            found = check_dependencies(at(scene, online=True, environment=there))
        assert found.passed is passed
        assert passed is not False or f"{first} {packages[first]} (PYSEC-1)" in found.evidence
    assert check_dependencies(at(scene, online=True, environment=there)).passed is None
