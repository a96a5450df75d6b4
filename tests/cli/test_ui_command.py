import json
import signal
import subprocess
import sys
from urllib.request import urlopen

from modelwright.workspace.folder import Workspace

_UI = [sys.executable, "-m", "modelwright", "ui"]


def test_the_dashboard_answers_until_it_is_told_to_stop(tmp_path):
    Workspace.create(tmp_path / "flights")
    command = [*_UI, str(tmp_path), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["address"]
        with urlopen(f"{address}/") as answer:
            assert b"flights" in answer.read()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_others_are_let_in_only_with_a_token(call, tmp_path):
    done = call("ui", str(tmp_path), "--host", "0.0.0.0", "--port", "0")
    assert done.code == 2
    assert "MODELWRIGHT_TOKEN" in done.err


def test_a_folder_has_to_be_there(call):
    done = call("ui", "nowhere")
    assert done.code == 2
    assert "There is no folder nowhere" in done.err
