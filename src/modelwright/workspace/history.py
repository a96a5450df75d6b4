"""What past runs took, of all workspaces of this person: a line of JSON each.

The file is `MODELWRIGHT_HISTORY`, else `modelwright/runs.jsonl` below `XDG_STATE_HOME`, else below
`~/.local/state`. It holds sizes and times, no data and no names. `MODELWRIGHT_HISTORY=off` keeps
none.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

_MOST_READ = 2_000
_OFF = "off"


class PastRun(msgspec.Struct, frozen=True, kw_only=True):
    """What one whole run worked on, and what it took.

    Parameters
    ----------
    rows, features, outputs
        Training rows, columns that the model reads, and numbers that it answers.
    budget_s, seconds
        The time given, and taken until the candidate was judged.
    memory_bytes
        The most that the process held.
    size_bytes
        Of the program on disk.
    """

    rows: int
    features: int
    outputs: int
    budget_s: float
    seconds: float
    memory_bytes: int
    size_bytes: int


def history_path(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return where the history is; None where none is kept.

    Examples
    --------
    >>> history_path({"MODELWRIGHT_HISTORY": "off"})
    >>> str(history_path({"XDG_STATE_HOME": "/state"}))
    '/state/modelwright/runs.jsonl'
    """
    named = environment.get("MODELWRIGHT_HISTORY", "")
    if named == _OFF:
        return None
    if named:
        return Path(named)
    state = environment.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser()
    return Path(state) / "modelwright" / "runs.jsonl"


def read_history(path: Path | None) -> tuple[PastRun, ...]:
    """Return the past runs, the latest 2,000 of them; lines that cannot be read are left out."""
    if path is None:
        return ()
    try:
        lines = path.read_bytes().splitlines()[-_MOST_READ:]
    except OSError:  # there is none yet, or it cannot be read: a forecast can do without
        return ()
    runs = []
    for line in lines:
        with suppress(msgspec.DecodeError):
            runs.append(msgspec.json.decode(line, type=PastRun))
    return tuple(runs)


def remember_run(path: Path | None, run: PastRun) -> None:
    """Write a run at the end of the history; a history that cannot be written is done without."""
    if path is None:
        return
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        # One write of one line: other processes may write there too.
        with path.open("ab", buffering=0) as file:
            file.write(msgspec.json.encode(run) + b"\n")
