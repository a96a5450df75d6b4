"""Remedies of a workspace: tested on the past, kept as bundles, and applied through the gates."""

import shutil
from dataclasses import dataclass
from typing import Any

import msgspec
from numpy.typing import NDArray

from modelwright.build.certainty.conformal import fit_coverage
from modelwright.compute.budget import Budget
from modelwright.deploy.mended import Decision, release_mended
from modelwright.documents import (
    Health,
    Proposal,
    Release,
    Retraining,
)
from modelwright.engineer.archive import Report
from modelwright.engineer.care.patient import look_at
from modelwright.engineer.care.proposals import gate_of, proposal_named, slug, tested_folder
from modelwright.engineer.care.suggestions import features_wanted, rows_aside
from modelwright.engineer.rooms import Rooms
from modelwright.errors import WorkspaceError
from modelwright.maintain.champion import metric_of, open_champion
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.mended import Workbench, mend_bundle
from modelwright.maintain.remedies.proposals import Proposed, propose
from modelwright.maintain.remedies.registry import remedies_named
from modelwright.maintain.retraining.backtest import backtest
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.coverage import Coverage
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.task import Task
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.journal import JOURNAL, Journal

FOLDER = "remedies"
"""Where the bundles of proposals are, in the workspace."""


@dataclass(frozen=True)
class Clinic:
    """Tests remedies for the model of a workspace, and applies them.

    Parameters
    ----------
    rooms
        Of the workspace; the caller holds its lock.
    report
        Told the room and a sentence when something happens.
    """

    rooms: Rooms
    report: Report

    def propose(
        self, health: Health, release: Release, new_rows: object, *, budget: Budget | None = None
    ) -> Health:
        """Return the health with remedies that were tested on past rows, the worthiest first.

        Parameters
        ----------
        health
            What was judged.
        release
            What it was judged of.
        new_rows
            As `Project.maintain` takes them.
        budget
            The time for the tests; None for any time.
        """
        workspace, alone = self.rooms.workspace, self._alone
        bundle = open_champion(release, workspace)
        metric = metric_of(bundle, release, workspace)
        situation = self._look_at(bundle, new_rows)
        found = propose(
            situation, remedies_named(()), metric=metric, report=self._say, budget=budget
        )
        bench = Workbench(metric=metric, cover=_cover, made_at=self.rooms.clock())
        self._clear()
        kept = (self._kept(each, situation, bench) for each in found)
        allowed = (msgspec.structs.replace(each, alone=each.remedy in alone) for each in kept)
        more = (*rows_aside(situation, workspace), *features_wanted(workspace))
        return msgspec.structs.replace(health, remedies=(*allowed, *more))

    def backtest(
        self, release: Release, rows: object, *, window_rows: int, budget: Budget | None
    ) -> Retraining:
        """Return how often the model should learn again, by the past."""
        bundle = open_champion(release, self.rooms.workspace)
        situation = self._look_at(bundle, rows)
        return backtest(
            situation,
            made_at=self.rooms.clock(),
            window_rows=window_rows,
            budget=budget,
            report=self._say,
        )

    def apply(
        self, health: Health, release: Release, name: str, *, anyway: bool, who: str, why: str = ""
    ) -> Release:
        """Make the champion what a proposal made of it, when the past and the tests allow it.

        Parameters
        ----------
        health
            With the proposals.
        release
            What is mended.
        name
            Of the remedy.
        anyway
            Whether a person takes it although the past does not speak for it.
        who, why
            What the journal and the list of releases remember of it.

        Raises
        ------
        InputError
            When nothing of that name was proposed, or there is nothing to apply.
        WorkspaceError
            When another bundle is champion by now, or what was tested is gone.
        """
        workspace = self.rooms.workspace
        proposal = proposal_named(health, name)
        folder = tested_folder(workspace.path, proposal)
        self._require_same_champion(health, release)
        decision = Decision(
            gate=gate_of(proposal, anyway=anyway),
            who=who,
            why=f"remedy “{proposal.remedy}”{f': {why}' if why else ''}",
        )
        made = release_mended(
            folder, release, workspace, decision=decision, clock=self.rooms.clock, report=self._say
        )
        self._note(proposal, made, by=who, why=why)
        return made

    def _require_same_champion(self, health: Health, release: Release) -> None:
        workspace = self.rooms.workspace
        champion = Aliases.read(workspace).bundle("champion") or release.bundle_hash
        if champion != health.bundle_hash:
            raise WorkspaceError(
                f"The remedies were tested for the bundle {health.bundle_hash[:12]}, and the "
                f"champion is {champion[:12]} by now.",
                "Test them again: modelwright maintain --propose",
            )

    def _note(self, proposal: Proposal, release: Release, *, by: str, why: str) -> None:
        with Journal.open(self.rooms.workspace.path / JOURNAL) as journal:
            journal.record(
                "remedy",
                remedy=proposal.remedy,
                option=proposal.option,
                by=by,
                why=why,
                released=release.released,
                bundle=release.bundle_hash,
                saves=None if proposal.saves is None else proposal.saves.value,
            )

    def _kept(self, proposed: Proposed, situation: Situation, bench: Workbench) -> Proposal:
        """Write the bundle of a proposal, so that what was tested is what can be applied."""
        proposal, treatment, replayed = proposed.proposal, proposed.treatment, proposed.replayed
        if treatment is None or replayed is None:
            return proposal
        folder = self.rooms.workspace.path / FOLDER / slug(proposal.remedy)
        before = (each for each in situation.earlier if each.program is treatment.program)
        mended = mend_bundle(situation, proposal.remedy, treatment, replayed, bench)
        bundle = next(before, mended)
        digest = write_bundle(bundle, folder)
        return msgspec.structs.replace(
            proposal,
            bundle_path=folder.relative_to(self.rooms.workspace.path).as_posix(),
            bundle_hash=digest,
            command=(
                f"modelwright remedy {_quoted(proposal.remedy)} --apply "
                f"--workspace {self.rooms.workspace.path}"
            ),
        )

    @property
    def _alone(self) -> tuple[str, ...]:
        """Names of the remedies that may act without asking."""
        may = self.rooms.brief.maintain.may
        return tuple(each.name for each in remedies_named(may)) if may else ()

    def _look_at(self, bundle: Bundle, rows: object) -> Situation:
        known = self.rooms.live_rows(bundle, rows)
        return look_at(bundle, known, self.rooms, report=self.report)

    def _clear(self) -> None:
        shutil.rmtree(self.rooms.workspace.path / FOLDER, ignore_errors=True)

    def _say(self, sentence: str) -> None:
        self.report("maintain", sentence)


def _cover(task: Task, truth: NDArray[Any], answers: Floats) -> Coverage | None:
    return fit_coverage(task, truth, answers).coverage


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
