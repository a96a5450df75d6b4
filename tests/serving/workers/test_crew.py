"""Real processes: they are killed, told to take another bundle, and told to end."""

import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from example_bundle import ROWS, make_bundle
from modelwright.compute.process import BackgroundProcess, free_port
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.workspace.ledger.ledger import Ledger
from wire import wait_until


def _ask(port: int, path: str = "/", body: object = None) -> tuple[int, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    sent = None if body is None else json.dumps(body)
    connection.request("GET" if body is None else "POST", path, sent)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def _counts(port: int) -> dict[str, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    return {name: float(value) for name, value in (e.rsplit(" ", 1) for e in lines if e[0] != "#")}


def _serving(bundle: Path, port: int, *flags: str) -> BackgroundProcess:
    command = [sys.executable, "-m", "modelwright.serving", str(bundle), "--port", str(port)]
    return BackgroundProcess([*command, *flags], ready=lambda: _is_ready(port), timeout_s=30)


def _is_ready(port: int) -> bool:
    try:
        return _ask(port, "/v2/health/ready")[0] == 200
    except ConnectionError:
        return False


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


class _Asking(threading.Thread):
    """Asks again and again over one connection, and remembers what was not answered."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port, self._enough = port, threading.Event()
        self.models: set[str] = set()
        self.faults: list[object] = []
        self.asked = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        while not self._enough.is_set():
            try:
                connection.request("POST", "/predict", json.dumps(ROWS[0]))
                response = connection.getresponse()
                answer = json.loads(response.read())
            except OSError as error:
                self.faults.append(error)
                return
            if response.status != 200:
                self.faults.append(answer)
            self.models.add(answer.get("model", ""))
            self.asked += 1
        connection.close()

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self.join()

    def __enter__(self) -> "_Asking":
        self.start()
        return self


@pytest.fixture
def bundles(tmp_path) -> tuple[str, str]:
    first = write_bundle(make_bundle(), tmp_path / "first")
    second = write_bundle(replace(make_bundle(), card_text="# Another\n"), tmp_path / "second")
    (tmp_path / "served").symlink_to("first")
    return first, second


def _logged(tmp_path: Path) -> int:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        return ledger.count()


def _name(tmp_path: Path, folder: str) -> None:
    (tmp_path / "next").symlink_to(folder)
    (tmp_path / "next").replace(tmp_path / "served")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_several_workers_count_together_replace_the_dead_and_end_together(bundles, tmp_path):
    port = free_port()
    flags = ("--workers", "2", "--ledger", str(tmp_path / "ledger.db"), "--log-requests")
    with _serving(tmp_path / "first", port, *flags) as process:
        for _ in range(20):
            assert _ask(port, "/predict", {"rows": ROWS})[0] == 200
        # A request is counted when its answer is on its way, by whichever worker gave it.
        answered = 'modelwright_requests_total{endpoint="predict",status="200"}'
        wait_until(lambda: _counts(port)[answered] == 20)
        counts = _counts(port)
        assert counts["modelwright_predictions_total"] == 20 * len(ROWS)
        assert counts["modelwright_workers"] == 2
        # What a kill loses has not been written for some milliseconds.
        wait_until(lambda: _logged(tmp_path) == 20 * len(ROWS))
        victim = _children(process.pid)[0]
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: _counts(port)["modelwright_worker_restarts_total"] == 1)
        wait_until(lambda: len(_children(process.pid)) == 2)
        assert _ask(port, "/predict", {})[0] == 200
        wait_until(lambda: _counts(port)["modelwright_predictions_total"] == 20 * len(ROWS) + 1)
        os.kill(process.pid, signal.SIGTERM)
        wait_until(lambda: process.exit_code is not None)
        assert process.exit_code == 0
        lines = [json.loads(line) for line in process.stderr.splitlines()]
    assert [line["pid"] for line in lines if line["event"] == "worker died"] == [victim]
    assert {line["endpoint"] for line in lines if line["event"] == "request"} >= {"predict"}
    assert _logged(tmp_path) == 20 * len(ROWS) + 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_bundle_is_swapped_without_a_lost_request(bundles, tmp_path, workers):
    port = free_port()
    first, second = bundles
    with _serving(tmp_path / "served", port, "--workers", workers) as process:
        with _Asking(port) as asking, _Asking(port) as other:
            wait_until(lambda: min(asking.asked, other.asked) > 20)
            _name(tmp_path, "second")
            os.kill(process.pid, signal.SIGHUP)
            wait_until(lambda: {first, second} <= asking.models & other.models)
            shutil.copytree(tmp_path / "first", tmp_path / "damaged")
            (tmp_path / "damaged" / "schema.json").write_bytes(b"{}")
            _name(tmp_path, "damaged")
            os.kill(process.pid, signal.SIGHUP)
            wait_until(lambda: "bundle refused" in process.stderr)
            time.sleep(0.1)
            assert _ask(port)[1]["model"] == second
        assert asking.faults + other.faults == []
        assert _counts(port)["modelwright_bundle_swaps_total"] == int(workers)
    told = [json.loads(line) for line in process.stderr.splitlines()]
    assert {line["kept"] for line in told if line["event"] == "bundle refused"} == {second}
    assert second in {line.get("model") for line in told if line["event"] == "bundle taken"}


def test_before_the_end_the_server_is_not_ready_but_answers(bundles, tmp_path):
    port = free_port()
    with _serving(tmp_path / "first", port, "--drain", "0.5") as process:
        with _Asking(port) as asking:
            os.kill(process.pid, signal.SIGTERM)
            wait_until(lambda: _ask(port, "/v2/health/ready")[0] == 503)
            assert _ask(port, "/v2/health/live")[0] == 200
            before = asking.asked
            wait_until(lambda: asking.asked > before + 5)
        assert [fault for fault in asking.faults if not isinstance(fault, OSError)] == []
        wait_until(lambda: process.exit_code is not None)
        assert (process.exit_code, process.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_connections_are_encrypted_with_a_certificate(bundles, tmp_path):
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "chain.pem"]
    subprocess.run([*make.split(), *names], cwd=tmp_path, check=True, capture_output=True)
    trusting = ssl.create_default_context(cafile=str(tmp_path / "chain.pem"))

    def ask(port: int) -> int:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trusting)
        connection.request("POST", "/predict", json.dumps(ROWS[0]))
        status = connection.getresponse().status
        connection.close()
        return status

    port = free_port()
    flags = ["--certificate", str(tmp_path / "chain.pem"), "--key", str(tmp_path / "key.pem")]
    command = [sys.executable, "-m", "modelwright.serving", str(tmp_path / "first"), *flags]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE)
    with process:
        assert process.stdout.readline().endswith(f"https://127.0.0.1:{port}\n".encode())
        assert ask(port) == 200
        process.terminate()
        assert process.wait(20) == 0


def test_a_certificate_that_cannot_be_read_is_told(bundles, tmp_path):
    command = [sys.executable, "-m", "modelwright.serving", str(tmp_path / "first")]
    flags = ["--certificate", str(tmp_path / "missing.pem")]
    ended = subprocess.run([*command, *flags], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "missing.pem cannot be used" in ended.stderr


def test_workers_end_with_a_parent_that_is_killed(bundles, tmp_path):
    port = free_port()
    with _serving(tmp_path / "first", port, "--workers", "2") as process:
        os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: not _answers(port))


def test_workers_that_cannot_begin_end_the_server(bundles, tmp_path):
    (tmp_path / "ledger.db").write_bytes(b"no database" * 100)
    command = [sys.executable, "-m", "modelwright.serving", str(tmp_path / "first"), "--port", "0"]
    flags = ["--workers", "2", "--ledger", str(tmp_path / "ledger.db")]
    with BackgroundProcess([*command, *flags], ready=lambda: True, timeout_s=30) as process:
        wait_until(lambda: process.exit_code is not None)
        assert process.exit_code == 2
        assert "ledger.db is damaged" in process.stderr


def _answers(port: int) -> bool:
    try:
        return _ask(port)[0] == 200
    except OSError:
        return False
