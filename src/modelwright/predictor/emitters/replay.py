"""Builds what an emitter wrote and lets its own test program compare rows."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import msgspec

from modelwright.errors import ServiceError
from modelwright.predictor.emitters.base import Emitter, Tools

_TIME_S = 600.0
_SHOWN = 400
ROWS = "compared.rows"


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What a test program found.

    Parameters
    ----------
    rows
        Compared.
    differ
        Rows whose class is another.
    largest
        Difference between two values, relative above 1 and absolute below; a text where it is
        infinite.
    """

    rows: int
    differ: int
    largest: float | str


def absent(tools: Tools) -> list[str]:
    """Return what is needed to build and replay a form and is not here, as phrases."""
    programs = [name for name in tools.needs if shutil.which(name) is None]
    modules = [f"the Python module {name}" for name in tools.modules if find_spec(name) is None]
    unset = [name for name in tools.settings if not os.environ.get(name)]
    return programs + modules + [f"the environment variable {name}" for name in unset]


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write what an emitter returned into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def replay(emitter: Emitter, folder: Path, rows: bytes) -> Replayed:
    """Build a form and let its test program compare rows.

    Parameters
    ----------
    emitter
        Whose files are in the folder.
    folder
        Where; what is built stays there.
    rows
        A file of rows, as `rows_file` makes it.

    Raises
    ------
    ServiceError
        When a command fails or says something else than is agreed.
    """
    for command in emitter.tools.build:
        run_command(command, folder)
    path = folder / ROWS
    path.write_bytes(rows)
    said = run_command([*emitter.tools.replay, ROWS], folder, allowed=(0, 1))
    path.unlink()
    try:
        return msgspec.json.decode(said.strip().splitlines()[-1], type=Replayed)
    except (IndexError, msgspec.DecodeError) as error:
        program = emitter.tools.replay[0]
        raise ServiceError(
            f"{program} was to say how many rows differ; it said {said[-_SHOWN:]!r}."
        ) from error


def run_command(command: Sequence[str], folder: Path, *, allowed: Sequence[int] = (0,)) -> str:
    """Run a command in a folder and return what it wrote; ``python`` is this Python.

    Parameters
    ----------
    command
        The program and its arguments.
    folder
        Where it runs.
    allowed
        With what it may leave.

    Raises
    ------
    ServiceError
        When it cannot be run, takes longer than ten minutes, or exits with something else.
    """
    program = sys.executable if command[0] == "python" else command[0]
    try:
        done = subprocess.run(
            [program, *command[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_TIME_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServiceError(f"{' '.join(command)} in {folder} did not run: {error}.") from error
    if done.returncode not in allowed:
        raise ServiceError(
            f"{' '.join(command)} in {folder} failed with {done.returncode}: "
            f"{(done.stderr or done.stdout)[-_SHOWN:]}"
        )
    return done.stdout
