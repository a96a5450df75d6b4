from pathlib import Path

import pytest

from modelwright.workspace import priority
from modelwright.workspace.priority import give_way


def _refuse(nice: int) -> int:
    raise PermissionError


def test_a_host_that_lets_nobody_change_it_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(priority.os, "nice", _refuse)
    group = tmp_path / "autogroup"
    monkeypatch.setattr(priority, "_GROUP", group)
    give_way(19)
    assert group.read_text() == "19"
    monkeypatch.setattr(priority, "_GROUP", tmp_path / "none" / "autogroup")
    give_way(19)
