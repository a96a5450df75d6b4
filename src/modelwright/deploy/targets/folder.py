"""A target made of parts: each part is some files, and each validator looks at the folder."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from modelwright.deploy.targets.base import Delivery, Validation
from modelwright.deploy.targets.checksums import SUMS, faults_in, write_sums
from modelwright.deploy.targets.signature import signed
from modelwright.errors import InputError
from modelwright.workspace.draft import draft_of, drafting_folder, explained, remove_dead_drafts

Part = Callable[[Delivery], Mapping[str, bytes]]
"""Files by their paths in the folder. A later part replaces a file of an earlier one."""
Validator = Callable[[Path], Validation]

_SCRIPT = b"#!"


@dataclass(frozen=True)
class FolderTarget:
    """A target made of parts.

    Parameters
    ----------
    name
        What `--to` calls it.
    sentence
        What a person gets.
    parts
        What is written, in their order.
    validators
        What is looked at afterwards, in their order.
    """

    name: str
    sentence: str
    parts: tuple[Part, ...]
    validators: tuple[Validator, ...]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Write the folder whole or not at all; one that nobody changed since is replaced."""
        folder = folder.resolve()
        require_room(folder)
        files: dict[str, bytes] = {}
        for part in self.parts:
            files.update(part(delivery))
        files[SUMS] = write_sums(files)
        files |= signed(files[SUMS])
        with explained(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
        former = draft_of(folder)
        try:
            with drafting_folder(folder) as draft:
                _fill(draft, files)
                if folder.exists():
                    # As a whole: killed here, no half of a folder is left that nobody could
                    # replace.
                    folder.rename(former)
        finally:
            if former.exists() and not folder.exists():
                former.rename(folder)
        shutil.rmtree(former, ignore_errors=True)
        # Not before: where a command was killed in between, the former folder is one of them.
        remove_dead_drafts(folder)

    def validate(self, folder: Path) -> tuple[Validation, ...]:
        """Ask every validator."""
        return tuple(validator(folder) for validator in self.validators)


def require_room(folder: Path) -> None:
    """Refuse a folder that holds something else than what a target wrote.

    Raises
    ------
    InputError
        When it does.
    """
    if folder.resolve() in (here := Path.cwd(), *here.parents):
        raise InputError(
            f"{folder} is the folder that this command runs in, so it cannot be replaced.",
            f"Name a new folder: --out {folder / 'model'}",
        )
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / SUMS).is_file() or faults_in(folder) or _was_run(folder):
        raise InputError(
            f"{folder} holds something else than a folder that deploy wrote.",
            "Choose a new or an empty folder.",
        )


def _was_run(folder: Path) -> bool:
    return any((folder / name).exists() for name in ("env", "run"))


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for path in folder.rglob("*"):
        # Containers read what is mounted as other users; who gets here, the folder itself says.
        enters = path.is_dir() or files[path.relative_to(folder).as_posix()].startswith(_SCRIPT)
        path.chmod(0o755 if enters else 0o644)
