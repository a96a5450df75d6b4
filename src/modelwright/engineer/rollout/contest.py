"""Champion and challenger of a workspace, compared on what its server logged."""

from datetime import UTC
from itertools import pairwise

from modelwright.engineer.question.brief_file import read_brief
from modelwright.errors import WorkspaceError
from modelwright.maintain.contest.contest import Contest, judge_contest
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.tasks.function_name import FunctionName
from modelwright.tasks.metrics import metric_named
from modelwright.tasks.row_losses import row_loss
from modelwright.workspace.aliases import Aliases, Change
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger, microseconds
from modelwright.workspace.trial import Trial

_TAKEN_US = 5_000_000
"""After so long, every worker has taken a canary, and rows are shared out as was said."""


def contest_in(workspace: Workspace) -> Contest:
    """Compare champion and challenger.

    Raises
    ------
    WorkspaceError
        When there is no challenger.
    """
    stand = Aliases.read(workspace)
    change, digest = stand.challenge, stand.bundle("champion")
    if change is None or change.bundle is None or change.trial is None or digest is None:
        raise WorkspaceError(
            f"There is no challenger to compare with.{_last_one(stand)}",
            "Name one: modelwright challenge BUNDLE --shadow",
        )
    brief = read_brief(workspace)
    champion = read_bundle(find_folder(workspace, digest))
    challenger = read_bundle(find_folder(workspace, change.bundle))
    task, named = champion.program.task, champion.facts.metric
    # A function of a person's own judges all rows at once, and says nothing about one.
    own = FunctionName.parse(named) is not None
    metric = metric_named(_USUAL[task.kind] if own else named, task)
    since = _since(change, change.trial)
    with Ledger.open(ledger_of(workspace.path)) as ledger:
        return judge_contest(
            champion,
            challenger,
            ledger.read_answered(champion.hash, challenger.hash, since=since),
            trial=change.trial,
            loss=row_loss(metric, task, costs=brief.costs),
            error_rate=brief.rollout.error_rate,
            worth=brief.rollout.worth,
        )


def _last_one(stand: Aliases) -> str:
    """Say who was on trial last, and how that ended."""
    challenges = [each for each in stand.history if each.alias == "challenger"]
    ends = [(tried, end) for tried, end in pairwise(challenges) if tried.bundle and not end.bundle]
    if not ends or challenges[-1].bundle is not None:
        return ""
    tried, end = ends[-1]
    when, by = f"{end.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC", f", {end.who}" if end.who else ""
    why = f": {end.why}" if end.why else ""
    return f" The trial of {(tried.bundle or '')[:12]} ended at {when}{by}{why}."


_USUAL = {"binary": "brier", "multiclass": "log_loss", "regression": "mae"}


def _since(change: Change, trial: Trial) -> int:
    if trial.role == "shadow":
        return trial.since
    return max(trial.since, microseconds(change.at) + _TAKEN_US)
