import os
from pathlib import Path

import pytest

from modelwright.workspace import priority
from modelwright.workspace.priority import give_way, give_way_to_all


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


def test_who_gives_way_to_all_asks_for_no_more_than_the_host_lets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def refuse(pid: int, policy: int, param: object) -> None:
        asked.append(policy)
        raise PermissionError

    monkeypatch.setattr(priority.os, "nice", _refuse)
    monkeypatch.setattr(priority, "_GROUP", tmp_path / "autogroup")
    monkeypatch.setattr(priority.os, "sched_setscheduler", refuse)
    give_way_to_all()
    assert asked == [os.SCHED_IDLE]
    monkeypatch.delattr(priority.os, "SCHED_IDLE")
    give_way_to_all()
    assert len(asked) == 1
