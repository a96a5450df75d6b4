import json
from pathlib import Path

from msgspec.structs import replace

from modelwright.deploy.targets.registry import TARGETS
from modelwright.documents import Candidate, Gate, read_document, write_document
from modelwright.workspace.folder import Workspace


def test_targets_are_listed(call):
    done = call("deploy", "--list-targets")
    assert (done.code, done.err) == (0, "")
    assert all(name in done.out for name in TARGETS)
    assert call("deploy", "--list-targets", "--json").json.keys() == TARGETS.keys()


def test_the_champion_is_written_and_checked(finished, call):
    done = call("deploy", "-w", "orders-model", "--to", "local", "--out", "host", "--json", "-q")
    assert (done.code, done.err) == (0, "")
    (written,) = done.json
    assert Path("host", "README.md").read_text().count(written["bundle_hash"]) == 1
    stored = json.loads(Path("orders-model", "release.json").read_text())
    assert written["bundle_hash"] == stored["bundle_hash"]
    assert all(each["passed"] for each in written["validations"])


def test_people_are_told_what_was_checked(finished, call, monkeypatch):
    bundle = next(Path("orders-model", "bundles").iterdir())
    done = call(
        "deploy", "--bundle", bundle, "--to", "docker", "--out", "image", "--set", "port=9001"
    )
    assert done.code == 0
    assert "✓ the folder is as it was written" in done.out
    assert "README.md" in done.out
    assert "Checking image" in done.err
    assert "EXPOSE 9001" in Path("image", "Dockerfile").read_text()


def test_a_fault_leaves_with_1(finished, call, monkeypatch):
    monkeypatch.setattr("modelwright.deploy.targets.checksums.SUMS", "OTHER")
    done = call("deploy", "-w", "orders-model", "--to", "local", "--out", "host")
    assert done.code == 1
    assert "✗ the folder is as it was written: OTHER is missing" in done.out


def test_a_candidate_that_is_not_released_is_released_first(finished, call):
    Path("orders-model", "release.json").unlink()
    done = call("deploy", "-w", "orders-model", "--to", "local", "--out", "host")
    assert done.code == 0
    assert Path("orders-model", "release.json").is_file()


def test_a_red_gate_writes_nothing(finished, call):
    workspace = Workspace(Path("orders-model"))
    candidate = read_document(Candidate, workspace)
    red = Gate(name="better than the baseline", passed=False, evidence="gain 0")
    write_document(replace(candidate, gates=(red,)), workspace)
    done = call("deploy", "-w", "orders-model", "--to", "local", "--out", "host")
    assert done.code == 1
    assert "better than the baseline" in done.out
    assert not Path("host").exists()


def test_what_is_wrong_is_said_before_anything_is_done(finished, call):
    folder = ("-w", "orders-model", "--out", "host")
    done = call("deploy", *folder, "--to", "dokcer")
    assert (done.code, done.sentence) == (2, "There is no target 'dokcer'. Did you mean 'docker'?")
    assert call("deploy", *folder, "--to", "docker", "--set", "prot=1").code == 2
    assert "--out FOLDER" in call("deploy", "-w", "orders-model", "--to", "docker").sentence
    assert not Path("host").exists()
