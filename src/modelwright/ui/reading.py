"""A workspace as it stands, for the pages."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from modelwright.documents import Health
from modelwright.engineer.care.alarms import Alarms
from modelwright.engineer.progress import PROGRESS
from modelwright.errors import WorkspaceError
from modelwright.report.dashboard.standing import Standing
from modelwright.report.dashboard.work import Line, Work
from modelwright.report.dossier import Dossier
from modelwright.workspace.alarm import Alarm
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.folder import Workspace
from modelwright.workspace.journal import JOURNAL, Journal, Run
from modelwright.workspace.logbook import LOGBOOK

_LINES, _JUDGEMENTS = 40, 200


def read_standing(name: str, workspace: Workspace, *, now: datetime) -> Standing:
    """Return what a workspace holds; what cannot be read is told, and the rest is there.

    Parameters
    ----------
    name
        Of the project.
    workspace
        Nothing is written into it.
    now
        The present moment.
    """
    faults: list[str] = []
    dossier, aliases = Dossier(), Aliases()
    try:
        dossier = Dossier.read_any(workspace)
    except WorkspaceError as error:
        faults.append(str(error))
    try:
        aliases = Aliases.read(workspace)
    except WorkspaceError as error:
        faults.append(str(error))
    runs, work = _work(workspace, dossier, now)
    alarms, judgements = _watched(workspace, now)
    return Standing(
        name=name,
        dossier=dossier,
        aliases=aliases,
        runs=runs,
        work=work,
        alarms=alarms,
        # Those of an older modelwright left only the last one.
        judgements=judgements or (() if dossier.health is None else (dossier.health,)),
        fault=" ".join(faults),
    )


def _watched(workspace: Workspace, now: datetime) -> tuple[Sequence[Alarm], Sequence[Health]]:
    if not (workspace.path / LOGBOOK).is_file():
        return (), ()
    alarms = Alarms(workspace, lambda: now)
    with suppress(WorkspaceError):
        return alarms.all(closed=True), alarms.health(last=_JUDGEMENTS)
    return (), ()


def _work(
    workspace: Workspace, dossier: Dossier, now: datetime
) -> tuple[Sequence[Run], Work | None]:
    path = workspace.path / JOURNAL
    if not path.is_file():
        return (), None
    # A journal that is damaged is no reason to show nothing.
    with suppress(WorkspaceError), Journal.open(path) as journal:
        runs = journal.runs()
        if runs and _is_at_work(runs[-1], workspace):
            return runs, _work_of(runs[-1], journal, dossier, now)
        return runs, None
    return (), None


def _is_at_work(run: Run, workspace: Workspace) -> bool:
    """Whether the process of a run that has not ended is there and holds the workspace."""
    holder = workspace.holder
    if run.ended is not None or holder is None or holder.pid != run.pid:
        return False
    if sys.platform == "win32":  # where that would end it
        return True
    try:
        os.kill(run.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def _work_of(run: Run, journal: Journal, dossier: Dossier, now: datetime) -> Work:
    told = [
        Line(at=each.at, room=each.facts["room"], sentence=each.facts["sentence"])
        for each in journal.events(PROGRESS)
        if each.at >= run.started
    ]
    # The plan at hand may be that of the question before, until this run has looked at it.
    plan = dossier.plan
    is_new = any(line.room in ("explore", "build", "deploy") for line in told)
    return Work(
        command=run.command,
        started=run.started,
        now=now,
        lines=told[-_LINES:],
        foreseen_s=plan.foreseen.seconds if plan and plan.foreseen and is_new else None,
        budget_s=plan.budget_s if plan and is_new else 0.0,
    )
