"""A folder of parts: one file for each piece, each there whole or not at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import polars as pl

from modelwright.engineer.batch.formats import write_frame
from modelwright.engineer.batch.progress import Progress
from modelwright.engineer.batch.recipe import Answers
from modelwright.errors import InputError
from modelwright.workspace.draft import drafting, explained, remove_drafts, sync, write_file

STATE = ".modelwright-batch.json"
ASIDE = "_quarantine"
_PART = re.compile(r"part-\d{6,}\.(?:csv|jsonl|parquet)")


@dataclass(frozen=True)
class Parts:
    """Writes parts; every process of a crew has one.

    Parameters
    ----------
    folder
        Where.
    suffix
        Of the format.
    joined
        Whether they become one file, which has the names of its columns once.
    """

    folder: Path
    suffix: str
    joined: bool = False

    def keep(self, answers: Answers) -> Answers:
        """Write a part."""
        assert answers.answered is not None
        header = not self.joined or answers.number == 1
        self._write(self.path_of(answers.number), answers.answered, header=header)
        if answers.aside is not None:
            aside = self.folder / ASIDE / self.path_of(answers.number).name
            with explained(aside):
                aside.parent.mkdir(exist_ok=True)
            self._write(aside, answers.aside, header=True)
        return replace(answers, answered=None, aside=None)

    def path_of(self, number: int) -> Path:
        """Return where the part of a piece is."""
        return self.folder / f"part-{number:06d}{self.suffix}"

    def _write(self, path: Path, frame: pl.DataFrame, *, header: bool) -> None:
        with drafting(path) as draft:
            write_frame(frame, draft, self.suffix, header=header)
            sync(draft)


class PartsFolder:
    """A folder of parts as a destination, with a small file that says how far the job has come.

    Parameters
    ----------
    parts
        Writes them.
    """

    def __init__(self, parts: Parts) -> None:
        self.keeper = parts
        self._folder = parts.folder

    @property
    def address(self) -> str:
        """The folder."""
        return str(self._folder)

    def begin(self, job: str) -> Progress:
        """Return how far a job has come here.

        Raises
        ------
        InputError
            When the folder holds something else than answers.
        WorkspaceError
            When it cannot be written.
        """
        with explained(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        found = self._read()
        progress = found.resumed(job) if found else Progress(job=job)
        remove_drafts(self._folder)
        for path in self.written():
            if progress.pieces < _number_of(path):
                path.unlink()
        self._write(progress)
        return progress

    def take(self, answers: Answers, progress: Progress) -> None:
        """Say how far the job has come; the part is there already.

        Raises
        ------
        InputError
            When it is not, because a worker wrote it to a disk of its own.
        """
        if not (path := self.keeper.path_of(answers.number)).exists():
            raise InputError(
                f"A worker wrote {path.name}, but it is not in {self._folder}.",
                "Write to storage that all nodes of the cluster reach by this path.",
            )
        self._write(progress)

    def finish(self, progress: Progress) -> None:
        """Say that the job is finished."""
        self._write(progress)

    def close(self) -> None:
        """Nothing is open."""

    def written(self) -> Sequence[Path]:
        """Return the parts that are there, those set aside too."""
        names = [*self._folder.glob("part-*"), *self._folder.glob(f"{ASIDE}/part-*")]
        return sorted(path for path in names if _PART.fullmatch(path.name))

    def _read(self) -> Progress | None:
        state = self._folder / STATE
        if not state.exists():
            if any(self._folder.iterdir()):
                raise InputError(
                    f"{self._folder} holds something else than answers.",
                    "Choose a new or an empty folder.",
                )
            return None
        try:
            return msgspec.json.decode(state.read_bytes(), type=Progress)
        except msgspec.DecodeError:
            return None  # Written by another version: begin anew.

    def _write(self, progress: Progress) -> None:
        write_file(self._folder / STATE, msgspec.json.encode(progress))


def _number_of(path: Path) -> int:
    return int(path.stem.partition("-")[2])
