"""What may be done about a model beside another program: rows set aside, features supplied."""

from collections.abc import Iterator

import msgspec

from modelwright.documents import Findings, Proposal, has_document, read_document
from modelwright.maintain.health import FALSE_ALARM_RATE
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.quarantine import propose_quarantine
from modelwright.workspace.folder import Workspace

_MOST_REQUESTS = 2


def rows_aside(situation: Situation, workspace: Workspace) -> Iterator[Proposal]:
    """Yield that bad rows be set aside; those of a table are listed by another command."""
    found = propose_quarantine(situation, false_alarm_rate=FALSE_ALARM_RATE)
    if found is not None:
        command = (
            "modelwright ledger quarantine --broken"
            if situation.rows.ids
            else "modelwright check DATA --failing-rows broken.csv"
        )
        place = f" --workspace {workspace.path}"
        yield msgspec.structs.replace(found, command=command + place)


def features_wanted(workspace: Workspace) -> Iterator[Proposal]:
    """Yield features that the data could have, with what they gained in training."""
    if not has_document(Findings, workspace):
        return
    wanted = [each for each in read_document(Findings, workspace).requests if not each.kept]
    for each in wanted[:_MOST_REQUESTS]:
        if each.gain is not None and each.gain.value > 0:
            yield Proposal(
                remedy="add feature",
                option=each.name,
                sentence=f"Supply {', '.join(each.meaning)}. {each.reason}",
                gain=each.gain,
                command=f"modelwright features --workspace {workspace.path}",
            )
