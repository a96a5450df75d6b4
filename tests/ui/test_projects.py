from modelwright.ui.projects import find_projects
from modelwright.workspace.folder import Workspace


def test_a_workspace_is_the_one_project(tmp_path):
    workspace = Workspace.create(tmp_path / "flights")
    Workspace.create(tmp_path / "flights" / "within")
    assert find_projects(workspace.path) == {"flights": workspace}


def test_workspaces_are_found_two_levels_down(tmp_path):
    for name in ("b", "a", "team/c", "far/too/deep", ".hidden"):
        Workspace.create(tmp_path / name)
    assert [*find_projects(tmp_path)] == ["a", "b", "team~c"]


def test_a_folder_that_is_gone_holds_nothing(tmp_path):
    assert find_projects(tmp_path / "gone") == {}
