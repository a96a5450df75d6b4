"""Requests made up from two descriptions: the server's own, and the Open Inference Protocol."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from open_inference import describe

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance,unsupported_method"
)
"""Not whether each value that the description allows is accepted, and no other. A number of any
size is a number, but the model may have no finite answer to it; and the server reads a number that
is written as text, which the description does not promise."""


def _run(description: str, folder: Path, *arguments: str) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    run = subprocess.run(
        [str(program), "run", description, "--checks", CHECKS, "--seed", "7", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1"},
        timeout=900,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr


def test_the_servers_own_description_is_kept(address, tmp_path):
    phases = "--phases=examples,coverage,fuzzing"
    _run(f"{address}/openapi.json", tmp_path, "--max-examples=8", phases)


def test_the_open_inference_protocol_is_kept(address, tmp_path):
    with urlopen(f"{address}/v2/models/left") as response:
        metadata = json.load(response)
    described = tmp_path / "open-inference.json"
    described.write_text(json.dumps(describe(metadata)))
    _run(str(described), tmp_path, f"--url={address}", "--max-examples=20")
