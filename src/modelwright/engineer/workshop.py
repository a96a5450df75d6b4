"""From a question to a release, and to the folders that clients take away."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from modelwright.compute.budget import Budget, parse_duration
from modelwright.documents import Candidate, Delivered, Findings, Plan, Release, has_document
from modelwright.engineer.archive import read, record_deliveries
from modelwright.engineer.champion import bundle_folder, is_chosen_since
from modelwright.engineer.office import Office
from modelwright.engineer.question.brief_file import read_brief
from modelwright.errors import WorkspaceError
from modelwright.workspace.journal import utc_now
from modelwright.workspace.trial import Trial

if TYPE_CHECKING:
    from modelwright.deploy.targets.options import Options
    from modelwright.learners.foreign.base import Foreign


class Workshop(Office):
    """Where a model is made: each document from the one before."""

    def run(self, budget: str | float | None = None, *, began: float | None = None) -> Release:
        """Do the whole job: plan, explore, build and deploy, inside the budget.

        Parameters
        ----------
        budget
            Wall time such as ``"5m"`` or seconds, which the brief then says; None for the brief's.
        began
            When the budget began, on `time.monotonic`; None for now.

        Returns
        -------
        Release
            Released, or refused with the gates that failed.
        """
        if budget is not None:
            self.ask(self.workspace.path, {"budget": budget}, report=self._report)
            self._take(read_brief(self.workspace))
        clock = self._start(None, began=began)
        return self._at_work("run", lambda: self._chain.run(clock))

    def plan(self) -> Plan:
        """Make the plan, also when one stands."""
        clock = self._start(None)
        return self._at_work("plan", lambda: self._chain.plan(clock))

    def explore(self) -> Findings:
        """Make the findings from the plan as it stands, edits included."""
        clock = self._start(None)
        return self._at_work("explore", lambda: self._chain.explore(clock))

    def build(self, budget: str | float | None = None, *, began: float | None = None) -> Candidate:
        """Make a candidate from the findings as they stand.

        Parameters
        ----------
        budget
            Wall time for this build alone; None for the brief's.
        began
            When the budget began, on `time.monotonic`; None for now.
        """
        clock = self._start(budget, began=began)
        return self._at_work("build", lambda: self._chain.build(clock))

    def adopt(self, model: "Foreign") -> Release:
        """Take in a model that was trained elsewhere: its contract, its gates, its release.

        Parameters
        ----------
        model
            What `open_model` returned. The data should be rows that it has not learned from: it is
            judged on them.

        Raises
        ------
        LearnerError
            When it has no place in a program, or answers another question.
        SchemaError
            When the table lacks a column that it reads.
        """
        from modelwright.engineer.adoption import keys_for
        from modelwright.learners.foreign.spelled import spelled

        clock = self._start(None)
        table = self._rooms.intake.table
        named = spelled(model, table.columns)
        self.ask(self.workspace.path, keys_for(named, self.brief, table), report=self._report)
        self._take(read_brief(self.workspace))
        return self._at_work("adopt", lambda: self._chain.adopt(named, clock))

    def replay(self) -> Candidate:
        """Build again what the candidate's schedule records; no clock decides anything.

        A gate of the candidate says whether the same bundle came out, bit for bit.
        """
        return self._at_work("build", self._chain.replay)

    def deploy(self, *, clean_environment: bool = False, trial: Trial | None = None) -> Release:
        """Test the candidate's bundle as a client would, and release it when all is green.

        Parameters
        ----------
        clean_environment
            Whether it is also installed from its lock file alone, which needs a package index.
        trial
            How it is tried beside the champion; None when it takes the champion's place.
        """
        return self._at_work(
            "deploy", lambda: self._chain.deploy(clean_environment=clean_environment, trial=trial)
        )

    def deliver(
        self, *targets: str, out: str | Path, options: "Options | None" = None
    ) -> tuple[Delivered, ...]:
        """Write the champion as folders that a client can take away; release it first if needed.

        Parameters
        ----------
        targets
            What the folders are for, such as ``"docker"``.
        out
            The folder to write; with more than one target, each gets a folder of its name in it.
        options
            Port, image and what else a target reads.

        Raises
        ------
        WorkspaceError
            When a gate is red, so that there is no release.
        """
        release = self.ensure_release()
        if release is not None and not release.released:
            raise WorkspaceError(
                "The candidate is not released: a gate is red.", "See: modelwright show release"
            )
        return self.deliver_champion(*targets, out=out, options=options)

    def deliver_champion(
        self, *targets: str, out: str | Path, options: "Options | None" = None
    ) -> tuple[Delivered, ...]:
        """Write the champion as it stands, as `deliver` does, without a look at the candidate.

        Parameters
        ----------
        targets, out, options
            As for `deliver`.
        """
        from modelwright.deploy.delivery import deliver

        done = deliver(
            bundle_folder(self.workspace.path),
            Path(out),
            targets=targets,
            options=options,
            report=lambda sentence: self._report("deploy", sentence),
        )
        self._at_work("deploy", lambda: record_deliveries(done, self.workspace, at=utc_now()))
        return done

    def ensure_release(self) -> Release | None:
        """Return the release of the candidate as it stands; None where there is no candidate."""
        if not has_document(Candidate, self.workspace):
            return None
        candidate = read(Candidate, self.workspace)
        if has_document(Release, self.workspace):
            with suppress(WorkspaceError):
                release = read(Release, self.workspace)
                if is_chosen_since(release, candidate, self.workspace):
                    return release
        return self._at_work("deploy", lambda: self._chain.release(candidate))

    def _start(self, budget: str | float | None, *, began: float | None = None) -> Budget:
        seconds = self.brief.budget_s if budget is None else parse_duration(budget)
        return Budget.start(seconds, began=began)
