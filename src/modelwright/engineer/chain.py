"""From the question to the release: each document is made from the one before, unless it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelwright.compute.budget import Budget
from modelwright.documents import Brief, Candidate, Findings, Plan, Release, has_document
from modelwright.documents.plan import ADOPTED
from modelwright.engineer.archive import Archive, digest, hash_of, read
from modelwright.engineer.foreseen import Foreseen
from modelwright.engineer.question.brief_file import question_of
from modelwright.engineer.rooms import Rooms
from modelwright.errors import WorkspaceError
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.tasks.function_name import FunctionName
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.history import PastRun, history_path, remember_run
from modelwright.workspace.trial import Trial

if TYPE_CHECKING:
    from modelwright.learners.foreign.base import Foreign


@dataclass(frozen=True)
class Chain:
    """The documents up to the release, in their order.

    Parameters
    ----------
    rooms
        Make them.
    archive
        Keeps them; the caller holds the lock of its workspace.
    """

    rooms: Rooms
    archive: Archive

    def plan(self, clock: Budget) -> Plan:
        """Make the plan, also when one stands."""
        plan = self.archive.write(self.rooms.plan(clock), self.asked())
        self._foretell(plan, clock)
        return plan

    def explore(self, clock: Budget) -> Findings:
        """Make the findings, from the plan as it stands."""
        plan = self.planned(clock)
        return self.archive.write(self.rooms.explore(plan), hash_of(plan))

    def build(self, clock: Budget) -> Candidate:
        """Make a candidate, from the findings as they stand."""
        findings = self._with_time(self._found(clock), clock)
        self.rooms.report("build", Foreseen(None, budget_s=clock.seconds))
        return self.archive.write(self.rooms.build(findings, clock), hash_of(findings))

    def replay(self) -> Candidate:
        """Make the candidate again by its own schedule.

        Raises
        ------
        WorkspaceError
            When it has none, or when the model was trained elsewhere.
        """
        recorded = read(Candidate, self.archive.workspace)
        findings = read(Findings, self.archive.workspace)
        if findings.plan.adopts:
            raise WorkspaceError(
                "The model of this workspace was trained elsewhere: no schedule says how.",
                "Take it over again: modelwright adopt",
            )
        if not recorded.schedule.folds:
            raise WorkspaceError(
                "The candidate has no schedule: an older modelwright built it.",
                "Build it anew: modelwright build",
            )
        clock = Budget.start(recorded.budget_s)
        candidate = self.rooms.build(findings, clock, repeat=recorded)
        return self.archive.write(candidate, hash_of(findings))

    def deploy(self, *, clean_environment: bool, trial: Trial | None = None) -> Release:
        """Make the release of the candidate, also when one stands."""
        self._require_model()
        candidate = read(Candidate, self.archive.workspace)
        release = self.rooms.deploy(candidate, clean_environment=clean_environment, trial=trial)
        return self.archive.write(release, hash_of(candidate))

    def _require_model(self) -> None:
        """Refuse a workspace that only watches the log of a model that is not here."""
        workspace = self.archive.workspace
        champion = Aliases.read(workspace).bundle("champion")
        if champion and not has_document(Candidate, workspace):
            read_bundle(find_folder(workspace, champion))

    def run(self, clock: Budget) -> Release:
        """Make what does not stand, up to the release."""
        findings = self._found(clock, foretold=True)
        if not self.archive.stands(Candidate, hash_of(findings)):
            findings = self._with_time(findings, clock)
        candidate = self.archive.once(
            Candidate,
            hash_of(findings),
            lambda: _remembered(
                self.rooms.build(findings, clock, then_deploy=True), plan=findings.plan
            ),
        )
        return self.release(candidate)

    def adopt(self, model: "Foreign", clock: Budget) -> Release:
        """Make candidate and release of a model that was trained elsewhere."""
        from modelwright.engineer.adoption import adopted

        # Whoever learns in this workspace later makes a plan of what can be learned.
        plan = self.archive.once(
            Plan,
            digest(self.asked().encode(), ADOPTED.encode()),
            lambda: self.rooms.plan(clock, schemes=(ADOPTED,)),
        )
        findings = self._explored(plan, clock)
        learner = adopted(
            model,
            findings.plan.task,
            self.rooms.intake.table,
            clock=clock,
            report=lambda sentence: self.rooms.report("adopt", sentence),
        )
        candidate = self.rooms.build(findings, clock, then_deploy=True, adopted=learner)
        return self.release(self.archive.write(candidate, hash_of(findings)))

    def release(self, candidate: Candidate) -> Release:
        """Make the release of a candidate, unless it stands."""
        return self.archive.once(Release, hash_of(candidate), lambda: self.rooms.deploy(candidate))

    def planned(self, clock: Budget) -> Plan:
        """Return the plan as it stands; make it when it does not."""
        return self.archive.once(Plan, self.asked(), lambda: self.rooms.plan(clock))

    def asked(self) -> str:
        """Return the hash of the question: the brief and what it names, as these are now."""
        brief = self.rooms.brief
        return digest(
            question_of(brief),
            self.rooms.intake.facts.fingerprint.encode(),
            *(each.facts.fingerprint.encode() for each in self.rooms.related.values()),
            *_own_metric(brief, self.rooms.workspace),
        )

    def _found(self, clock: Budget, *, foretold: bool = False) -> Findings:
        plan = self.planned(clock)
        if foretold:
            self._foretell(plan, clock)
        return self._explored(plan, clock)

    def _explored(self, plan: Plan, clock: Budget) -> Findings:
        return self.archive.once(Findings, hash_of(plan), lambda: self.rooms.explore(plan, clock))

    def _with_time(self, findings: Findings, clock: Budget) -> Findings:
        """Make findings again for which an earlier run was in too great a hurry."""
        if not findings.hurried or not clock.is_young:
            return findings
        self.rooms.report("explore", "There is more time than before: the findings are made again")
        plan = findings.plan
        return self.archive.write(self.rooms.explore(plan, clock), hash_of(plan))

    def _foretell(self, plan: Plan, clock: Budget) -> None:
        if plan.foreseen is not None:
            self.rooms.report("plan", Foreseen(plan.foreseen.seconds, budget_s=clock.seconds))


def _remembered(candidate: Candidate, *, plan: Plan) -> Candidate:
    """Write what a whole run took into the person's history, for the next plan.

    One by a narrower scheme, which a person chose, tells nothing of those that plans foresee.
    """
    if not plan.is_widest:
        return candidate
    run = PastRun(
        rows=candidate.training_rows,
        features=len(candidate.schema.features),
        outputs=candidate.task.n_outputs,
        budget_s=candidate.budget_s,
        seconds=candidate.seconds,
        memory_bytes=candidate.peak_bytes,
        size_bytes=candidate.size_bytes,
    )
    remember_run(history_path(), run)
    return candidate


def _own_metric(brief: Brief, workspace: Workspace) -> Iterator[bytes]:
    """Yield the text of the metric that is a function of the person's own."""
    name = FunctionName.parse(brief.metric)
    if name is not None and name.path(workspace.path).is_file():
        yield name.path(workspace.path).read_bytes()
