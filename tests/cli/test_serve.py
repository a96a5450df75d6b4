"""`modelwright serve` with a workspace whose champion changes."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from example_bundle import ROWS, make_bundle
from modelwright.cli.serve import _named_there
from modelwright.engineer.project import Project
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.serving.features.source import FeatureSource
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import draft_folder, store_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.ledger import Ledger


def _release(workspace: Workspace, bundle) -> str:
    with workspace.lock("test"):
        draft = draft_folder(workspace, "left")
        name = write_bundle(bundle, draft)
        store_folder(workspace, draft, "left")
        now = datetime.now(UTC)
        Aliases.read(workspace).assign("champion", name, at=now).write(workspace)
    return name


def _model(port: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
    connection.request("POST", "/predict", json.dumps(ROWS[0]))
    model: str = json.loads(connection.getresponse().read())["model"]
    connection.close()
    return model


def test_a_new_champion_is_served_and_what_was_answered_is_logged(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "model")
    first = _release(workspace, make_bundle())
    command = [sys.executable, "-m", "modelwright", "serve", "--workspace", str(workspace.path)]
    process = subprocess.Popen(
        [*command, "--port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        told = json.loads(process.stdout.readline())
        port = told["address"].rsplit(":", 1)[1]
        assert told["bundle"].endswith(first[:12])
        assert _model(port) == first
        second = _release(workspace, replace(make_bundle(), card_text="# Another\n"))
        deadline = time.monotonic() + 20
        asked = 1
        while _model(port) != second:
            asked += 1
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) == 0
        assert b'"event":"bundle taken"' in process.stderr.read()
    with Ledger.open(workspace.path / "ledger.db") as ledger:
        assert ledger.count() == asked + 1


def test_related_tables_are_called_as_the_workspace_says(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("customer,leaves\n1,yes\n2,no\n")
    Project.create(tmp_path / "model", data=str(tmp_path / "rows.csv"), target="leaves")
    with (tmp_path / "model" / "modelwright.toml").open("a") as brief:
        brief.write(
            """
            [related]
            orders = {data = "postgresql://me@host/shop", table = "crm.orders"}
            visits = {data = "postgresql://me@host/shop", query = "SELECT * FROM log"}
            planes = {data = "planes.csv"}
            """
        )
    asked = FeatureSource("postgresql://me@replica/shop", tables={"planes": "fleet"})
    named = _named_there(asked, tmp_path / "model")
    assert named.tables == {"orders": "crm.orders", "planes": "fleet"}
    assert named.queries == {"visits": "SELECT * FROM log"}
    assert _named_there(asked, tmp_path) == asked, "the folder of a bundle names none"
