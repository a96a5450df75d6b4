import os
from pathlib import Path

import pytest

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.checksums import faults_in
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.parts import bundle
from modelwright.deploy.targets.validators import whole
from modelwright.errors import InputError, WorkspaceError


def _script(delivery):
    return {"ctl": b"#!/bin/sh\n", "a/b.txt": b"1\n"}


TARGET = FolderTarget(
    name="small",
    sentence="A small folder.",
    parts=(bundle, _script, lambda delivery: {"a/b.txt": b"2\n"}),
    validators=(whole,),
)


def test_a_later_part_replaces_a_file_and_scripts_can_be_run(delivery, out):
    TARGET.write(delivery, out)
    assert (out / "a" / "b.txt").read_text() == "2\n"
    assert os.access(out / "ctl", os.X_OK)
    assert not os.access(out / "a" / "b.txt", os.X_OK)
    assert TARGET.validate(out)[0].passed


def test_containers_read_the_files_whatever_the_mask_of_who_wrote_them(delivery, out):
    before = os.umask(0o077)
    try:
        TARGET.write(delivery, out)
    finally:
        os.umask(before)
    modes = {name: (out / name).stat().st_mode & 0o777 for name in ("ctl", "a", "a/b.txt")}
    assert modes == {"ctl": 0o755, "a": 0o755, "a/b.txt": 0o644}


def test_a_folder_that_nobody_changed_is_replaced(delivery, out):
    TARGET.write(delivery, out)
    FolderTarget("small", "Smaller.", (_script,), ()).write(delivery, out)
    assert sorted(path.name for path in out.iterdir()) == ["SHA256SUMS", "a", "ctl"]


@pytest.mark.parametrize("name", ["ctl", "notes.txt", "env/bin/python", "run/server.log"])
def test_a_folder_that_was_changed_or_used_is_left_alone(delivery, out, name):
    TARGET.write(delivery, out)
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_text("mine")
    with pytest.raises(InputError, match="holds something else than a folder that deploy wrote"):
        TARGET.write(delivery, out)
    assert (out / name).read_text() == "mine"


def test_the_folder_that_a_command_runs_in_is_left_alone(delivery, out, monkeypatch):
    out.mkdir()
    monkeypatch.chdir(out)
    for folder in (Path(), out, Path("..")):
        with pytest.raises(InputError, match="is the folder that this command runs in"):
            TARGET.write(delivery, folder)


def test_where_a_link_leads_is_written(delivery, out):
    link = out.with_name("link")
    link.symlink_to(out)
    for _ in range(2):
        TARGET.write(delivery, link)
        assert TARGET.validate(out)[0].passed
    assert link.is_symlink()
    assert not list(out.parent.glob(".*.draft"))


def test_where_the_new_folder_cannot_be_put_in_its_place_the_old_one_is_back(
    delivery, out, monkeypatch
):
    TARGET.write(delivery, out)

    def refused(_draft, _path):
        assert not out.exists()
        raise PermissionError

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(WorkspaceError, match="what was there is unharmed"):
        TARGET.write(delivery, out)
    assert faults_in(out) == []
    assert not list(out.parent.glob(".*.draft"))


def test_what_a_killed_command_left_is_cleared(delivery, out):
    dead = out.with_name(".out.0123abcd.draft")
    (dead / "bundle").mkdir(parents=True)
    TARGET.write(delivery, out)
    assert not dead.exists()


def test_the_folder_is_whole_or_says_what_is_not(delivery, out):
    TARGET.write(delivery, out)
    (out / "ctl").unlink()
    (out / "a" / "b.txt").write_text("3")
    found = TARGET.validate(out)[0]
    assert found == Validation(
        "the folder is as it was written", False, "ctl is missing (and 1 more)"
    )
    (out / "SHA256SUMS").unlink()
    assert TARGET.validate(out)[0].evidence == "SHA256SUMS is missing"
