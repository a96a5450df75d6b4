"""The disk: whether the workspace and its ledger have room to grow."""

import shutil
from pathlib import Path

from modelwright.engineer.checkup.base import Finding, Scene, ill, well
from modelwright.report.words import size
from modelwright.workspace.ledger.address import is_database, spool_folder
from modelwright.workspace.ledger.ledger import Ledger, microseconds

_LEAST_BYTES = 1_000_000_000
_LEAST_DAYS = 30
_DAY = 86_400_000_000


def check_disk(scene: Scene) -> Finding:
    """Check that a gigabyte is free, and that the ledger does not fill it within a month."""
    file = _file(scene)
    folders = (scene.workspace.path, *([] if file is None else [file.parent]))
    free = min(shutil.disk_usage(folder).free for folder in folders)
    taken = 0 if file is None else _bytes(file)
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


def _file(scene: Scene) -> Path | None:
    """Return the ledger where it is a file, which may lie on a disk of its own."""
    ledger = scene.ledger
    return None if ledger is None or is_database(ledger) else Path(ledger).resolve()


def _bytes(file: Path) -> int:
    """Return what a ledger takes, with its log and what waits in its spool."""
    spool = spool_folder(file)
    beside = (*file.parent.glob(f"{file.name}*"), *spool.glob("*"))
    return sum(each.stat().st_size for each in beside if each.is_file())


def _growth(scene: Scene, taken: int) -> float:
    """Return the bytes that the ledger grows by in a day, since its first row."""
    if scene.ledger is None:
        return 0.0
    with Ledger.open(scene.ledger) as ledger:
        first = next(iter(ledger.read_window(limit=1)), None)
    if first is None:
        return 0.0
    return taken / max(1.0, (microseconds(scene.now) - first.at) / _DAY)
