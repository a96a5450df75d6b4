"""Documents in and out of a workspace."""

from typing import TypeVar

import msgspec

from modelwright.documents.base import FORM_VERSION, Document
from modelwright.documents.candidate import Candidate
from modelwright.documents.findings import Findings
from modelwright.documents.health import Health
from modelwright.documents.plan import Plan
from modelwright.documents.release import Release
from modelwright.errors import WorkspaceError
from modelwright.workspace.folder import Workspace

DOCUMENTS: dict[str, type[Document]] = {
    kind.file_name.removesuffix(".json"): kind
    for kind in (Plan, Findings, Candidate, Release, Health)
}
"""Every document by the name that people call it, in the order in which they are made."""

AnyDocument = TypeVar("AnyDocument", bound=Document)


def write_document(document: Document, workspace: Workspace) -> None:
    """Write a document into the workspace, whole or not at all."""
    text = msgspec.json.format(msgspec.json.encode(document), indent=2)
    workspace.write_bytes(document.file_name, text + b"\n")


def read_document(kind: type[AnyDocument], workspace: Workspace) -> AnyDocument:
    """Read a document of the workspace.

    Raises
    ------
    WorkspaceError
        When it is not there, damaged, or of another version.
    """
    room = kind.file_name.removesuffix(".json")
    if not workspace.has(kind.file_name):
        raise WorkspaceError(
            f"{workspace.path} has no {kind.file_name} yet.", f"Make the {room} first."
        )
    try:
        document = msgspec.json.decode(workspace.read_bytes(kind.file_name), type=kind)
    except msgspec.DecodeError as error:
        raise WorkspaceError(
            f"{workspace.path / kind.file_name} cannot be read: {error}.", f"Make the {room} again."
        ) from error
    if document.form_version != FORM_VERSION:
        raise WorkspaceError(
            f"{kind.file_name} is of version {document.form_version}, expected {FORM_VERSION}.",
            f"Make the {room} again.",
        )
    return document


def has_document(kind: type[Document], workspace: Workspace) -> bool:
    """Say whether a document was written."""
    return workspace.has(kind.file_name)
