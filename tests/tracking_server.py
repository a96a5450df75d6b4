"""A tracking server in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from modelwright.engineer.tracking.story import Measured, Run
from modelwright.errors import ServiceError


@dataclass
class MemoryServer:
    """What was written, and how often something was; `full` refuses the next model."""

    runs: dict[str, Run] = field(default_factory=dict)
    files: dict[str, Mapping[str, bytes]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    measured: list[tuple[str, Measured]] = field(default_factory=list)
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    writes: int = 0
    full: bool = False

    def find_run(self, tag: str, value: str) -> str | None:
        return next((run for run, tags in self.tags.items() if tags.get(tag) == value), None)

    def write_run(self, run: Run, files: Mapping[str, bytes]) -> str:
        self.writes += 1
        name = f"run-{len(self.runs) + 1}"
        self.runs[name], self.files[name], self.tags[name] = run, files, dict(run.tags)
        return name

    def tag_run(self, run_id: str, tag: str, value: str) -> None:
        self.writes += 1
        self.tags[run_id][tag] = value

    def run_tag(self, run_id: str, tag: str) -> str:
        return self.tags[run_id].get(tag, "")

    def measure(self, run_id: str, measured: Measured) -> None:
        self.writes += 1
        self.measured.append((run_id, measured))

    def find_version(self, tag: str, value: str) -> str | None:
        return next((each for each, tags in self.versions.items() if tags.get(tag) == value), None)

    def register(self, run_id: str, model: Path, tags: Mapping[str, str], about: str) -> str:
        if self.full:
            raise ServiceError("The tracking server is full.")
        self.writes += 1
        assert (model / "MLmodel").is_file()
        version = str(len(self.versions) + 1)
        self.versions[version] = {**tags, "about": about, "run": run_id}
        return version

    def tag_version(self, version: str, tag: str, value: str) -> None:
        self.writes += 1
        self.versions[version][tag] = value

    def named(self, alias: str) -> str | None:
        return self.aliases.get(alias)

    def name(self, alias: str, version: str | None) -> None:
        self.writes += 1
        if version is None:
            del self.aliases[alias]
        else:
            self.aliases[alias] = version
