"""A drill on disk: windows as Parquet files, and what a contestant may know of them.

It is read in the environments of the peers too, so it needs the standard library only.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

TARGET = "__target__"
"""The column of what came true: 0 or 1, or a number; missing while it is not known."""
PREDICTION = "__prediction__"
"""The column of what the model answered: 0 or 1, or a number."""
CHANCE = "__chance__"
"""The column of the probability of 1; a regression has none."""

_DRILL = "drill.json"


@dataclass(frozen=True, kw_only=True)
class Drill:
    """What a contestant is told.

    Parameters
    ----------
    folder
        Holds ``untouched/NUMBER.parquet`` and ``faults/NUMBER.parquet``.
    bundle
        The model's folder, for who can read it.
    task
        ``"binary"`` or ``"regression"``.
    numbers, categories
        Features that the model reads. Those that hold moments are left out.
    windows
        Untouched windows, in the order of time.
    reference
        How many of them come before the first that is judged.
    cases
        For each faulty window how many untouched windows come before it.
    """

    folder: str
    bundle: str
    task: Literal["binary", "regression"]
    numbers: list[str]
    categories: list[str]
    windows: int
    reference: int
    cases: list[int]

    def untouched(self, number: int) -> Path:
        """Return the file of an untouched window."""
        return Path(self.folder) / "untouched" / f"{number:04d}.parquet"

    def faulty(self, number: int) -> Path:
        """Return the file of a faulty window."""
        return Path(self.folder) / "faults" / f"{number:04d}.parquet"


def write_drill(drill: Drill) -> None:
    """Write what contestants are told."""
    path = Path(drill.folder) / _DRILL
    path.write_text(json.dumps(asdict(drill), indent=1), encoding="utf-8")


def read_drill(folder: Path) -> Drill:
    """Read what `write_drill` wrote."""
    return Drill(**json.loads((folder / _DRILL).read_text(encoding="utf-8")))


def is_laid_out(folder: Path) -> bool:
    """Say whether a drill was written to its end."""
    return (folder / _DRILL).exists()
