import shutil

import msgspec
import pytest

from dossiers import flights_gameday
from modelwright.documents import (
    Brief,
    Candidate,
    Document,
    Findings,
    Plan,
    Release,
    read_document,
)
from modelwright.engineer.archive import Archive, hash_of, is_yes, read
from modelwright.errors import WorkspaceError


class Telling:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, room: str, sentence: str) -> None:
        self.said.append(f"{room}: {sentence}")


@pytest.fixture
def told() -> Telling:
    return Telling()


@pytest.fixture
def archive(project, told) -> Archive:
    return Archive(project.workspace, told)


def _remade(archive: Archive, kind: type[Document]) -> bool:
    """Ask for a document as it was made, and say whether it was made again."""
    document = read_document(kind, archive.workspace)
    made = []
    archive.once(kind, document.made_from, lambda: made.append(1) or document)
    return bool(made)


@pytest.mark.parametrize("kind", [Plan, Findings, Candidate, Release])
def test_what_was_made_from_the_same_stands(kind, archive, told):
    assert not _remade(archive, kind)
    assert "stands" in told.said[0]


def test_what_was_made_from_something_else_is_made_again(archive, told):
    plan = read_document(Plan, archive.workspace)
    assert archive.once(Plan, "another", lambda: plan).made_from == "another"
    assert "has changed" in told.said[0]


def test_an_edited_document_stands(archive):
    plan = read_document(Plan, archive.workspace)
    edited = archive.write(msgspec.structs.replace(plan, seed=99), plan.made_from)
    assert archive.once(Plan, plan.made_from, lambda: plan) == edited
    assert hash_of(edited) != hash_of(plan)


def test_the_hash_is_that_of_the_document_as_it_will_be_read():
    brief = Brief(data="orders.csv", target="returned", budget_s=20)
    read_again = msgspec.json.decode(msgspec.json.encode(brief), type=Brief)
    assert hash_of(brief) == hash_of(read_again)


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", '{"form_version": 99}', "\xff"])
def test_a_damaged_document_is_kept_aside_and_made_again(text, archive, told):
    plan = read_document(Plan, archive.workspace)
    archive.workspace.write_bytes("plan.json", text.encode("latin-1"))
    assert archive.once(Plan, plan.made_from, lambda: plan) == plan
    assert archive.workspace.read_bytes("plan.json.damaged") == text.encode("latin-1")
    assert "kept as plan.json.damaged and made again" in told.said[0]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (Findings, "contract.yaml"),
        (Candidate, "candidate/program.json"),
        (Release, "bundles/*/schema.json"),
    ],
)
def test_a_document_whose_file_is_gone_is_made_again(kind, path, archive):
    (file,) = archive.workspace.path.glob(path)
    file.unlink()
    assert _remade(archive, kind)


def test_a_release_whose_bundle_was_edited_is_made_again(archive, told):
    (card,) = archive.workspace.path.glob("bundles/*/MODEL_CARD.md")
    card.write_text(card.read_text().replace("a", "b"))
    assert _remade(archive, Release)
    assert "MODEL_CARD.md is not what was written" in told.said[0]


def test_reading_what_is_not_there_names_the_command(archive):
    for name in ("candidate.json", "release.json"):
        (archive.workspace.path / name).unlink()
    with pytest.raises(WorkspaceError, match="Run: modelwright build --workspace orders-model"):
        read(Candidate, archive.workspace)
    archive.workspace.write_text("release.json", "{")
    with pytest.raises(WorkspaceError, match="run: modelwright deploy"):
        read(Release, archive.workspace)


def test_the_answer_is_no_when_a_gate_is_red(archive):
    candidate = read_document(Candidate, archive.workspace)
    red = msgspec.structs.replace(candidate.gates[0], passed=False)
    assert is_yes(candidate)
    assert not is_yes(msgspec.structs.replace(candidate, gates=(red,)))
    release = read_document(Release, archive.workspace)
    assert is_yes(release)
    assert not is_yes(msgspec.structs.replace(release, released=False))
    assert is_yes(read_document(Plan, archive.workspace))
    assert not is_yes(flights_gameday())


def test_a_copied_workspace_stands(archive, tmp_path):
    shutil.copytree(archive.workspace.path, tmp_path / "copy")
    copy = Archive(type(archive.workspace).open(tmp_path / "copy"), archive.report)
    assert not any(_remade(copy, kind) for kind in (Plan, Findings, Candidate, Release))


def test_a_form_that_gained_a_field_is_no_other_document():
    older = msgspec.defstruct("Made", [("rows", int)])
    newer = msgspec.defstruct("Made", [("rows", int), ("parts", list[older], [])])
    assert hash_of(older(rows=1)) == hash_of(newer(rows=1))
    told = {hash_of(newer(rows=1, parts=[older(rows=n)])) for n in range(3)}
    assert len({*told, hash_of(newer(rows=1)), hash_of(newer(rows=2))}) == 5
