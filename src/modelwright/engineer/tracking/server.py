"""What a tracking server can do, as far as it is needed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from modelwright.engineer.tracking.story import Measured, Run


class Server(Protocol):
    """A tracking server with one experiment and one registered model of a workspace.

    Runs and versions are found again by their tags, so whatever was interrupted is begun anew.
    """

    def find_run(self, tag: str, value: str) -> str | None:
        """Return the id of the finished run that has a tag, or None."""

    def write_run(self, run: Run, files: Mapping[str, bytes]) -> str:
        """Write a run with its trials and files by their paths, finish it, and return its id."""

    def tag_run(self, run_id: str, tag: str, value: str) -> None:
        """Set a tag of a run."""

    def run_tag(self, run_id: str, tag: str) -> str:
        """Return a tag of a run; empty where it has none."""

    def measure(self, run_id: str, measured: Measured) -> None:
        """Add metrics of a later moment to a run."""

    def find_version(self, tag: str, value: str) -> str | None:
        """Return the version of the registered model that has a tag, or None."""

    def register(self, run_id: str, model: Path, tags: Mapping[str, str], about: str) -> str:
        """Put a model's folder into a run, and return the new version of the registered model."""

    def tag_version(self, version: str, tag: str, value: str) -> None:
        """Set a tag of a version."""

    def named(self, alias: str) -> str | None:
        """Return the version that an alias names, or None."""

    def name(self, alias: str, version: str | None) -> None:
        """Let an alias name a version, or none any more."""
