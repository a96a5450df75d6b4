"""A workspace with a champion, and a bundle that may challenge it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from example_bundle import SCHEMA, make_bundle
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.workspace.aliases import change_aliases
from modelwright.workspace.artifacts import draft_folder, store_folder
from modelwright.workspace.folder import Workspace

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def another(bundle: Bundle | None = None) -> Bundle:
    """Return a bundle with the same answers under another hash."""
    return replace(bundle or make_bundle(), card_text="# Another\n")


def wider() -> Bundle:
    """Return a bundle that is told one column more."""
    bundle = make_bundle()
    schema = Schema(columns=(*SCHEMA.columns, Column(name="income", kind=Kind.NUMERIC)))
    inputs = (*bundle.program.inputs, type(bundle.program.inputs[0])(name="income", type="number"))
    program = msgspec.structs.replace(bundle.program, inputs=inputs)
    reference = msgspec.structs.replace(
        bundle.reference,
        columns={**bundle.reference.columns, "income": bundle.reference.columns["age"]},
    )
    return replace(bundle, schema=schema, program=program, reference=reference)


def keep(workspace: Workspace, bundle: Bundle) -> str:
    """Keep a bundle in a workspace, and return its hash."""
    draft = draft_folder(workspace, "left")
    digest = write_bundle(bundle, draft)
    store_folder(workspace, draft, "left")
    return digest


def workspace_of_two(path: Path) -> tuple[Workspace, str, str]:
    """Return a workspace with two bundles, of which the first is champion, and their hashes."""
    workspace = Workspace.create(path)
    first, second = keep(workspace, make_bundle()), keep(workspace, another())
    change_aliases(workspace, lambda stand: stand.assign("champion", first, at=NOW))
    return workspace, first, second
