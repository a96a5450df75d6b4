import json
from pathlib import Path

import pytest

from bench import environments
from bench.environments import bytes_below, held_alone, make_environment
from bench.roster import ROSTER
from modelwright.errors import MissingDependencyError, WorkspaceError


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Pretend to install, and remember what was asked for."""
    asked: list[list[str]] = []

    def run(peer: str, command: list[str]) -> str:
        asked.append(command)
        if command[-2:-1] == ["venv"]:
            Path(command[-1], "bin").mkdir(parents=True)
            Path(command[-1], "bin", "python").write_text("#!")
        return json.dumps([{"name": peer, "version": "1"}])

    monkeypatch.setattr(environments, "_run", run)
    return asked


def test_an_environment_is_made_once(tmp_path: Path, installed: list[list[str]]) -> None:
    said: list[str] = []
    made = make_environment("flaml", folder=tmp_path, say=said.append)
    count = len(installed)
    assert made == make_environment("flaml", folder=tmp_path, say=said.append)
    assert len(installed) == count
    assert len(said) == 1
    assert made.versions == {"flaml": "1"}
    assert made.python == tmp_path / "flaml" / "bin" / "python"


def test_other_sources_install_modelwright_again(
    tmp_path: Path, installed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "src").mkdir(parents=True)
    (checkout / "pyproject.toml").write_text("")
    monkeypatch.setattr(environments, "ROOT", checkout)
    first = make_environment("modelwright", folder=tmp_path, say=print)
    (checkout / "src" / "new.py").write_text("")
    assert (
        first.fingerprint != make_environment("modelwright", folder=tmp_path, say=print).fingerprint
    )
    assert "--no-deps" in installed[-2]


def test_what_pip_says_is_handed_on(tmp_path: Path) -> None:
    (tmp_path / "flaml" / "bin").mkdir(parents=True)
    python = tmp_path / "flaml" / "bin" / "python"
    python.write_text("#!/bin/sh\necho no such package >&2; exit 1\n")
    python.chmod(0o755)
    with pytest.raises(MissingDependencyError, match=r"could not be made\. no such package"):
        make_environment("flaml", folder=tmp_path, say=print)


def test_every_peer_has_pinned_requirements() -> None:
    for peer in {entrant.peer for entrant in ROSTER.values()} - {"modelwright"}:
        lines = environments._pins(peer).splitlines()
        assert lines
        assert all("==" in line for line in lines)


def test_two_benches_do_not_run_with_the_same_environments(tmp_path: Path) -> None:
    with (
        held_alone(tmp_path / "envs") as folder,
        pytest.raises(WorkspaceError, match="Another bench"),
        held_alone(folder),
    ):
        pass
    with held_alone(folder):
        pass


def test_links_are_not_counted(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert bytes_below(tmp_path) == 3
