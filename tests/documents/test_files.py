"""How documents are written and read."""

import msgspec
import pytest

from modelwright.documents import (
    DOCUMENTS,
    FORM_VERSION,
    Release,
    has_document,
    read_document,
    write_document,
)
from modelwright.errors import WorkspaceError
from modelwright.tasks.task import Task
from modelwright.workspace.folder import Workspace

RELEASE = Release(
    target="late",
    task=Task(kind="binary", classes=("no", "yes")),
    metric="roc_auc",
    released=False,
    gates=(),
)


@pytest.fixture
def workspace(tmp_path):
    return Workspace.create(tmp_path / "made")


def test_documents_are_known_by_name_in_the_order_in_which_they_are_made():
    assert list(DOCUMENTS) == ["plan", "findings", "candidate", "release", "health"]


def test_what_is_written_is_read_again(workspace):
    assert not has_document(Release, workspace)
    write_document(RELEASE, workspace)
    assert has_document(Release, workspace)
    assert read_document(Release, workspace) == RELEASE


def test_a_document_that_is_not_there_says_what_to_make(workspace):
    with pytest.raises(WorkspaceError, match=r"release\.json yet\. Make the release first"):
        read_document(Release, workspace)


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b'{"released": 3}', b"\xff\xfe"])
def test_a_damaged_document_is_refused(workspace, damaged):
    workspace.write_bytes("release.json", damaged)
    with pytest.raises(WorkspaceError, match="Make the release again"):
        read_document(Release, workspace)


def test_another_version_is_refused(workspace):
    other = msgspec.structs.replace(RELEASE, form_version=FORM_VERSION + 1)
    write_document(other, workspace)
    with pytest.raises(WorkspaceError, match=f"version {FORM_VERSION + 1}"):
        read_document(Release, workspace)
