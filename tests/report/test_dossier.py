"""A dossier is what the workspace has, and no more."""

from pathlib import Path

import pytest

from modelwright.documents import write_document
from modelwright.errors import WorkspaceError
from modelwright.report.dossier import Dossier
from modelwright.workspace.folder import Workspace


def test_documents_come_back(flights: Dossier, tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    for document in flights.documents:
        write_document(document, workspace)
    assert Dossier.read(workspace) == flights


def test_findings_bring_their_plan(flights: Dossier, tmp_path: Path) -> None:
    assert flights.findings
    workspace = Workspace.create(tmp_path)
    write_document(flights.findings, workspace)
    assert Dossier.read(workspace).plan == flights.plan


def test_an_empty_workspace_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"no document .* modelwright run"):
        Dossier.read(Workspace.create(tmp_path))


def test_a_gate_shut_twice_is_told_once(houses: Dossier) -> None:
    assert [gate.name for gate in houses.failed_gates] == ["the budget is kept"]


def test_health_alone_has_a_question(flights: Dossier) -> None:
    assert Dossier(health=flights.health).question == "Predict “late”."
