"""The model that is looked at: its rows, who can teach it, and the releases before."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

from modelwright.build.judging.rows import answered, learning_rows
from modelwright.documents import Candidate, Findings, has_document, read_document
from modelwright.engineer.archive import Report
from modelwright.engineer.care.school import Schoolroom, members_of
from modelwright.engineer.rooms import Rooms
from modelwright.errors import ModelwrightError
from modelwright.maintain.log.live_rows import LiveRows, read_labelled_rows
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.past import labelled_part, rows_at
from modelwright.maintain.remedies.proposals import situation_of
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle, require_model
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger, microseconds

_LESSON_S = 3.0
"""Of each lesson in a test, by what the members took in the build."""
_MOST_BEFORE = 20_000
"""Rows of champions before that are learned from again, the latest."""


def look_at(bundle: Bundle, rows: LiveRows, rooms: Rooms, *, report: Report) -> Situation:
    """Return what is known of a model by now.

    Parameters
    ----------
    bundle
        The model, which has to be here.
    rows
        That it met.
    rooms
        Of its workspace.
    report
        Told why nobody can teach it.

    Raises
    ------
    BundleError
        When the model itself is not here.
    """
    require_model(bundle)
    standing = Situation(
        bundle=bundle,
        rows=rows,
        judge=Judge.of(bundle, rooms.brief.costs),
        school=_school(rooms, bundle, report),
        earlier=tuple(_earlier(rooms.workspace, bundle)),
        before=_before(rooms, bundle, rows),
    )
    return situation_of(standing, rows)


def _school(rooms: Rooms, bundle: Bundle, report: Report) -> Schoolroom | None:
    try:
        return _open_school(rooms, bundle)
    except ModelwrightError as error:
        report("maintain", f"The model cannot learn again here: {error}")
        return None


def _open_school(rooms: Rooms, bundle: Bundle) -> Schoolroom | None:
    workspace = rooms.workspace
    if not (has_document(Candidate, workspace) and has_document(Findings, workspace)):
        return None
    members = members_of(read_document(Candidate, workspace), limit_s=_LESSON_S)
    if not members:
        return None
    findings = read_document(Findings, workspace)
    frame = answered(rooms.training_rows(findings), findings)
    training = learning_rows(frame, findings)
    if {*bundle.schema.names} != {*training.schema.names}:
        return None
    return Schoolroom(training, members, bundle.program, bundle.facts.seed)


def _before(rooms: Rooms, bundle: Bundle, rows: LiveRows) -> LiveRows | None:
    """Return labelled rows that other champions answered since the build, and before these rows.

    What the build learned from cannot be among them, nor can what comes after a row that is judged.
    """
    workspace, history = rooms.workspace, Aliases.read(rooms.workspace).history
    built = _built_at(workspace)
    if rows.arrived is None or not len(rows) or built is None:
        return None
    named = [(each.bundle, each.at) for each in history if each.alias == "champion" and each.bundle]
    # Whoever was champion before the build may have been asked something else, in other columns.
    strangers = {digest for digest, at in named if at < built}
    others = {digest for digest, _ in named} - strangers - {bundle.hash}
    if not others:
        return None
    first = datetime.fromtimestamp(int(rows.arrived.min()) / 1e6, UTC)
    with Ledger.open(ledger_of(workspace.path)) as ledger:
        found = read_labelled_rows(
            ledger, bundle, until=first, limit=_MOST_BEFORE, versions=sorted(others)
        )
    assert found.arrived is not None
    return labelled_part(rows_at(found, np.flatnonzero(found.arrived >= microseconds(built))))


def _built_at(workspace: Workspace) -> datetime | None:
    """Return when the candidate was built; None where nothing tells."""
    if not has_document(Candidate, workspace):
        return None
    folder = workspace.path / read_document(Candidate, workspace).program_path
    try:
        made_at = read_bundle(folder).facts.made_at
    except ModelwrightError:
        # Folders are not kept in git: without it nothing says what was learned from.
        return None
    return datetime.fromisoformat(made_at) if made_at else None


def _earlier(workspace: Workspace, bundle: Bundle) -> Iterator[Bundle]:
    """Yield the champions before, the youngest first."""
    history = Aliases.read(workspace).history
    hashes = (change.bundle for change in reversed(history) if change.alias == "champion")
    for digest in dict.fromkeys(hashes):
        if digest and digest != bundle.hash:
            try:
                yield read_bundle(find_folder(workspace, digest))
            except ModelwrightError:
                # One that was cleared away is no way back.
                continue
