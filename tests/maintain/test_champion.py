"""Which model answers."""

import pytest

from flights_example import TASK
from modelwright.documents import Gate, Release
from modelwright.errors import WorkspaceError
from modelwright.maintain.champion import open_champion
from modelwright.workspace.folder import Workspace


def test_where_nothing_was_released_the_red_gates_are_named(tmp_path):
    gates = (Gate(name="the budget is kept", passed=False, evidence="31 s of 20 s"),)
    release = Release(
        target="late",
        task=TASK,
        metric="roc_auc",
        released=False,
        gates=gates,
        made_at="2024-01-01T00:00:00+00:00",
        made_from="0" * 16,
    )
    with pytest.raises(WorkspaceError, match="red were the gates 'the budget is kept'"):
        open_champion(release, Workspace.create(tmp_path / "late"))
