import json
import os
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np
import pytest

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS, SCHEMA, make_bundle
from modelwright.data.records import columns_from_records
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.errors import BundleError
from modelwright.predictor.bundle import Case
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.workspace.artifacts import fingerprint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_bundle(make_bundle(), tmp_path / "bundle")
    return tmp_path / "bundle"


def _reseal(folder: Path, name: str, data: bytes) -> None:
    """Change a file and forge the manifest to fit."""
    (folder / name).write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][name] = {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("task", [BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def test_a_bundle_comes_back_as_it_was(tmp_path, task):
    bundle = make_bundle(task)
    digest = write_bundle(bundle, tmp_path / "b")
    read = read_bundle(tmp_path / "b")
    assert read.hash == digest == fingerprint(tmp_path / "b")
    for part in ("schema", "contract_text", "reference", "cases", "facts", "card_text"):
        assert getattr(read, part) == getattr(bundle, part)
    columns = columns_from_records(ROWS, SCHEMA)
    assert np.array_equal(read.program.run(columns), bundle.program.run(columns))


def test_the_same_content_gives_the_same_bytes(tmp_path, folder):
    write_bundle(make_bundle(), tmp_path / "again")
    write_bundle(read_bundle(folder), tmp_path / "copy")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()
        assert path.read_bytes() == (tmp_path / "copy" / path.name).read_bytes()


def test_recorded_cases_hold_after_reading(folder):
    bundle = read_bundle(folder)
    columns = columns_from_records([case.record for case in bundle.cases], bundle.schema)
    answers = bundle.program.run(columns).tolist()
    assert answers == [list(case.expected) for case in bundle.cases]


DOCUMENTS = ("program.json", "schema.json", "reference.json", "facts.json")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_key_that_stands_twice_is_refused_although_the_last_one_fits(folder, name):
    text = (folder / name).read_bytes()
    said = json.loads(text)
    key, value = next(iter((said if isinstance(said, dict) else said[0]).items()))
    place = text.index(b"{") + 1
    _reseal(folder, name, text[:place] + f'"{key}":{json.dumps(value)},'.encode() + text[place:])
    with pytest.raises(BundleError, match=f"{name} is damaged: {key!r} stands twice"):
        read_bundle(folder)


def test_a_key_of_the_program_that_stands_twice_is_named(folder):
    text = (folder / "program.json").read_bytes()
    _reseal(folder, "program.json", text.replace(b"{", b'{"answer":"x",', 1))
    with pytest.raises(BundleError, match="'answer' stands twice in one object"):
        read_bundle(folder)


def test_a_key_of_the_manifest_and_of_the_arrays_stands_once(folder):
    path = folder / "manifest.json"
    text = path.read_bytes()
    path.write_bytes(text.replace(b"{", b'{"format": 1,', 1))
    with pytest.raises(BundleError, match="'format' stands twice"):
        read_bundle(folder)
    path.write_bytes(text)
    arrays = (folder / "program.safetensors").read_bytes()
    length = int.from_bytes(arrays[:8], "little")
    header = arrays[8 : 8 + length].rstrip()
    twice = header[:-1] + b"," + header[1:]
    sealed = len(twice).to_bytes(8, "little") + twice + arrays[8 + length :]
    _reseal(folder, "program.safetensors", sealed)
    with pytest.raises(BundleError, match="damaged"):
        read_bundle(folder)


def test_a_bundle_is_replaced_and_nothing_else_is(tmp_path, folder):
    write_bundle(make_bundle(REGRESSION), folder)
    assert read_bundle(folder).program.task.kind == "regression"
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(BundleError, match="holds something else"):
        write_bundle(make_bundle(), folder)
    assert (folder / "thesis.txt").exists()


def test_an_empty_folder_is_room_enough(tmp_path):
    (tmp_path / "empty").mkdir()
    write_bundle(make_bundle(), tmp_path / "empty")
    assert read_bundle(tmp_path / "empty").facts.target == "left"
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


FILES = (
    "program.json",
    "program.safetensors",
    "schema.json",
    "contract.yaml",
    "reference.json",
    "acceptance.json",
    "facts.json",
    "MODEL_CARD.md",
)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_noticed(folder, name):
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(BundleError, match="is not what was written"):
        read_bundle(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_longer_or_shorter_file_is_noticed(folder, name):
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data + b" ")
    with pytest.raises(BundleError, match="larger than"):
        read_bundle(folder)
    (folder / name).write_bytes(data[:-1])
    with pytest.raises(BundleError, match="is not what was written"):
        read_bundle(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_noticed(folder, name):
    (folder / name).unlink()
    with pytest.raises(BundleError, match="is missing"):
        read_bundle(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_link_is_refused(tmp_path, folder, name):
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleError, match="no plain file"):
        read_bundle(folder)


def test_a_pipe_is_refused(folder):
    (folder / "contract.yaml").unlink()
    os.mkfifo(folder / "contract.yaml")
    with pytest.raises(BundleError, match="no plain file"):
        read_bundle(folder)


def test_what_was_left_beside_the_source_is_named(folder):
    (folder / "source" / "__pycache__").mkdir(parents=True)
    with pytest.raises(BundleError, match=r"__pycache__.*work with a copy of the source"):
        read_bundle(folder)


def test_an_unknown_file_is_refused(folder):
    (folder / "model.pkl").write_bytes(b"")
    with pytest.raises(BundleError, match=r"'model\.pkl' does not belong"):
        read_bundle(folder)


def test_no_bundle_is_said_so(tmp_path):
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(BundleError, match="is no bundle"):
            read_bundle(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest["files"].pop("facts.json"),
        lambda manifest: manifest["files"].update({"../secret": manifest["files"]["facts.json"]}),
        lambda manifest: manifest["files"]["facts.json"].update(bytes=1 << 60),
        lambda manifest: manifest["files"]["facts.json"].update(bytes=-1),
        lambda manifest: manifest["files"]["facts.json"].update(sha256=""),
        lambda manifest: manifest.update(format=2),
        lambda manifest: manifest.update(run="rm"),
    ],
)
def test_a_forged_manifest_is_refused(folder, change):
    manifest = json.loads((folder / "manifest.json").read_bytes())
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError):
        read_bundle(folder)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[" * 100_000, b"\xff", b'"\xff"', b"null", b"x" * (2 << 20)]
)
def test_a_manifest_of_rubbish_is_refused(folder, data):
    (folder / "manifest.json").write_bytes(data)
    with pytest.raises(BundleError):
        read_bundle(folder)


@pytest.mark.parametrize(
    ("name", "data"),
    [(name, b"\xff\xfe") for name in FILES]
    + [(name, data) for name in FILES[:3] + FILES[4:7] for data in (b"[" * 100_000, b"{}")],
)
def test_resealed_rubbish_is_refused(folder, name, data):
    _reseal(folder, name, data)
    with pytest.raises(BundleError):
        read_bundle(folder)


def test_parts_that_do_not_belong_together_are_refused(tmp_path):
    bundle = make_bundle()
    other = Schema(columns=(Column(name="age", kind=Kind.TEXT), *SCHEMA.columns[1:]))
    for wrong in (
        replace(bundle, schema=other),
        replace(bundle, schema=Schema(columns=SCHEMA.columns[1:])),
        replace(bundle, schema=SCHEMA.assign(Role.IGNORED, "age")),
        replace(bundle, cases=(Case(name="odd", record={}, expected=(1.0,)),)),
        replace(bundle, program=msgspec.structs.replace(bundle.program, answer="nothing")),
    ):
        write_bundle(wrong, tmp_path / "wrong")
        with pytest.raises(BundleError):
            read_bundle(tmp_path / "wrong")
        shutil.rmtree(tmp_path / "wrong")
