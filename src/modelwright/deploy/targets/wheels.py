"""The libraries that the runtime imports, as wheels: fetched by pip, held to the pinned hashes."""

import os
import tempfile
from pathlib import Path

from modelwright.compute.process import run_isolated
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.facts import PYTHON
from modelwright.deploy.targets.libraries import LOCK, lock_of
from modelwright.errors import InputError

WHEELS = "wheels"
FOLDER_VARIABLE = "MODELWRIGHT_WHEELS"
"""Environment variable: a folder to take wheels from instead of the network."""

_TIMEOUT_S = 600.0
_PLATFORMS = tuple(f"manylinux{each}_x86_64" for each in ("_2_28", "_2_27", "_2_17", "2014"))


def wheels(delivery: Delivery) -> dict[str, bytes]:
    """Return the wheels of the pinned libraries, for 64-bit Linux and the Python of the images.

    Raises
    ------
    InputError
        When they cannot be fetched.
    """
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as place:
        lock = Path(scratch) / LOCK
        lock.write_bytes(lock_of(delivery.bundle))
        command = ["-m", "pip", *_download(lock, into=Path(place))]
        fetched = run_isolated(command, timeout_s=_TIMEOUT_S)
        if fetched.exit_code:
            said = fetched.stderr.strip().splitlines() or ["pip said nothing"]
            raise InputError(
                f"The libraries for {WHEELS}/ could not be fetched: {said[-1]}",
                f"Reach a package index, or name a folder that has them in {FOLDER_VARIABLE}.",
            )
        return {
            f"{WHEELS}/{path.name}": path.read_bytes() for path in sorted(Path(place).iterdir())
        }


def _download(lock: Path, *, into: Path) -> list[str]:
    command = ["download", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    command += ["--only-binary", ":all:", "--no-deps", "--python-version", PYTHON]
    command += [part for platform in _PLATFORMS for part in ("--platform", platform)]
    command += ["--dest", str(into), "--requirement", str(lock)]
    given = os.environ.get(FOLDER_VARIABLE)
    return [*command, "--no-index", "--find-links", given] if given else command
