import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from example_bundle import ROWS
from modelwright.compute.process import BackgroundProcess, free_port, run_isolated
from modelwright.errors import BundleError, ServiceError
from modelwright.serving.run import serve
from modelwright.workspace.ledger.ledger import Ledger

TRAINING = ("polars", "pandas", "sklearn", "lightgbm", "xgboost", "scipy", "duckdb", "matplotlib")


def _ask(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def _ready(port: int) -> bool:
    try:
        return _ask(port, "GET", "/v2/health/ready")[0] == 200
    except ConnectionError:
        return False


def test_a_server_answers_and_on_sigterm_writes_its_ledger(bundle, tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "modelwright.serving", str(tmp_path / "bundle")]
    command += ["--port", str(port), "--ledger", str(tmp_path / "ledger.db")]
    with BackgroundProcess(command, ready=lambda: _ready(port), timeout_s=30) as process:
        status, answered = _ask(port, "POST", "/predict", json.dumps({"rows": ROWS}).encode())
        assert (status, answered["model"]) == (200, bundle.hash)
        status, refused = _ask(port, "POST", "/predict", b" " * (9 << 20))
        assert (status, list(refused)) == (413, ["error"])
        assert f"http://127.0.0.1:{port}" in process.stdout
        _ask(port, "POST", "/predict", b"{}")
        os.kill(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + 20
        while process.exit_code is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert (process.exit_code, process.stderr) == (0, "")
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert ledger.count() == len(ROWS) + 1


def test_ctrl_c_ends_a_server_quietly(bundle, tmp_path):
    command = [sys.executable, "-m", "modelwright.serving", str(tmp_path / "bundle"), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        assert "http://127.0.0.1:" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""


def test_a_server_ends_with_the_process_that_holds_its_input(bundle, tmp_path):
    command = [sys.executable, "-m", "modelwright.serving", str(tmp_path / "bundle"), "--port", "0"]
    process = subprocess.Popen(
        [*command, "--end-with-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        assert process.stdout.readline()
        process.stdin.close()
        assert process.wait(20) == 0


def test_a_container_serves_the_platforms_routes_at_its_port(bundle, tmp_path):
    port = free_port()
    environment = {"AIP_HTTP_PORT": str(port), "SAGEMAKER_BIND_TO_PORT": "1"}
    environment |= {"AIP_HEALTH_ROUTE": "/well", "AIP_PREDICT_ROUTE": "/score"}
    command = [sys.executable, "-m", "modelwright.serving", "serve", str(tmp_path / "bundle")]
    command += ["--end-with-stdin"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    with process:
        assert f"http://0.0.0.0:{port}" in process.stdout.readline()
        assert _ask(port, "GET", "/well")[0] == 200
        body = json.dumps({"instances": ROWS}).encode()
        assert _ask(port, "POST", "/score", body) == _ask(port, "POST", "/invocations", body)
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.mark.parametrize("arguments", [["a", "b"], ["serve", "a", "b"], []])
def test_one_bundle_is_served(arguments):
    ended = run_isolated(["-m", "modelwright.serving", *arguments], timeout_s=30)
    assert ended.exit_code == 2
    assert "usage: python -m modelwright.serving" in ended.stderr


def test_a_container_without_a_model_says_where_it_looked():
    ended = run_isolated(["-m", "modelwright.serving", "serve", "--port", "0"], timeout_s=30)
    assert (ended.exit_code, "/opt/ml/model" in ended.stderr) == (2, True)


def test_what_cannot_be_served_ends_with_two_and_a_sentence(tmp_path):
    ended = run_isolated(["-m", "modelwright.serving", str(tmp_path)], timeout_s=30)
    assert ended.exit_code == 2
    assert "is no bundle" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_in_use_is_told(bundle, tmp_path):
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(ServiceError, match="Choose another host or port"),
    ):
        serve(tmp_path / "bundle", port=taken.getsockname()[1])


def test_no_bundle_is_told(tmp_path):
    with pytest.raises(BundleError):
        serve(tmp_path)


def test_the_runtime_imports_no_training_library():
    unwanted = {*TRAINING, "psycopg", "pymysql"}
    code = f"import modelwright.serving.run, sys; print({unwanted} & set(sys.modules))"
    assert run_isolated(["-c", code], timeout_s=30).stdout == "set()\n"
