"""The tracking server of a workspace follows what is decided there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING

from modelwright.compute.process import run_isolated
from modelwright.engineer.care.alarms import Alarms
from modelwright.engineer.question.address import refuse_secret
from modelwright.engineer.question.brief_file import has_brief, read_brief
from modelwright.errors import BriefError, ModelwrightError
from modelwright.workspace.folder import Workspace

if TYPE_CHECKING:
    from modelwright.engineer.tracking.track import Tracked

_ASIDE_S = 600.0
_JUDGEMENTS = 200
"""So many past judgements are written at most; there may be one an hour."""


@dataclass(frozen=True)
class Where:
    """Where it is written, and what it is called there.

    Parameters
    ----------
    to
        The address of the server.
    experiment, model
        Names; the workspace's when empty.
    """

    to: str
    experiment: str = ""
    model: str = ""


def track(workspace: Workspace, where: Where, report: Callable[[str], None]) -> "Tracked":
    """Write to a tracking server what it lacks of a workspace.

    Parameters
    ----------
    workspace
        Its lock is not needed.
    where
        What is empty is taken from ``[tracking]`` in the brief.
    report
        Told what is written, a sentence at a time.

    Raises
    ------
    BriefError
        When neither says where, or the address holds a password.
    MissingDependencyError
        When MLflow is not installed.
    ServiceError
        When the server cannot be reached, or refuses something.
    """
    from modelwright.engineer.tracking.mlflow import connect
    from modelwright.engineer.tracking.track import Tracking

    known = read_brief(workspace).tracking if has_brief(workspace) else None
    to = where.to or (known.to if known else "")
    if not to:
        raise BriefError(
            "Nobody said which tracking server is meant.",
            'Give --to URL, or write `to = "URL"` below [tracking] in modelwright.toml.',
        )
    refuse_secret(to)
    named = workspace.path.absolute().name
    server = connect(
        to,
        experiment=where.experiment or (known.experiment if known else "") or named,
        model=where.model or (known.model if known else "") or named,
    )
    judgements = Alarms(workspace, lambda: datetime.now(UTC)).health(last=_JUDGEMENTS)
    return Tracking(workspace, server, report).track(judgements)


def follow(workspace: Workspace, report: Callable[[str], None]) -> None:
    """Write what changed, where the brief names a server; what it does not take waits.

    Parameters
    ----------
    workspace
        Something was decided in it, which stands whatever the server says.
    report
        Told what is written, or why it is not.
    """
    if not _is_followed(workspace):
        return
    try:
        track(workspace, Where(""), report)
    except ModelwrightError as error:
        report(f"Not written yet: {error}")


def follow_aside(workspace: Workspace) -> None:
    """Do the same in a process of its own: whoever serves does not wait for it."""
    if _is_followed(workspace):
        command = ["-m", "modelwright", "track", "--quiet", "--workspace", str(workspace.path)]
        Thread(
            target=run_isolated, args=(command,), kwargs={"timeout_s": _ASIDE_S}, daemon=True
        ).start()


def _is_followed(workspace: Workspace) -> bool:
    return has_brief(workspace) and bool(read_brief(workspace).tracking.to)
