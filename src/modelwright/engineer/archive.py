"""The documents of a workspace: each stands until what it was made from changes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeVar

import msgspec

from modelwright.compute.memory import release_memory
from modelwright.documents import (
    Candidate,
    Delivered,
    Deliveries,
    Document,
    Findings,
    Gameday,
    Health,
    Plan,
    Release,
    has_document,
    read_document,
    write_document,
)
from modelwright.errors import BundleError, WorkspaceError
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.workspace.folder import Workspace

Report = Callable[[str, str], None]
"""Told the room and what happens in it, a sentence at a time."""


def say_nothing(room: str, sentence: str) -> None:
    """Be told what happens, and say nothing."""


Made = TypeVar("Made", bound=Document)

ROOMS: dict[type[Document], str] = {
    Plan: "plan",
    Findings: "explore",
    Candidate: "build",
    Release: "deploy",
    Health: "maintain",
}
"""The room that makes each document; the command has the same name."""


def record_deliveries(done: tuple[Delivered, ...], workspace: Workspace, *, at: datetime) -> None:
    """Add what was delivered to what is known of it, for the report."""
    known = has_document(Deliveries, workspace)
    before = read_document(Deliveries, workspace) if known else Deliveries(delivered=())
    write_document(Deliveries(delivered=before.and_then(done), made_at=at.isoformat()), workspace)


@dataclass(frozen=True)
class Archive:
    """The documents of a workspace.

    Parameters
    ----------
    workspace
        Whoever writes holds its lock.
    report
        Told why a document stands or is made again.
    """

    workspace: Workspace
    report: Report

    def once(self, kind: type[Made], made_from: str, make: Callable[[], Made]) -> Made:
        """Return the document as it stands when it was made from the same; else make it.

        Parameters
        ----------
        kind
            Of the document.
        made_from
            The hash of what it is made from.
        make
            Makes it.
        """
        document = self._standing(kind, made_from)
        if document is None:
            document = self.write(make(), made_from)
            release_memory()  # what one room has freed is not held beside what the next one needs
        return document

    def stands(self, kind: type[Document], made_from: str) -> bool:
        """Return whether there is a document that was made from the same."""
        if not has_document(kind, self.workspace):
            return False
        try:
            return read_document(kind, self.workspace).made_from == made_from
        except WorkspaceError:
            return False

    def write(self, document: Made, made_from: str) -> Made:
        """Write a document with the hash of what it was made from, and return it so."""
        signed = msgspec.structs.replace(document, made_from=made_from)
        write_document(signed, self.workspace)
        return signed

    def _standing(self, kind: type[Made], made_from: str) -> Made | None:
        if not has_document(kind, self.workspace):
            return None
        try:
            document = read_document(kind, self.workspace)
        except WorkspaceError as error:
            self._set_aside(kind, error.found)
            return None
        if document.made_from != made_from:
            self._say(kind, "what it was made from has changed, so it is made again")
            return None
        try:
            _check_files(document, self.workspace)
        except (WorkspaceError, BundleError) as error:
            self._say(kind, f"{error.found} It is made again")
            return None
        self._say(kind, "it stands, as what it was made from is the same")
        return document

    def _set_aside(self, kind: type[Document], fault: str) -> None:
        """Keep what cannot be read: a person may have edited it."""
        spoilt = f"{kind.file_name}.damaged"
        self.workspace.write_bytes(spoilt, self.workspace.read_bytes(kind.file_name))
        self._say(kind, f"{fault} It is kept as {spoilt} and made again")

    def _say(self, kind: type[Document], sentence: str) -> None:
        self.report(ROOMS[kind], f"{kind.file_name}: {sentence}")


def read(kind: type[Made], workspace: Workspace) -> Made:
    """Return a document as it stands.

    Raises
    ------
    WorkspaceError
        When it is not there or damaged, with the command that makes it.
    """
    command = f"modelwright {ROOMS[kind]} --workspace {workspace.path}"
    if not has_document(kind, workspace):
        raise WorkspaceError(f"{workspace.path} has no {kind.file_name} yet.", f"Run: {command}")
    try:
        return read_document(kind, workspace)
    except WorkspaceError as error:
        raise WorkspaceError(error.found, f"To make it again, run: {command}") from error


def hash_of(document: Document) -> str:
    """Return a short text that differs when the document does.

    It is that of the document as it will be read: a 0 where a fraction belongs is read as 0.0. What
    says no more than a default is left out: a later version, whose form has one field more, does
    not take it for another document, and makes nothing again that a person has rolled back.
    """
    text = msgspec.json.encode(document)
    return digest(msgspec.json.encode(_said(msgspec.json.decode(text, type=type(document)))))


def _said(value: object) -> object:
    match value:
        case msgspec.Struct():
            fields = _defaults(type(value))
            given = ((name, getattr(value, name), default) for name, default in fields)
            kept = {name: _said(each) for name, each, default in given if each != default}
            return {"": type(value).__name__, **kept}
        case dict():
            return {name: _said(each) for name, each in value.items()}
        case list() | tuple():
            return [_said(each) for each in value]
        case _:
            return value


@cache
def _defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, object], ...]:
    return tuple(
        (
            each.name,
            each.default if each.default_factory is msgspec.NODEFAULT else each.default_factory(),
        )
        for each in msgspec.structs.fields(kind)
    )


def digest(*parts: bytes) -> str:
    """Return 16 hexadecimal digits of SHA-256 over parts.

    Examples
    --------
    >>> digest(b"a", b"b")
    '59b271ae1bbcb1d3'
    """
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def is_yes(document: Document) -> bool:
    """Return whether a document's answer is yes: gates are green, live rows as they should be."""
    match document:
        case Candidate():
            return document.passed
        case Release():
            return document.released
        case Health():
            return document.healthy
        case Gameday():
            return document.passed
        case _:
            return True


def _check_files(document: Document, workspace: Workspace) -> None:
    """Raise when a file that a document speaks of is gone or damaged."""
    match document:
        case Findings():
            workspace.read_bytes(document.contract_path)
        case Candidate():
            read_bundle(workspace.path / document.program_path)
        case Release(released=True):
            read_bundle(workspace.path / document.bundle_path)
        case _:
            pass
