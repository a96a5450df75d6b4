"""Who answers how much, from the ledger of a workspace."""

from datetime import UTC, datetime, timedelta

from modelwright.ui.comparing import compare_sides
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.ledger.ledger import Ledger, Prediction, microseconds
from modelwright.workspace.trial import Trial

NOW = datetime.fromtimestamp(1_770_000_000.0, UTC)


def test_the_shares_are_those_of_the_last_day(workspace, make_release):
    first, second = make_release("first"), make_release("second")
    aliases = Aliases.read(workspace).roll_back("champion", at=NOW)
    trial = Trial(role="canary", share=0.25)
    aliases.assign("challenger", second, at=NOW, trial=trial).write(workspace)
    with Ledger.open(workspace.path / "ledger.db") as ledger:
        ledger.append([_answer(n, first, "champion", hours=1) for n in range(3)])
        ledger.append([_answer(3, second, "canary", hours=1)])
        ledger.append([_answer(n, first, "champion", hours=30) for n in range(4, 9)])
    sides = compare_sides(workspace, now=NOW)
    assert sides.shares == (0.75, 0.25)
    assert sides.verdict is None
    assert sides.sentence


def test_without_a_ledger_or_a_release_there_is_nothing_to_tell(workspace, make_release):
    assert compare_sides(workspace, now=NOW).sides == ()
    make_release()
    sides = compare_sides(workspace, now=NOW)
    assert (sides.shares, sides.sentence) == ((), "There is no challenger.")
    assert not (workspace.path / "ledger.db").exists()


def _answer(number: int, version: str, role: str, *, hours: float) -> Prediction:
    return Prediction(
        id=f"row-{number}",
        at=microseconds(NOW - timedelta(hours=hours)),
        version=version,
        inputs=b"{}",
        output=b"{}",
        latency_s=0.001,
        role=role,
    )
