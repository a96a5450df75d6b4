"""The exported source in a bundle: what may be in its folder, and what is refused."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest

from example_bundle import make_bundle
from modelwright.errors import BundleError
from modelwright.predictor.bundle_folder import read_bundle, write_bundle

SOURCE = {
    "README.md": "# Late?\n",
    "train.py": "print('ü')\n",
    "learned/linear_1.json": '{"steps": []}\n',
}


@pytest.fixture
def folder(tmp_path):
    write_bundle(replace(make_bundle(), source=SOURCE), tmp_path / "bundle")
    return tmp_path / "bundle"


def add_to_manifest(folder, name, data=b""):
    """Forge a manifest that lists one more file."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][name] = {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_it_comes_back_as_it_was(folder):
    assert read_bundle(folder).source == SOURCE


def test_a_bundle_with_it_is_replaced_by_one_without(folder):
    write_bundle(make_bundle(), folder)
    assert not (folder / "source").exists()
    assert read_bundle(folder).source == {}


@pytest.mark.parametrize("name", SOURCE)
def test_a_changed_file_is_refused(folder, name):
    path = folder / "source" / name
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    with pytest.raises(BundleError, match="is not what was written"):
        read_bundle(folder)


@pytest.mark.parametrize("name", SOURCE)
def test_a_missing_file_is_refused(folder, name):
    (folder / "source" / name).unlink()
    with pytest.raises(BundleError, match="is missing"):
        read_bundle(folder)


@pytest.mark.parametrize("name", ["source/model.py", "source/learned/more.json", "source/.hidden"])
def test_a_file_that_no_manifest_lists_is_refused(folder, name):
    (folder / name).write_text("")
    with pytest.raises(BundleError, match="does not belong to it"):
        read_bundle(folder)


@pytest.mark.parametrize(
    "name",
    [
        "source/../evil.py",
        "source/learned/../../evil.py",
        "source//train.py",
        "source/other/evil.py",
        "source/evil.so",
        "source/evil.py\n",
        "../source/evil.py",
        "evil.py",
    ],
)
def test_a_manifest_with_another_name_is_refused(folder, name):
    add_to_manifest(folder, name)
    with pytest.raises(BundleError, match="its manifest is wrong about"):
        read_bundle(folder)


@pytest.mark.parametrize("name", ["../evil.py", "a/b.py", "learned/a/b.json", "a b.py", "a.sh"])
def test_another_name_is_not_written(tmp_path, name):
    with pytest.raises(BundleError, match="is no name of a bundle's file"):
        write_bundle(replace(make_bundle(), source={name: ""}), tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_more_files_than_a_project_has_are_refused(folder):
    for number in range(60):
        add_to_manifest(folder, f"source/more_{number}.py")
    with pytest.raises(BundleError, match="its source has 63 files"):
        read_bundle(folder)


def test_a_file_larger_than_any_is_not_written(tmp_path):
    large = {"learned/linear_1.json": " " * (2**21 + 1)}
    with pytest.raises(BundleError, match="a bundle holds at most"):
        write_bundle(replace(make_bundle(), source=large), tmp_path / "b")


@pytest.mark.parametrize("name", SOURCE)
def test_a_link_in_place_of_a_file_is_refused(tmp_path, folder, name):
    (folder / "source" / name).rename(tmp_path / "elsewhere")
    (folder / "source" / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleError, match="is no plain file"):
        read_bundle(folder)


@pytest.mark.parametrize("name", ["source", "source/learned"])
def test_a_link_in_place_of_a_folder_is_refused(tmp_path, folder, name):
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleError, match="is missing"):
        read_bundle(folder)


def test_what_somebody_added_is_not_thrown_away(folder):
    (folder / "source" / "model.pickle").write_text("mine")
    with pytest.raises(BundleError, match="holds more than the exported source"):
        write_bundle(make_bundle(), folder)
    assert (folder / "source" / "model.pickle").read_text() == "mine"
