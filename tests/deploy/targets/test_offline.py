import json
import os
import subprocess
import sys

import pytest

from modelwright.deploy.targets.offline import TARGET
from modelwright.deploy.targets.wheels import FOLDER_VARIABLE, wheels
from modelwright.errors import InputError
from target_examples import findings


@pytest.fixture
def written(delivery, out, wheelhouse, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(wheelhouse))
    TARGET.write(delivery, out)
    return out


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the wheels are for Python 3.11")
def test_it_installs_and_answers_without_a_network(written):
    nowhere = "http://127.0.0.1:9"
    environment = {
        "PATH": os.environ["PATH"],
        "BASE_PYTHON": sys.executable,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": nowhere,
        "HTTPS_PROXY": nowhere,
        "HTTP_PROXY": nowhere,
    }
    done = subprocess.run(
        [written / "ctl", "install"], env=environment, capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "16 of 16 recorded answers, bit for bit" in done.stdout
    installed = {path.name for path in (written / "env/lib/python3.11/site-packages").iterdir()}
    assert "numpy" in installed
    assert not installed & {"polars", "sklearn", "modelwright"}


def test_the_bill_of_materials_is_the_same_for_the_same_folder(written, delivery):
    bill = json.loads((written / "sbom.cdx.json").read_text())
    assert bill["serialNumber"].startswith("urn:uuid:")
    assert "timestamp" not in bill["metadata"]
    model = bill["metadata"]["component"]
    assert model["hashes"] == [{"alg": "SHA-256", "content": delivery.bundle.hash}]
    by_name = {each["name"]: each for each in bill["components"]}
    assert by_name["numpy"]["purl"] == f"pkg:pypi/numpy@{by_name['numpy']['version']}"
    assert all(each["licenses"] for each in bill["components"])
    known = {model["bom-ref"], *(each["bom-ref"] for each in bill["components"])}
    for each in bill["dependencies"]:
        assert {each["ref"], *each["dependsOn"]} <= known


def test_a_wheel_that_is_another_or_missing_is_a_fault(written):
    (numpy,) = (written / "wheels").glob("numpy-*")
    numpy.write_bytes(b"PK")
    found = findings(TARGET, written)
    assert "is not pinned" in found["every library is there, as pinned"].evidence
    assert found["the bill of materials lists what is inside"].passed is False
    numpy.unlink()
    found = findings(TARGET, written)
    assert found["every library is there, as pinned"].evidence == "numpy is missing"


def test_without_an_index_it_says_what_to_do(monkeypatch, tmp_path, delivery):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(InputError, match=FOLDER_VARIABLE):
        wheels(delivery)
