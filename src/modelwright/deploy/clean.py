"""Whether a bundle answers in an environment that holds nothing but its pinned libraries."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.local import TARGET
from modelwright.documents import Gate

_NAME = "it answers in a clean environment made from the lock file"
_TIMEOUT_S = 600.0
_SHOWN_CHARACTERS = 400


def answers_when_installed(folder: Path) -> Gate:
    """Write the bundle as a client gets it, install it there, and compare every recorded answer.

    It fetches the libraries, so it takes some seconds and a package index.

    Parameters
    ----------
    folder
        Of the bundle.
    """
    with tempfile.TemporaryDirectory() as place:
        taken = Path(place, "taken")
        TARGET.write(Delivery.of(folder), taken)
        try:
            done = subprocess.run(
                [taken / "ctl", "install"],
                env={**os.environ, "BASE_PYTHON": sys.executable},
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_TIMEOUT_S,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return Gate(name=_NAME, passed=False, evidence=f"not done after {_TIMEOUT_S:g} s")
    told = done.stderr if done.returncode else done.stdout
    said = " ".join(told.split())[-_SHOWN_CHARACTERS:]
    return Gate(name=_NAME, passed=done.returncode == 0, evidence=said)
