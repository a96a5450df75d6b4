"""Real processes: challengers come, are promoted and rolled back while clients ask."""

import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from example_bundle import ROWS
from modelwright.deploy.rollout import challenge, promote, roll_back
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.trial import Trial
from rival_bundles import NOW, workspace_of_two
from wire import wait_until

BY_ANN = {"at": NOW, "who": "ann", "why": ""}


class _Asking(threading.Thread):
    """Asks rows of several clients again and again, and remembers what came back."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__()
        self._port, self._name, self._enough = port, name, threading.Event()
        self.answers: list[tuple[str, str]] = []
        self.faults: list[object] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        while not self._enough.is_set():
            name = f"{self._name}-{len(self.answers)}"
            sent = json.dumps({"rows": [ROWS[0], ROWS[1]], "ids": [name, f"{name}b"]})
            try:
                connection.request("POST", "/predict", sent)
                response = connection.getresponse()
                body = response.read()
            except OSError as error:
                self.faults.append(error)
                return
            answer = json.loads(body)
            if response.status != 200 or len(answer["predictions"]) != 2:
                self.faults.append(answer)
                continue
            assert response.headers["model-version"] == answer["model"][:12]
            self.answers.append((name, answer["model"]))
        connection.close()

    @property
    def models(self) -> set[str]:
        return {model for _, model in self.answers[-20:]}

    def __enter__(self) -> "_Asking":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self.join()


@contextmanager
def _serving(workspace: Path, workers: str) -> Iterator[int]:
    command = [sys.executable, "-m", "modelwright", "serve", "--workspace", str(workspace)]
    flags = ["--port", "0", "--json", "--workers", workers]
    process = subprocess.Popen([*command, *flags], stdout=subprocess.PIPE)
    with process:
        told = json.loads(process.stdout.readline())
        yield int(told["address"].rsplit(":", 1)[1])
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_no_request_is_lost_or_answered_by_half_a_version(tmp_path, workers):
    workspace, first, second = workspace_of_two(tmp_path / "model")
    canary = Trial(role="canary", share=0.4)
    with (
        _serving(workspace.path, workers) as port,
        _Asking(port, "one") as one,
        _Asking(port, "two") as two,
    ):
        wait_until(lambda: len(one.answers) > 20)
        challenge(workspace, second, trial=canary, **BY_ANN)
        wait_until(lambda: one.models == two.models == {first, second})
        promote(workspace, **BY_ANN)
        wait_until(lambda: one.models == two.models == {second})
        roll_back(workspace, clock=lambda: NOW)
        wait_until(lambda: one.models == two.models == {first})
    assert one.faults + two.faults == []
    answers = dict(one.answers + two.answers)
    with Ledger.open(workspace.path / "ledger.db") as ledger:
        logged = {row.id: row.version for row in ledger.read_window()}
    # Each answer is logged once, under the version that its header named.
    assert {name: version for name, version in logged.items() if name in answers} == answers
    assert len(logged) == 2 * len(answers)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_shadow_answers_all_that_was_answered(tmp_path, workers):
    workspace, first, second = workspace_of_two(tmp_path / "model")
    with _serving(workspace.path, workers) as port:
        with _Asking(port, "one") as one:
            challenge(workspace, second, trial=Trial(role="shadow"), **BY_ANN)
            wait_until(lambda: len(one.answers) > 50)
        with Ledger.open(workspace.path / "ledger.db") as ledger:
            wait_until(lambda: ledger.count() == 4 * len(one.answers))
            rows = list(ledger.read_answered(first, second))
    assert one.faults == []
    assert {row.beside["answer"] == row.output["answer"] for row in rows} == {True}
    assert {model for _, model in one.answers} == {first}
