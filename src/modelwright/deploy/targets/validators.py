"""What folders are checked by. A program that is not installed is said, never passed over."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.checksums import SUMS, faults_in, files_in
from modelwright.deploy.targets.folder import Validator
from modelwright.errors import BundleError
from modelwright.predictor.bundle_folder import read_bundle

_TIMEOUT_S = 120.0
_SHOWN_CHARACTERS = 600
PROGRAMS = "MODELWRIGHT_VALIDATORS"
"""Environment variable: folders, before PATH, in which validators are looked for."""


def whole(folder: Path) -> Validation:
    """Every file is the one that was written, and none was added."""
    faults = faults_in(folder)
    count = len(files_in(folder)) - 1
    return verdict("the folder is as it was written", faults, f"{count} files in {SUMS}")


def sound_bundle(folder: Path) -> Validation:
    """The bundle can be read, and the README names its hash."""
    name = "the bundle inside is the one that README.md names"
    try:
        bundle = read_bundle(folder / "bundle")
    except BundleError as error:
        return Validation(name, False, str(error))
    named = bundle.hash in (folder / "README.md").read_text(encoding="utf-8")
    faults = [] if named else [f"README.md does not name {bundle.hash}"]
    return verdict(name, faults, bundle.hash)


def by_program(
    name: str,
    command: Sequence[str],
    *,
    install: str,
    quiet: bool = False,
) -> Validator:
    """Return a validator that runs a program inside the folder.

    Parameters
    ----------
    name
        What ought to be so.
    command
        The program and its arguments, as seen from the folder.
    install
        How to get the program.
    quiet
        Whether any word on standard error counts as a fault, whatever the exit code says.
    """

    def validate(folder: Path) -> Validation:
        return run_program(name, command, folder, install=install, quiet=quiet)

    return validate


def run_program(
    name: str,
    command: Sequence[str],
    folder: Path,
    *,
    install: str,
    quiet: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Validation:
    """Run a validator's program in a folder; see `by_program`."""
    program = find_program(command[0])
    if program is None:
        return not_checked(name, command[0], install)
    shown = " ".join(command)
    try:
        done = subprocess.run(
            [program, *command[1:]],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return Validation(name, False, f"{shown} was not done after {_TIMEOUT_S:g} seconds")
    said = " ".join(f"{done.stdout} {done.stderr}".split())[:_SHOWN_CHARACTERS]
    if done.returncode or (quiet and done.stderr.strip()):
        return Validation(name, False, f"{shown} exited with {done.returncode}: {said}")
    *_, last = ["", *done.stdout.strip().splitlines()]
    return Validation(name, True, f"{shown}: {' '.join(last.split())}" if last else shown)


def find_program(program: str) -> str | None:
    """Return where a validator's program is; None when it is not installed."""
    before = os.environ.get(PROGRAMS)
    path = os.environ.get("PATH", os.defpath)
    return shutil.which(program, path=f"{before}{os.pathsep}{path}" if before else path)


def not_named(name: str, what: str, variable: str) -> Validation:
    """Say that something is not named, and by which environment variable to name it."""
    return Validation(name, None, f"not checked: no {what} is named. Name one in {variable}")


def not_checked(name: str, program: str, install: str) -> Validation:
    """Say that a program is missing, and how to get it."""
    return Validation(name, None, f"not checked: {program} is not installed. Install: {install}")


def by_rules(name: str, file: str, rules: Mapping[str, Callable[[str], bool]]) -> Validator:
    """Return a validator that looks at the text of one file.

    Parameters
    ----------
    name
        What ought to be so.
    file
        Its path in the folder.
    rules
        By what each rule says: whether a text keeps it.
    """

    def validate(folder: Path) -> Validation:
        text = (folder / file).read_text(encoding="utf-8")
        broken = [rule for rule, keeps in rules.items() if not keeps(text)]
        return verdict(name, broken, f"{file}: {', '.join(rules)}")

    return validate


def verdict(name: str, faults: Sequence[str], evidence: str) -> Validation:
    """Return what a validator of one's own says.

    Parameters
    ----------
    name
        What ought to be so.
    faults
        What is not so; the first is told.
    evidence
        What was seen where there is no fault.

    Examples
    --------
    >>> verdict("it is small", ["a.txt is large", "b.txt is large"], "2 files").evidence
    'a.txt is large (and 1 more)'
    """
    if not faults:
        return Validation(name, True, evidence)
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return Validation(name, False, f"{faults[0]}{more}")
