"""The rows: whether the model is asked at all."""

from datetime import timedelta

from modelwright.engineer.checkup.base import Finding, Scene, ill, unchecked, well
from modelwright.workspace.ledger.ledger import Ledger, microseconds

_SILENCE = timedelta(days=2)


def check_rows(scene: Scene) -> Finding:
    """Check that the server answered something in the last two days."""
    if scene.ledger is None:
        return unchecked("no server has logged a row", "Run: modelwright serve")
    with Ledger.open(scene.ledger) as ledger:
        count = ledger.count()
        since = microseconds(scene.now - _SILENCE)
        recent = next(iter(ledger.read_window(since, limit=1)), None)
    if not count:
        return unchecked("the ledger holds no row", "Ask the server something")
    if recent is None:
        return ill(
            f"{count:,} rows are logged, none in the last {_SILENCE.days} days",
            "See whether the server runs, and whether its clients still ask it",
        )
    return well(f"{count:,} rows are logged, the last ones within {_SILENCE.days} days")
