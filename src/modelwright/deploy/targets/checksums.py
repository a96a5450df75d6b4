"""SHA256SUMS: what `sha256sum --check` reads on any host."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

SUMS = "SHA256SUMS"
SIGNATURE = f"{SUMS}.sig"
"""Where the sums were signed; it cannot be listed in what it signs."""
CHECKS = "checks.json"
"""What was checked where the folder was written; it is added when all else is there."""


def write_sums(files: Mapping[str, bytes]) -> bytes:
    """Return the text of SHA256SUMS.

    Parameters
    ----------
    files
        The bytes of each file by its path in the folder.

    Examples
    --------
    >>> write_sums({"a.txt": b"1"})[:20]
    b'6b86b273ff34fce19d6b'
    """
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode()


def faults_in(folder: Path) -> list[str]:
    """Return what differs from SHA256SUMS: files that are missing, changed or added.

    What was checked, and what a target makes when it runs (`env`, `run`, `__pycache__`), do not
    count.
    """
    sums = folder / SUMS
    if not sums.is_file():
        return [f"{SUMS} is missing"]
    listed = dict(_line(line) for line in sums.read_text(encoding="utf-8").splitlines() if line)
    present = {
        name: path for name, path in files_in(folder).items() if name not in (SUMS, SIGNATURE)
    }
    faults = [f"{name} is missing" for name in sorted(listed.keys() - present.keys())]
    faults += [f"{name} was added" for name in sorted(present.keys() - listed.keys())]
    for name in sorted(listed.keys() & present.keys()):
        if hashlib.sha256(present[name].read_bytes()).hexdigest() != listed[name]:
            faults.append(f"{name} was changed")
    return faults


def files_in(folder: Path) -> dict[str, Path]:
    """Return the files of a folder by their paths in it, without those that come later."""
    return {
        name: path
        for path in sorted(folder.rglob("*"))
        if path.is_file() or path.is_symlink()
        for name in [path.relative_to(folder).as_posix()]
        if not (name == CHECKS or name.startswith(("env/", "run/")) or "__pycache__/" in name)
    }


def _line(line: str) -> tuple[str, str]:
    digest, _, name = line.partition("  ")
    return name, digest
