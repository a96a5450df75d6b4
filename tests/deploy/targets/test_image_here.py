import pytest

from modelwright.deploy.targets.docker import TARGET
from modelwright.deploy.targets.engine import ENGINE
from modelwright.deploy.targets.image_here import image_serves


@pytest.fixture
def folder(delivery, out):
    TARGET.write(delivery, out)
    return out


def _engine(monkeypatch, place, script):
    program = place / "engine"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv(ENGINE, str(program))


def test_nothing_is_built_unless_an_engine_is_named(folder, monkeypatch):
    monkeypatch.delenv(ENGINE, raising=False)
    found = image_serves(folder)
    assert found.passed is None
    assert found.evidence.endswith(f"Name one in {ENGINE}")


def test_an_engine_that_is_missing_is_said(folder, monkeypatch):
    monkeypatch.setenv(ENGINE, "no-such-engine")
    found = image_serves(folder)
    assert found.passed is None
    assert found.evidence.startswith("not checked: no-such-engine is not installed.")


def test_what_the_engine_says_of_a_build_is_told(folder, monkeypatch, tmp_path):
    _engine(monkeypatch, tmp_path, "echo no such base >&2; exit 125")
    found = image_serves(folder)
    assert (found.passed, found.evidence) == (False, "engine build failed with 125: no such base")


def test_a_container_that_ends_is_told_with_its_last_words(folder, monkeypatch, tmp_path):
    _engine(monkeypatch, tmp_path, 'if [ "$1" = logs ]; then echo out of memory; fi')
    found = image_serves(folder)
    assert found.passed is False
    assert "out of memory" in found.evidence
