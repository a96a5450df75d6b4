"""The libraries that the runtime imports, as wheels: fetched by pip, held to the pinned hashes."""

import os
import tempfile
from importlib.resources import files
from pathlib import Path

from modelwright.compute.process import run_isolated
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.facts import PYTHON
from modelwright.errors import InputError

WHEELS = "wheels"
FOLDER_VARIABLE = "MODELWRIGHT_WHEELS"
"""Environment variable: a folder to take wheels from instead of the network."""

_TIMEOUT_S = 600.0
_PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")


def wheels(_: Delivery) -> dict[str, bytes]:
    """Return the wheels of the pinned libraries, for 64-bit Linux and the Python of the images.

    Raises
    ------
    InputError
        When they cannot be fetched.
    """
    with tempfile.TemporaryDirectory() as place:
        fetched = run_isolated(["-m", "pip", *_download(Path(place))], timeout_s=_TIMEOUT_S)
        if fetched.exit_code:
            said = fetched.stderr.strip().splitlines() or ["pip said nothing"]
            raise InputError(
                f"The libraries for {WHEELS}/ could not be fetched: {said[-1]}",
                f"Reach a package index, or name a folder that has them in {FOLDER_VARIABLE}.",
            )
        return {
            f"{WHEELS}/{path.name}": path.read_bytes() for path in sorted(Path(place).iterdir())
        }


def _download(place: Path) -> list[str]:
    pinned = files("modelwright.deploy.targets") / "templates/shared/requirements.txt"
    command = ["download", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    command += ["--only-binary", ":all:", "--no-deps", "--python-version", PYTHON]
    command += [part for platform in _PLATFORMS for part in ("--platform", platform)]
    command += ["--dest", str(place), "--requirement", str(pinned)]
    given = os.environ.get(FOLDER_VARIABLE)
    return [*command, "--no-index", "--find-links", given] if given else command
