"""A file as a destination: its parts are kept beside it until all are there."""

import shutil
from pathlib import Path

from modelwright.engineer.batch.formats import merge, suffix_of
from modelwright.engineer.batch.parts import ASIDE, Parts, PartsFolder
from modelwright.engineer.batch.progress import Progress
from modelwright.engineer.batch.recipe import Answers
from modelwright.workspace.draft import drafting, explained


class MergedFile:
    """A file that appears when all of it is there; what was there before stays until then.

    Parameters
    ----------
    path
        Its name says the format.

    Raises
    ------
    InputError
        When it does not.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._suffix = suffix_of(path)
        self._folder = path.with_name(f".{path.name}.parts")
        self.keeper = Parts(self._folder, self._suffix, joined=True)
        self._parts = PartsFolder(self.keeper)

    @property
    def address(self) -> str:
        """The path."""
        return str(self._path)

    @property
    def aside(self) -> Path:
        """The file of the rows that are set aside."""
        return self._path.with_name(f"{self._path.stem}.quarantine{self._path.suffix}")

    def begin(self, job: str) -> Progress:
        """Return how far a job has come."""
        return self._parts.begin(job)

    def take(self, answers: Answers, progress: Progress) -> None:
        """Say how far the job has come."""
        self._parts.take(answers, progress)

    def finish(self, progress: Progress) -> None:
        """Write the file from its parts, and remove them."""
        written = self._parts.written()
        aside = [path for path in written if path.parent.name == ASIDE]
        # First, so that whoever sees the answers sees what is missing from them.
        if aside:
            self._merge(aside, self.aside, headers=True)
        else:
            self.aside.unlink(missing_ok=True)
        self._merge([path for path in written if path not in aside], self._path)
        with explained(self._folder):
            shutil.rmtree(self._folder)

    def close(self) -> None:
        """Nothing is open."""

    def _merge(self, parts: list[Path], whole: Path, *, headers: bool = False) -> None:
        with drafting(whole) as draft:
            merge(parts, draft, self._suffix, headers=headers)
