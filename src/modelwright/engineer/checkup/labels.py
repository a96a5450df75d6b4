"""The labels: whether the truth still arrives."""

from datetime import timedelta

from modelwright.engineer.checkup.base import Finding, Scene, ill, unchecked, well
from modelwright.workspace.ledger.ledger import Ledger, microseconds

_SPAN = timedelta(days=30)
_MOST = 10_000


def check_labels(scene: Scene) -> Finding:
    """Check that some rows of the last month have a label."""
    if scene.ledger is None:
        return unchecked("no server has logged a row", "Run: modelwright serve")
    since = microseconds(scene.now - _SPAN)
    with Ledger.open(scene.ledger) as ledger:
        labels = [row.label is not None for row in ledger.read_window(since, limit=_MOST)]
    if not labels:
        return unchecked(f"no row of the last {_SPAN.days} days", "Ask the server something")
    known = sum(labels)
    told = f"{known:,} of {len(labels):,} rows of the last {_SPAN.days} days have a label"
    if not known:
        return ill(told, "Join what is known: modelwright label; without labels no score is known")
    return well(told)
