"""What docs/how-to/mlflow.md says, typed in its order against a real server of MLflow."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

import polars as pl
import pytest

from modelwright.cli.main import main
from modelwright.compute.process import BackgroundProcess, free_port
from modelwright.deploy.targets.checksums import CHECKS
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.predictor.model import load
from orders_example import finished_folder
from rival_bundles import workspace_of_two

pytestmark = [
    pytest.mark.skipif(find_spec("mlflow") is None, reason="mlflow is missing: make test-mlflow"),
    # MLflow warns as it likes.
    pytest.mark.filterwarnings("ignore"),
]
PAGE = Path(__file__).parents[3] / "docs/how-to/mlflow.md"
SERVERS = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
_START_S = 240.0


@dataclass
class Reader:
    """Somebody who types what the page says."""

    server: int
    models: int

    def block(self, number: int) -> str:
        blocks = re.findall(r"^```\w+\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
        text = blocks[number].replace("\\\n", " ")
        return text.replace("5000", str(self.server)).replace("5001", str(self.models))

    def type(self, number: int) -> None:
        """Type commands of modelwright, in this process: MLflow takes seconds to import."""
        for line in self.block(number).splitlines():
            sys.argv = shlex.split(line)
            with pytest.raises(SystemExit) as left:
                main()
            assert left.value.code == 0, line


def running(command: list[str], port: int, path: str) -> BackgroundProcess:
    """Return a server of MLflow that runs while the block lasts."""
    return BackgroundProcess(
        [sys.executable, "-m", "mlflow", *command],
        ready=lambda: _answers(f"http://127.0.0.1:{port}{path}"),
        timeout_s=_START_S,
        env={**os.environ, **SERVERS},
        grace_s=1.0,
    )


def _answers(address: str) -> bool:
    try:
        urlopen(address, timeout=5).close()
    except OSError:
        return False
    return True


@pytest.fixture
def reader(tmp_path, tmp_path_factory, monkeypatch) -> Iterator[Reader]:
    folder = tmp_path / "orders"
    shutil.copytree(finished_folder(tmp_path_factory.getbasetemp()), folder)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("PATH", f"{_programs(tmp_path)}:{os.environ['PATH']}")
    port = free_port()
    store = ["--backend-store-uri", "sqlite:///mlflow.db", "--artifacts-destination", "artifacts"]
    with running(["server", "--port", str(port), "--workers", "1", *store], port, "/health"):
        yield Reader(port, free_port())


def _programs(folder: Path) -> str:
    """Return where this environment's programs are; MLflow calls uvicorn by its name."""
    uvicorn = folder / "uvicorn"
    uvicorn.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m uvicorn "$@"\n')
    uvicorn.chmod(0o755)
    return f"{folder}:{Path(sys.executable).parent}"


def _another(folder: Path) -> None:
    """Write the champion once more, under another hash."""
    champion = read_bundle(next(Path("orders-model/bundles").iterdir()))
    write_bundle(replace(champion, card_text="# Another\n"), folder)


def test_the_page_is_so(reader, capfd):
    before = signal.getsignal(signal.SIGTERM)
    try:
        reader.type(1)
        _looks_as_told(reader)
        brief = Path("orders-model/modelwright.toml")
        brief.write_text(f"{brief.read_text()}\n{reader.block(2)}")
        _another(Path("new-model"))
        reader.type(3)
        _aliases_moved(reader)
        capfd.readouterr()
        names = {}
        exec(compile(reader.block(4), str(PAGE), "exec"), names)
        model, rows = load(next(Path("orders-model/bundles").iterdir())), pl.read_csv("later.csv")
        assert names["answers"].tolist() == model.predict(rows).tolist()
        assert names["chances"].tolist() == model.predict_proba(rows).tolist()
        signature = names["model"].metadata.signature
        assert signature.inputs.input_names() == list(model.bundle.schema.names)
        _serves(reader, model)
        reader.type(7)
        checks = json.loads(Path("orders-mlflow", CHECKS).read_text())
        assert [each["passed"] for each in checks if each["name"].startswith("MLflow")] == [True]
    finally:
        signal.signal(signal.SIGTERM, before)


def _client(reader: Reader):
    from mlflow import MlflowClient

    return MlflowClient(f"http://127.0.0.1:{reader.server}")


def _looks_as_told(reader: Reader) -> None:
    client = _client(reader)
    experiment = client.get_experiment_by_name("orders-model").experiment_id
    runs = client.search_runs([experiment])
    candidate = json.loads(Path("orders-model/candidate.json").read_text())
    (parent,) = (run for run in runs if "modelwright.candidate" in run.data.tags)
    below = {
        run.data.tags["mlflow.runName"]
        for run in runs
        if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id
    }
    assert below == {each["title"] for each in candidate["trials"] if each["seconds"] > 0}
    score = candidate["evaluation"]["score"]["value"]
    assert parent.data.metrics[f"holdout.{candidate['metric']}"] == score
    assert {
        (each.tags[0].value, json.loads(each.dataset.profile)["num_rows"])
        for each in parent.inputs.dataset_inputs
    } == {("training", candidate["training_rows"]), ("holdout", candidate["evaluation"]["rows"])}
    stored = {each.path for each in client.list_artifacts(parent.info.run_id)}
    assert stored == {"documents", "model", "report.html"}
    assert client.get_model_version_by_alias("orders-model", "champion").version == "1"


def _aliases_moved(reader: Reader) -> None:
    client = _client(reader)
    assert client.get_registered_model("orders-model").aliases == {"champion": "1"}
    tags = client.get_model_version("orders-model", "2").tags
    assert "learned last week too" in tags["modelwright.challenger"]
    assert "reads a column that ends" in tags["modelwright.champion"]
    assert "Malta" in client.get_model_version("orders-model", "1").tags["modelwright.champion"]


def _serves(reader: Reader, model) -> None:
    os.environ["MLFLOW_TRACKING_URI"] = f"http://127.0.0.1:{reader.server}"
    try:
        command = shlex.split(reader.block(5))[1:]
        with running(command, reader.models, "/ping"):
            done = subprocess.run(
                ["bash", "-c", reader.block(6)], capture_output=True, text=True, check=True
            )
    finally:
        del os.environ["MLFLOW_TRACKING_URI"]
    row = json.loads(re.search(r"\[(\{.*\})\]", reader.block(6))[1])
    assert json.loads(done.stdout)["predictions"] == model.predict([row]).tolist()


def test_a_server_that_is_away_is_said_in_a_sentence(capfd, monkeypatch, tmp_path):
    workspace_of_two(tmp_path)
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setattr(sys, "argv", ["modelwright", "track", "-w", str(tmp_path), "--to", address])
    with pytest.raises(SystemExit) as left:
        main()
    said = capfd.readouterr().err
    assert left.value.code == 2
    assert said.startswith(f"modelwright: The tracking server {address} did not take it: ")
    assert len(said.splitlines()) == 1
