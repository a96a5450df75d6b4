"""A real server whose disk takes nothing more, and later takes something again."""

import http.client
import json
import resource
import sys
from pathlib import Path

import pytest

from example_bundle import ROWS, make_bundle
from modelwright.compute.process import BackgroundProcess, free_port
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.workspace.ledger.ledger import Ledger


def _ask(port: int, path: str, body: object = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    sent = None if body is None else json.dumps(body)
    connection.request("GET" if body is None else "POST", path, sent)
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer


def _is_ready(port: int) -> bool:
    try:
        return _ask(port, "/v2/health/ready")[0] == 200
    except ConnectionError:
        return False


def _let_files_grow(pid: int, most: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


@pytest.mark.parametrize("policy", ["answer", "refuse"])
def test_a_full_disk(tmp_path: Path, policy: str) -> None:
    write_bundle(make_bundle(), tmp_path / "bundle")
    port, ledger = free_port(), tmp_path / "ledger.db"
    command = [sys.executable, "-m", "modelwright.serving", str(tmp_path / "bundle")]
    flags = ["--port", str(port), "--ledger", str(ledger), "--when-ledger-fails", policy]
    with BackgroundProcess(
        [*command, *flags], ready=lambda: _is_ready(port), timeout_s=30
    ) as server:
        _let_files_grow(server.pid, 0)
        answers = [_ask(port, "/predict", {"rows": [ROWS[0]], "ids": [f"q{n}"]}) for n in range(5)]
        counts = _ask(port, "/metrics")[1]
        state = json.loads(_ask(port, "/")[1])["ledger"]
        _let_files_grow(server.pid, resource.RLIM_INFINITY)
        assert _ask(port, "/predict", {"rows": [ROWS[0]], "ids": ["later"]})[0] == 200
    with Ledger.open(ledger) as opened:
        assert [row.id for row in opened.read_window()] == ["later"]
        gaps = opened.gaps()
    if policy == "answer":
        assert [status for status, _ in answers] == [200] * 5
        assert "modelwright_ledger_dropped_predictions 5.0" in counts
        assert state == "loses answers"
        assert [(gap.answers, gap.why) for gap in gaps] == [(5, "File too large")]
    else:
        assert [status for status, _ in answers] == [503] * 5
        assert "could not be logged: File too large. Ask again later." in answers[0][1]
        assert "modelwright_ledger_dropped_predictions 0.0" in counts
        assert gaps == ()
