"""The disk: whether the workspace and its ledger have room to grow."""

import shutil

from modelwright.engineer.checkup.base import Finding, Scene, ill, well
from modelwright.report.words import size
from modelwright.workspace.ledger import Ledger, microseconds

_LEAST_BYTES = 1_000_000_000
_LEAST_DAYS = 30
_DAY = 86_400_000_000


def check_disk(scene: Scene) -> Finding:
    """Check that a gigabyte is free, and that the ledger does not fill it within a month."""
    free = shutil.disk_usage(scene.workspace.path).free
    taken = sum(each.stat().st_size for each in scene.workspace.path.glob("ledger.db*"))
    told = f"{size(free)} free, the ledger takes {size(taken)}"
    if free < _LEAST_BYTES:
        return ill(told, "Free some space, or move the workspace to a larger disk")
    daily = _growth(scene, taken)
    if daily:
        told += f" and grows by {size(int(daily))} a day"
        if free / daily < _LEAST_DAYS:
            days = int(free / daily)
            return ill(f"{told}: the disk is full in {days} days", "Free some space, or log less")
    return well(told)


def _growth(scene: Scene, taken: int) -> float:
    """Return the bytes that the ledger grows by in a day, since its first row."""
    if scene.ledger is None:
        return 0.0
    with Ledger.open(scene.ledger) as ledger:
        first = next(iter(ledger.read_window(limit=1)), None)
    if first is None:
        return 0.0
    return taken / max(1.0, (microseconds(scene.now) - first.at) / _DAY)
