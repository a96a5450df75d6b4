import sys

from modelwright.deploy.targets.validators import PROGRAMS, by_program, by_rules, sound_bundle

PYTHON = sys.executable


def test_a_program_that_is_missing_is_said(tmp_path):
    found = by_program("it is so", ["no-such-validator", "x"], install="pip install it")(tmp_path)
    assert found.passed is None
    assert found.evidence == (
        "not checked: no-such-validator is not installed. Install: pip install it"
    )


def test_a_program_is_found_in_folders_of_its_own(tmp_path, monkeypatch):
    program = tmp_path / "judge"
    program.write_text("#!/bin/sh\necho $0 is content\n")
    program.chmod(0o755)
    monkeypatch.setenv(PROGRAMS, str(tmp_path))
    found = by_program("it is so", ["judge"], install="it")(tmp_path)
    assert (found.passed, found.evidence) == (True, f"judge: {program} is content")


def test_a_program_that_complains_is_a_fault(tmp_path):
    complaint = "import sys; sys.exit('line 3 is wrong')"
    found = by_program("it is so", [PYTHON, "-c", complaint], install="it")(tmp_path)
    assert found.passed is False
    assert found.evidence.endswith("exited with 1: line 3 is wrong")


def test_where_every_word_counts_a_warning_is_a_fault(tmp_path):
    command = [PYTHON, "-c", "import sys; print('unknown key', file=sys.stderr)"]
    assert by_program("it is so", command, install="it")(tmp_path).passed
    assert by_program("it is so", command, install="it", quiet=True)(tmp_path).passed is False


def test_rules_say_which_of_them_is_broken(tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM x:latest\n")
    rules = {"a version": lambda text: ":latest" not in text, "a base": lambda text: "FROM" in text}
    found = by_rules("it is safe", "Dockerfile", rules)(tmp_path)
    assert (found.passed, found.evidence) == (False, "a version")


def test_a_damaged_bundle_is_a_fault(tmp_path):
    found = sound_bundle(tmp_path)
    assert found.passed is False
    assert "no bundle" in found.evidence
