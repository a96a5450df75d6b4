import pytest
from msgspec.structs import replace

from modelwright.documents import Candidate, Release, read_document
from modelwright.engineer.champion import bundle_folder, is_chosen_since
from modelwright.errors import BundleError
from modelwright.workspace.folder import Workspace


def test_a_workspace_means_its_champion_and_a_bundle_itself(project):
    release = read_document(Release, project.workspace)
    folder = project.workspace.path / release.bundle_path
    assert bundle_folder(project.workspace.path) == folder
    assert bundle_folder(folder) == folder


def test_what_somebody_chose_since_the_release_is_no_candidate(project):
    release = read_document(Release, project.workspace)
    candidate = read_document(Candidate, project.workspace)
    rolled_back = replace(release, bundle_hash="0" * 64)
    built = replace(candidate, made_at="9999-01-01T00:00:00+00:00")
    assert not is_chosen_since(release, candidate, project.workspace)
    assert is_chosen_since(rolled_back, candidate, project.workspace)
    assert not is_chosen_since(rolled_back, built, project.workspace)


def test_a_workspace_without_a_release_says_what_to_run(tmp_path):
    Workspace.create(tmp_path / "new")
    with pytest.raises(BundleError, match=r"modelwright run --workspace .*new"):
        bundle_folder(tmp_path / "new")


def test_another_folder_is_neither(tmp_path):
    with pytest.raises(BundleError, match="neither a bundle nor a workspace"):
        bundle_folder(tmp_path)
