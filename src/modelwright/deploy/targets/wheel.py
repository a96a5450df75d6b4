"""The target ``wheel``: the model as a package for pip, which needs NumPy only."""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

from modelwright.compute.process import run_isolated
from modelwright.deploy.targets.base import Delivery, Validation
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.forms import FORMS
from modelwright.deploy.targets.validators import not_checked, verdict
from modelwright.errors import ServiceError
from modelwright.predictor.emitters.python import PYTHON
from modelwright.predictor.emitters.replay import write_files

_DIST = "dist"
_SAME = "pip installs the wheel, and it replays the recorded rows"
_TIMEOUT_S = 120.0
_MODULE = FORMS[PYTHON.name]


def _wheel(delivery: Delivery) -> dict[str, bytes]:
    """Return the wheel that the module's own `make_wheel.py` makes."""
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        write_files(PYTHON.emit(delivery.bundle), here)
        made = run_isolated([str(here / "make_wheel.py")], timeout_s=_TIMEOUT_S)
        if made.exit_code:
            raise ServiceError("make_wheel.py made no wheel.", made.stderr[-800:])
        return {f"{_DIST}/{path.name}": path.read_bytes() for path in (here / _DIST).iterdir()}


def _installs(folder: Path) -> Validation:
    """The wheel is installed by pip beside nothing else, and replays the recorded rows there."""
    wheels = sorted((folder / _DIST).glob("*.whl"))
    if find_spec("pip") is None:
        return not_checked(_SAME, "pip", "pip")
    faults = [] if len(wheels) == 1 else [f"{len(wheels)} wheels lie in {_DIST}/"]
    return verdict(_SAME, faults or _faults_of(wheels[0], folder), _DIST)


def _faults_of(wheel: Path, folder: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
        pip = ["-m", "pip", "install", *options, "--target", str(place), str(wheel)]
        done = run_isolated(pip, timeout_s=_TIMEOUT_S)
        if not done.exit_code:
            # Beside the module that was installed, and not beside the one in the folder.
            (place / "replay.py").write_bytes((folder / "replay.py").read_bytes())
            replay = [str(place / "replay.py"), str(folder.absolute() / "cases.rows")]
            beside = {**os.environ, "PYTHONPATH": str(place)}
            done = run_isolated(replay, timeout_s=_TIMEOUT_S, env=beside)
    said = (done.stderr or done.stdout).strip().splitlines() or ["nothing was said"]
    return [said[-1]] if done.exit_code else []


TARGET = FolderTarget(
    name="wheel",
    sentence="A package for pip that answers with NumPy only, compared row by row.",
    parts=(*_MODULE.parts, _wheel),
    validators=(*_MODULE.validators, _installs),
)
