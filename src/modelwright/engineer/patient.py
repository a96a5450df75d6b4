"""The model that is looked at: its rows, who can teach it, and the releases before."""

from collections.abc import Iterator

from modelwright.build.rows import answered, learning_rows
from modelwright.documents import Candidate, Findings, has_document, read_document
from modelwright.engineer.archive import Report
from modelwright.engineer.rooms import Rooms
from modelwright.engineer.school import Schoolroom, members_of
from modelwright.errors import ModelwrightError
from modelwright.maintain.live_rows import LiveRows
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.proposals import situation_of
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle, require_model
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.folder import Workspace

_LESSON_S = 3.0
"""Of each lesson in a test, by what the members took in the build."""


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
