"""Champion and challenger of a workspace, as its server logged them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from modelwright.engineer.rollout.contest import contest_in
from modelwright.errors import ModelwrightError, WorkspaceError
from modelwright.maintain.contest.contest import Contest
from modelwright.report.dashboard.contest import Side, SideBySide
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.address import is_database, ledger_of
from modelwright.workspace.ledger.ledger import Ledger, microseconds

_SHARES_OF = timedelta(days=1)

Answered = Mapping[tuple[str, str], int]


def compare_sides(workspace: Workspace, *, now: datetime) -> SideBySide:
    """Return who answered how much of the last day, and who does better so far.

    Parameters
    ----------
    workspace
        Nothing is changed in it.
    now
        The present moment.
    """
    stand = Aliases.read(workspace)
    champion, challenge = stand.bundle("champion"), stand.challenge
    if champion is None:
        return SideBySide(sides=(), sentence="No bundle answers: nothing was released yet.")
    answered = _answered(workspace, now - _SHARES_OF)
    sides = [_side("champion", champion, answered)]
    if challenge is None or not challenge.bundle:
        return SideBySide(sides=sides, sentence="There is no challenger.")
    sides.append(_side("challenger", challenge.bundle, answered))
    try:
        contest = contest_in(workspace)
    except ModelwrightError as error:
        # A bundle may be gone, or the ledger of another machine: who answers is still told.
        return SideBySide(sides=sides, sentence=str(error))
    return _compared(sides, contest)


def _compared(sides: Sequence[Side], contest: Contest) -> SideBySide:
    champion, challenger = sides
    return SideBySide(
        sides=(
            replace(champion, loss=contest.champion_loss, row_s=contest.champion_s),
            replace(challenger, loss=contest.challenger_loss, row_s=contest.challenger_s),
        ),
        verdict=contest.verdict,
        sentence=contest.sentence,
        loss=contest.loss,
        answered=contest.answered,
        labelled=contest.labelled,
        refused=contest.refused,
        looks=tuple((look.rows, look.gain) for look in contest.looks),
    )


def _side(alias: str, bundle: str, answered: Answered) -> Side:
    clients = sum(answered.get((bundle, role), 0) for role in ("champion", "canary"))
    in_shadow = answered.get((bundle, "shadow"), 0)
    return Side(alias=alias, bundle=bundle, answered=clients, in_shadow=in_shadow)


def _answered(workspace: Workspace, since: datetime) -> Answered:
    address = ledger_of(workspace.path)
    if not is_database(address) and not Path(address).is_file():
        return {}
    with suppress(WorkspaceError), Ledger.open(address) as ledger:
        return ledger.answered(microseconds(since))
    return {}
