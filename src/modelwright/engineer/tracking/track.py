"""Brings a tracking server up to what a workspace says.

What the server has already is left alone, so it may be asked at any moment and any number of
times: after a release, a promotion, a judgement, or days later for all that was missed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.mlflow import TARGET
from modelwright.documents import Health
from modelwright.engineer.archive import hash_of
from modelwright.engineer.tracking.judgement import measured_of
from modelwright.engineer.tracking.run import BUNDLE, CANDIDATE, run_of_bundle, run_of_candidate
from modelwright.engineer.tracking.server import Server
from modelwright.engineer.tracking.shelf import ALIASES, Shelf, decision
from modelwright.errors import WorkspaceError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.report.dossier import Dossier
from modelwright.report.page import render_page
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.lock import hold_lock

_LOCK = ".tracking.lock"
_PATIENCE_S = 120.0
_JUDGED = "modelwright.judged"
"""The tag with the moment of the last judgement that a run has."""


class Tracked(msgspec.Struct, frozen=True, kw_only=True):
    """What a tracking server has of a workspace now.

    Parameters
    ----------
    runs
        Ids of runs by the hash of the bundle or candidate that each is.
    versions
        Versions of the registered model by the hash of the bundle.
    aliases
        The version that each alias names.
    judgements
        How many judgements of the live model were new.
    """

    runs: dict[str, str]
    versions: dict[str, str]
    aliases: dict[str, str]
    judgements: int


@dataclass(frozen=True)
class Tracking:
    """Tells a tracking server what a workspace says.

    Parameters
    ----------
    workspace
        The folder; its own lock is not needed.
    server
        The server.
    report
        Told what is written, a sentence at a time.
    """

    workspace: Workspace
    server: Server
    report: Callable[[str], None]

    def track(self, judgements: Sequence[Health]) -> Tracked:
        """Write what the server lacks.

        Parameters
        ----------
        judgements
            Of the live model, the oldest first.

        Raises
        ------
        ServiceError
            When the server cannot be reached, or refuses something.
        WorkspaceError
            When a document is damaged, or somebody else tells the server for minutes.
        """
        path = self.workspace.path / _LOCK
        with hold_lock(path, command="write to the tracking server", patience_s=_PATIENCE_S):
            return self._track(judgements)

    def _track(self, judgements: Sequence[Health]) -> Tracked:
        dossier = Dossier.read_any(self.workspace)
        shelf = Shelf.of(self.workspace, dossier.release)
        runs = self._candidate(dossier)
        versions = {
            digest: version
            for digest in shelf.hashes
            if (version := self._version(digest, runs)) is not None
        }
        return Tracked(
            runs=runs,
            versions=versions,
            aliases=self._name(shelf, versions),
            judgements=sum(self._measure(health, runs) for health in judgements),
        )

    def _candidate(self, dossier: Dossier) -> dict[str, str]:
        """Write the run of the candidate; return runs by what each is, its bundle among them."""
        candidate, release = dossier.candidate, dossier.release
        if candidate is None:
            return {}
        digest = hash_of(candidate)
        run = self.server.find_run(CANDIDATE, digest)
        if run is None:
            told = run_of_candidate(candidate, dossier.findings)
            self.report(f"Writing the run of the candidate with {len(told.trials)} trials")
            run = self.server.write_run(told, self._files(dossier))
        if release is None or not release.released or release.made_from != digest:
            return {digest: run}
        if self.server.run_tag(run, BUNDLE) != release.bundle_hash:
            self.server.tag_run(run, BUNDLE, release.bundle_hash)
        return {digest: run, release.bundle_hash: run}

    def _files(self, dossier: Dossier) -> dict[str, bytes]:
        names = [*dossier.file_names, "modelwright.toml"]
        if dossier.findings is not None:
            names.append(dossier.findings.contract_path)
        return {
            "report.html": render_page(dossier).encode(),
            **{
                f"documents/{Path(name).name}": self.workspace.read_bytes(name)
                for name in names
                if self.workspace.has(name)
            },
        }

    def _version(self, digest: str, runs: dict[str, str]) -> str | None:
        """Return the version of a bundle; register it when there is none."""
        try:
            folder = find_folder(self.workspace, digest)
        except WorkspaceError:
            # It was cleared away; what the server has of it stays there.
            return self.server.find_version(BUNDLE, digest)
        run = runs.get(digest) or self.server.find_run(BUNDLE, digest)
        version = self.server.find_version(BUNDLE, digest)
        if version is None:
            bundle = read_bundle(folder)
            run = run or self.server.write_run(run_of_bundle(bundle), {})
            version = self._register(bundle, folder, run)
        if run is not None:
            runs[digest] = run
        return version

    def _register(self, bundle: Bundle, folder: Path, run: str) -> str:
        with TemporaryDirectory() as place:
            model = Path(place, "model")
            TARGET.write(Delivery(bundle, folder), model)
            facts = bundle.facts
            about = f"{facts.question or f'Predict {facts.target}'}\n\nBundle {bundle.hash}"
            version = self.server.register(run, model, {BUNDLE: bundle.hash}, about)
        self.report(f"Registered {bundle.hash[:12]} as version {version}")
        return version

    def _name(self, shelf: Shelf, versions: dict[str, str]) -> dict[str, str]:
        """Let aliases name what they name here; return them with their versions."""
        for alias in ALIASES:
            version = versions.get(shelf.named.get(alias, ""))
            if self.server.named(alias) == version:
                continue
            self.server.name(alias, version)
            self.report(f"The {alias} is {f'version {version}' if version else 'none any more'}")
            if version is not None:
                change = shelf.changes[alias]
                self.server.tag_version(version, f"modelwright.{alias}", decision(change))
        return {
            alias: versions[digest] for alias, digest in shelf.named.items() if digest in versions
        }

    def _measure(self, health: Health, runs: dict[str, str]) -> bool:
        """Add a judgement to the run of the bundle that it judged, unless it is there."""
        run = runs.get(health.bundle_hash)
        if run is None or self.server.run_tag(run, _JUDGED) >= health.made_at:
            return False
        self.server.measure(run, measured_of(health))
        self.server.tag_run(run, _JUDGED, health.made_at)
        return True
