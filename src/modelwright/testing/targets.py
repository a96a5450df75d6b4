"""The contract of targets of `deploy`."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from modelwright.deploy.targets.base import Delivery, Target
from modelwright.errors import InputError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.testing.examples import example_bundle
from modelwright.workspace.artifacts import fingerprint

_CANARY = "canary-of-a-secret-5b1f"
_BINARY = (".whl", "modelwright_kernel.so", "cases.rows", "model.onnx")
_SHORTEST_WORD = 4


def check_target(target: Target, bundle: Bundle | None = None) -> None:
    """Check that a target of `deploy` keeps its contract.

    It must write a folder with a README.md that says how to run it and names the bundle's hash, the
    bundle unchanged in `bundle/`, text only beside it, the same bytes for the same input, and
    nothing of this machine or its secrets. It must leave a folder with something else alone. Its
    validators must find no fault, and say what to install where they did not check.

    Parameters
    ----------
    target
        The target to check.
    bundle
        What it writes; None for one that reads every kind of column, free texts included.

    Raises
    ------
    AssertionError
        With what is broken.

    Examples
    --------
    >>> from modelwright.deploy.targets.local import TARGET
    >>> check_target(TARGET)
    """
    with TemporaryDirectory(prefix="canary-of-a-folder-") as place:
        source, first, second = (Path(place, name) for name in ("source", "first", "second"))
        digest = write_bundle(bundle or example_bundle(), source)
        delivery = Delivery.of(source)
        with _canary_in_environment():
            target.write(delivery, first)
            second.mkdir()
            target.write(delivery, second)
        files = _files_below(first)
        _require(files == _files_below(second), target, "writes other bytes for the same input")
        inside = first / "bundle"
        _require(inside.is_dir() and fingerprint(inside) == digest, target, "changes the bundle")
        readme = files.get("README.md", b"").decode()
        _require(digest in readme, target, "has no README.md that names the bundle's hash")
        _require("```sh\n" in readme, target, "has no README.md with a command to run")
        _check_contents(target, files, place)
        _check_refusal(target, delivery, Path(place, "taken"))
        _check_validations(target, first)


@contextmanager
def _canary_in_environment() -> Iterator[None]:
    before = os.environ.get("MODELWRIGHT_TOKEN")
    os.environ["MODELWRIGHT_TOKEN"] = _CANARY
    try:
        yield
    finally:
        os.environ.pop("MODELWRIGHT_TOKEN")
        if before is not None:
            os.environ["MODELWRIGHT_TOKEN"] = before


def _check_contents(target: Target, files: Mapping[str, bytes], place: str) -> None:
    ours = {name: data for name, data in files.items() if not name.startswith("bundle/")}
    ours = {name: data for name, data in ours.items() if not name.endswith(_BINARY)}
    for name, data in ours.items():
        _require(b"\0" not in data, target, f"writes {name}, which is no text")
        for word in (_CANARY, place, str(Path.cwd()), socket.gethostname()):
            known = len(word) > _SHORTEST_WORD and word.encode() in data
            _require(not known, target, f"writes {word!r} of this machine into {name}")


def _check_refusal(target: Target, delivery: Delivery, folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    try:
        target.write(delivery, folder)
    except InputError:
        left = _files_below(folder) == {"thesis.txt": b"years of work"}
        _require(left, target, "changes a folder that it refuses")
        return
    _require(False, target, "writes into a folder that holds something else")


def _check_validations(target: Target, folder: Path) -> None:
    before = _files_below(folder)
    validations = target.validate(folder)
    _require(validations, target, "has no validator")
    for each in validations:
        _require(each.passed is not False, target, f"fails: {each.name} ({each.evidence})")
        told = each.passed is not None or each.evidence.startswith("not asked for: ")
        told = told or "Install" in each.evidence or "Name one in" in each.evidence
        _require(told, target, f"does not say what to install or name for: {each.name}")
    same = _files_below(folder) == before
    _require(same, target, "has validators that change the folder")


def _files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _require(condition: object, target: Target, fault: str) -> None:
    if not condition:
        raise AssertionError(f"The target {target.name!r} {fault}.")
