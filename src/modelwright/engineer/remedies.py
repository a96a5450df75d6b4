"""Remedies of a workspace: tested on the past, kept as bundles, and applied through the gates."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from numpy.typing import NDArray

from modelwright.build.conformal import fit_coverage
from modelwright.build.rows import answered, learning_rows
from modelwright.compute.budget import Budget
from modelwright.deploy.mended import Decision, release_mended
from modelwright.documents import (
    Candidate,
    Findings,
    Gate,
    Health,
    Proposal,
    Release,
    Retraining,
    has_document,
    read_document,
)
from modelwright.engineer.archive import Report
from modelwright.engineer.rooms import Rooms
from modelwright.engineer.school import Schoolroom, members_of
from modelwright.errors import InputError, ModelwrightError, WorkspaceError, nearest
from modelwright.maintain.health import FALSE_ALARM_RATE, metric_of, open_champion
from modelwright.maintain.live_rows import LiveRows
from modelwright.maintain.quarantine import propose_quarantine
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.mended import Workbench, mend_bundle
from modelwright.maintain.remedies.proposals import Proposed, propose, situation_of
from modelwright.maintain.remedies.registry import remedies_named
from modelwright.maintain.retraining.backtest import backtest
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle, require_model, write_bundle
from modelwright.predictor.coverage import Coverage
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.interval import Interval
from modelwright.tasks.task import Task
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.journal import JOURNAL, Journal

FOLDER = "remedies"
"""Where the bundles of proposals are, in the workspace."""

_LESSON_S = 3.0
"""Of each lesson in a test, by what the members took in the build."""
_MOST_REQUESTS = 2
_GATE = "the past speaks for the remedy"


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
        situation = self.situation(bundle, self.rooms.live_rows(bundle, new_rows))
        found = propose(
            situation, remedies_named(()), metric=metric, report=self._say, budget=budget
        )
        bench = Workbench(metric=metric, cover=_cover, made_at=self.rooms.clock())
        self._clear()
        kept = (self._kept(each, situation, bench) for each in found)
        allowed = (msgspec.structs.replace(each, alone=each.remedy in alone) for each in kept)
        more = (*self._aside(situation), *self._requests())
        return msgspec.structs.replace(health, remedies=(*allowed, *more))

    def situation(self, bundle: Bundle, rows: LiveRows) -> Situation:
        """Return what is known of a model by now, which has to be here."""
        require_model(bundle)
        standing = Situation(
            bundle=bundle,
            rows=rows,
            judge=Judge.of(bundle, self.rooms.brief.costs),
            school=self._school(bundle),
            earlier=tuple(self._earlier(bundle)),
        )
        return situation_of(standing, rows)

    def backtest(
        self, release: Release, rows: object, *, window_rows: int, budget: Budget | None
    ) -> Retraining:
        """Return how often the model should learn again, by the past."""
        bundle = open_champion(release, self.rooms.workspace)
        situation = self.situation(bundle, self.rooms.live_rows(bundle, rows))
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
        folder = _tested(workspace.path, proposal)
        self._require_same_champion(health, release)
        decision = Decision(
            gate=_gate(proposal, anyway=anyway),
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

    def _school(self, bundle: Bundle) -> Schoolroom | None:
        try:
            return self._open_school(bundle)
        except ModelwrightError as error:
            self._say(f"The model cannot learn again here: {error}")
            return None

    def _open_school(self, bundle: Bundle) -> Schoolroom | None:
        workspace = self.rooms.workspace
        if not (has_document(Candidate, workspace) and has_document(Findings, workspace)):
            return None
        members = members_of(read_document(Candidate, workspace), limit_s=_LESSON_S)
        if not members:
            return None
        findings = read_document(Findings, workspace)
        frame = answered(self.rooms.training_rows(findings), findings)
        training = learning_rows(frame, findings)
        if {*bundle.schema.names} != {*training.schema.names}:
            return None
        return Schoolroom(training, members, bundle.program, bundle.facts.seed)

    def _earlier(self, bundle: Bundle) -> Iterator[Bundle]:
        """Yield the champions before, the youngest first."""
        workspace = self.rooms.workspace
        history = Aliases.read(workspace).history
        hashes = (change.bundle for change in reversed(history) if change.alias == "champion")
        for digest in dict.fromkeys(hashes):
            if digest and digest != bundle.hash:
                try:
                    yield read_bundle(find_folder(workspace, digest))
                except ModelwrightError:
                    # One that was cleared away is no way back.
                    continue

    def _aside(self, situation: Situation) -> Iterator[Proposal]:
        """Yield that bad rows be set aside; those of a table are listed by another command."""
        found = propose_quarantine(situation, false_alarm_rate=FALSE_ALARM_RATE)
        if found is not None:
            command = (
                "modelwright ledger quarantine --broken"
                if situation.rows.ids
                else "modelwright check DATA --failing-rows broken.csv"
            )
            place = f" --workspace {self.rooms.workspace.path}"
            yield msgspec.structs.replace(found, command=command + place)

    def _requests(self) -> Iterator[Proposal]:
        """Yield features that the data could have, with what they gained in training."""
        workspace = self.rooms.workspace
        if not has_document(Findings, workspace):
            return
        wanted = [each for each in read_document(Findings, workspace).requests if not each.kept]
        for each in wanted[:_MOST_REQUESTS]:
            if each.gain is not None and each.gain.value > 0:
                yield Proposal(
                    remedy="add feature",
                    option=each.name,
                    sentence=f"Supply {', '.join(each.meaning)}. {each.reason}",
                    gain=each.gain,
                    command=f"modelwright features --workspace {workspace.path}",
                )

    def _clear(self) -> None:
        shutil.rmtree(self.rooms.workspace.path / FOLDER, ignore_errors=True)

    def _say(self, sentence: str) -> None:
        self.report("maintain", sentence)


def proposal_named(health: Health, name: str) -> Proposal:
    """Return the proposal of a remedy.

    Raises
    ------
    InputError
        When nothing of that name was proposed.
    """
    found = {each.remedy: each for each in reversed(health.remedies)}
    if not found:
        raise InputError("No remedy was proposed yet.", "Test them: modelwright maintain --propose")
    if name not in found:
        raise InputError(f"The remedy {name!r} was not proposed.", nearest(name, found))
    return found[name]


def best_alone(remedies: Sequence[Proposal]) -> Proposal | None:
    """Return the best proposal that may act without asking and helps; None where there is none."""
    return next((each for each in remedies if each.alone and each.helps), None)


def slug(name: str) -> str:
    """Return a name as a folder's.

    Examples
    --------
    >>> slug("fix units")
    'fix-units'
    """
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


def _tested(path: Path, proposal: Proposal) -> Path:
    """Return the folder of what was tested, when it is still the same."""
    if not proposal.bundle_path:
        raise InputError(
            f"There is nothing to apply in {proposal.remedy!r}.", f"Do it: {proposal.sentence}"
        )
    folder = path / proposal.bundle_path
    if read_bundle(folder).hash != proposal.bundle_hash:
        raise WorkspaceError(
            f"{folder} is not what was tested.", "Test it again: modelwright maintain --propose"
        )
    return folder


def _gate(proposal: Proposal, *, anyway: bool) -> Gate:
    evidence = "too few past rows have a label"
    if proposal.saves is not None:
        evidence = (
            f"it spared {_spared(proposal.saves)}, on {proposal.rows:,} rows of "
            f"{proposal.windows} past windows"
        )
    if proposal.led is not None:
        evidence += f"; to take what had done best by then, {_spared(proposal.led)}"
    told = "; a person takes it anyway" if anyway and not proposal.helps else ""
    return Gate(name=_GATE, passed=proposal.helps or anyway, evidence=evidence + told)


def _spared(saves: Interval) -> str:
    return (
        f"{saves.value:.3g} of the loss, {saves.level:.3g} interval {saves.low:.3g} to "
        f"{saves.high:.3g}"
    )


def _cover(task: Task, truth: NDArray[Any], answers: Floats) -> Coverage | None:
    return fit_coverage(task, truth, answers).coverage


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
