"""Every curl command of the pages, word for word but for the port."""

import json
import re
import shutil
import subprocess

import pytest

from conftest import HERE, serving

PAGES = HERE.parents[1] / "docs"
FENCE = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
TOKEN = "long-and-random"
FAILING_LOUDLY = " --silent --show-error --fail-with-body"


def _commands(page: str) -> list[str]:
    text = "\n".join(FENCE.findall((PAGES / page).read_text())).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.startswith("curl ")]


COMMANDS = _commands("how-to/serve.md")


@pytest.fixture(scope="module")
def port(bundles):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    with serving(str(bundles / "returned"), "--port", "0", MODELWRIGHT_TOKEN=TOKEN) as where:
        yield where.rsplit(":", 1)[1]


@pytest.fixture(scope="module")
def open_port(bundles):
    with serving(str(bundles / "returned"), "--port", "0") as where:
        yield where.rsplit(":", 1)[1]


def test_there_are_commands():
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command_is_answered(command, port, open_port, bundles):
    used = port if TOKEN in command else open_port
    run = subprocess.run(
        ["bash", "-c", command.replace(":8000", f":{used}") + FAILING_LOUDLY],
        capture_output=True,
        text=True,
        cwd=bundles,
        timeout=60,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout
    if run.stdout.startswith('{"'):
        assert "error" not in json.loads(run.stdout.splitlines()[0])
