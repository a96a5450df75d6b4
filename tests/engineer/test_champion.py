import pytest

from modelwright.documents import Release, read_document
from modelwright.engineer.champion import bundle_folder
from modelwright.errors import BundleError
from modelwright.workspace.folder import Workspace


def test_a_workspace_means_its_champion_and_a_bundle_itself(project):
    release = read_document(Release, project.workspace)
    folder = project.workspace.path / release.bundle_path
    assert bundle_folder(project.workspace.path) == folder
    assert bundle_folder(folder) == folder


def test_a_workspace_without_a_release_says_what_to_run(tmp_path):
    Workspace.create(tmp_path / "new")
    with pytest.raises(BundleError, match=r"modelwright run --workspace .*new"):
        bundle_folder(tmp_path / "new")


def test_another_folder_is_neither(tmp_path):
    with pytest.raises(BundleError, match="neither a bundle nor a workspace"):
        bundle_folder(tmp_path)
