"""Each room, given what it needs from this workspace.

Rooms that learn or judge are imported when they are entered: their libraries take seconds to load,
which nobody should wait for who only asks what is released.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from modelwright.compute.budget import Budget
from modelwright.compute.limits import limits_of
from modelwright.data.relations.widen import add_features
from modelwright.data.sources.open import open_source
from modelwright.data.sources.sampling import is_drawn
from modelwright.documents import (
    Brief,
    Candidate,
    Findings,
    Health,
    Plan,
    Release,
    read_document,
)
from modelwright.engineer.archive import Report, hash_of
from modelwright.engineer.question.address import address_from_brief
from modelwright.engineer.question.drawing import as_planned, in_time
from modelwright.engineer.question.intake import (
    Intake,
    key_of,
    place_of,
    read_table,
    require_rows,
    source_of,
    split_table,
)
from modelwright.engineer.question.plan_file import check_plan
from modelwright.engineer.question.pushed_features import FACT, pushed_features, require_database
from modelwright.engineer.question.related import RelatedIntake, frames_of, read_related, widen
from modelwright.engineer.staff import Staff
from modelwright.predictor.bundle import Bundle
from modelwright.workspace.folder import Workspace
from modelwright.workspace.history import history_path, read_history
from modelwright.workspace.journal import JOURNAL, Journal
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.trial import Trial

if TYPE_CHECKING:
    from modelwright.learners.base import Learner
    from modelwright.maintain.log.live_rows import LiveRows
    from modelwright.maintain.log.window import Window
    from modelwright.maintain.watch.watching import Watched

_DEPLOY_SHARE = 0.08
"""Of the budget, kept for the acceptance tests of the bundle and for the report."""
_DEPLOY_S = (2.5, 30.0)
"""At least, about what a small model and the report take on a machine that does nothing else; and
at most where no other work hinders."""
_HINDERED_DEPLOY_S = 4.5
"""More for each time that work takes longer: a server and who asks it wait for each other."""
_MOST_DEPLOY_SHARE = 0.4
"""Of the budget; beyond the least, of what is left: with as much of the rest kept for judging, a
third stays for learners."""


@dataclass(frozen=True)
class Rooms:
    """The five rooms of one workspace.

    Parameters
    ----------
    workspace
        The caller holds its lock.
    brief
        The question.
    data
        A data frame to read instead of what the brief names; None to read that.
    report
        Told the room and a sentence when something happens.
    clock
        Tells the time, with its zone.
    staff
        Who does the work.
    """

    workspace: Workspace
    brief: Brief
    data: object
    report: Report
    clock: Callable[[], datetime]
    staff: Staff

    @cached_property
    def intake(self) -> Intake:
        """The rows of the question that its budget leaves time for."""
        if self.brief.pushed:  # a database computes features for the rows that it has
            return self._whole
        return in_time(self._whole, self.brief.budget_s, self.brief.target)

    @cached_property
    def _whole(self) -> Intake:
        """The table of the question, read once."""
        return self._read()

    def _read(self, planned_rows: int = 0) -> Intake:
        folder = self.workspace.path
        source = source_of(self.brief, self.data, folder=folder, planned_rows=planned_rows)
        self.report("data", f"Reading {source.address}")
        intake = read_table(source)
        place = place_of(source.address, self.brief.table, self.brief.query)
        key: tuple[str, ...] = ()
        if self.data is None and not self.brief.query:
            address = address_from_brief(self.brief.data, self.workspace.path)
            key = key_of(address, self.brief.table)
        return replace(intake, facts=msgspec.structs.replace(intake.facts, key=key, **place))

    @cached_property
    def related(self) -> dict[str, RelatedIntake]:
        """Related tables by name, each read once."""
        return {
            name: read_related(name, said, folder=self.workspace.path, report=self.report)
            for name, said in self.brief.related.items()
        }

    def plan(self, budget: Budget, *, schemes: Sequence[str] = ()) -> Plan:
        """Make a plan from the brief, of some schemes or the usual ones."""
        from modelwright.plan.groundwork import Material
        from modelwright.plan.planning import make_plan
        from modelwright.plan.schemes import USUAL_SCHEMES

        require_rows(self._whole, self.brief.target)
        if self.brief.pushed:
            address = address_from_brief(self.brief.data, self.workspace.path)
            require_database(address, self.brief, folder=self.workspace.path)
        material = Material(
            table=self.intake.table,
            facts=self.intake.facts,
            folder=self.workspace.path,
            history=read_history(history_path()),
        )
        # The address as a person reads it in a message, from the present folder.
        brief = msgspec.structs.replace(self.brief, data=self.intake.facts.address)
        plan = make_plan(
            brief,
            material,
            budget=budget,
            clock=self.clock,
            report=self._told("plan"),
            schemes=schemes or USUAL_SCHEMES,
        )
        facts = {name: each.facts for name, each in self.related.items()}
        plan = msgspec.structs.replace(plan, related=facts)
        return _says_pushed(plan) if self.brief.pushed else plan

    def explore(self, plan: Plan, budget: Budget | None = None) -> Findings:
        """Make findings from a plan, which may have been edited; inside a budget when one waits."""
        from modelwright.explore.findings import make_findings
        from modelwright.explore.related.surroundings import Surroundings
        from modelwright.explore.written import Written

        checked = check_plan(plan, folder=self.workspace.path)
        parts = split_table(self._rows_of(plan), checked, on_open=_never)
        around = None
        if self.related:
            tables = tuple(read.table for read in self.related.values())
            around = Surroundings(parts.raw(), tables, self.workspace.path)
        return make_findings(
            plan,
            parts.training,
            self.workspace,
            clock=self.clock,
            report=self._told("explore"),
            surroundings=around,
            crew=self.staff.crew,
            budget=budget,
            written=Written(parts.raw, None if is_drawn(plan.table.facts) else parts.numbers),
        )

    def build(
        self,
        findings: Findings,
        budget: Budget,
        *,
        then_deploy: bool = False,
        repeat: Candidate | None = None,
        adopted: "Learner | None" = None,
    ) -> Candidate:
        """Make a candidate from findings; the journal counts the opening of the holdout."""
        from modelwright.build.candidate import build_candidate
        from modelwright.build.material import Material

        with Journal.open(self.workspace.path / JOURNAL) as journal:
            parts = split_table(
                *self._widened(findings),
                on_open=lambda seal: journal.record_opening(hash_of(findings), holdout=seal),
                # A worker elsewhere adds them too: a lambda could not be sent.
                widen=partial(
                    add_features, features=findings.features, frames=frames_of(self.related)
                ),
            )
            material = Material(
                training=parts.training,
                holdout=parts.holdout,
                openings=lambda: journal.count_openings(parts.seal),
                further=parts.beyond,
            )
            return build_candidate(
                findings,
                material,
                self.workspace,
                budget=budget,
                reserve_s=_for_deploy_s(budget) if then_deploy else 0.0,
                repeat=repeat,
                adopted=adopted,
                crew=self.staff.crew,
                clock=self.clock,
                report=self._told("build"),
            )

    def deploy(
        self, candidate: Candidate, *, clean_environment: bool = False, trial: Trial | None = None
    ) -> Release:
        """Make a release from a candidate, or try it beside the champion."""
        from modelwright.deploy.release import deploy

        brief = self.brief
        # What the host allows may have been said, or said otherwise, since the candidate was built.
        said = limits_of(brief.max_latency, size=brief.max_size, memory=brief.max_memory)
        return deploy(
            msgspec.structs.replace(candidate, limits=said.or_else(candidate.limits)),
            self.workspace,
            clean_environment=clean_environment,
            trial=trial,
            clock=self.clock,
            report=self._told("deploy"),
        )

    def watch(
        self,
        release: Release,
        window: "Window",
        accepted: Collection[tuple[str, tuple[str, ...]]] = (),
    ) -> "Watched":
        """Judge a release on the ledger of the server, and what is new there beside the past."""
        from modelwright.maintain.log.record import read_record
        from modelwright.maintain.watch.watching import watch_ledger

        report = self._told("maintain")
        watched = watch_ledger(
            release,
            self.workspace,
            window=window,
            costs=self.brief.costs,
            accepted=accepted,
            clock=self.clock,
            report=report,
        )
        with Ledger.open(ledger_of(self.workspace.path)) as ledger:
            record = read_record(ledger, watched.health.bundle_hash, window)
        return replace(watched, health=msgspec.structs.replace(watched.health, record=record))

    def maintain(self, release: Release, new_rows: object) -> Health:
        """Judge a release on rows."""
        from modelwright.maintain.champion import open_champion
        from modelwright.maintain.health import maintain_rows

        report = self._told("maintain")
        table = open_source(new_rows).read()
        if self.related:
            bundle = open_champion(release, self.workspace)
            table = add_features(table, bundle.features, frames_of(self.related))
        return maintain_rows(
            release,
            table,
            self.workspace,
            costs=self.brief.costs,
            clock=self.clock,
            report=report,
        )

    def live_rows(self, bundle: Bundle, new_rows: object) -> "LiveRows":
        """Return rows given, else those of the ledger, that a bundle has an answer to."""
        from modelwright.maintain.champion import read_ledger
        from modelwright.maintain.log.live_rows import live_rows_of
        from modelwright.maintain.unanswered import answered_part

        if new_rows is None:
            return read_ledger(self.workspace, bundle)
        table = open_source(new_rows).read()
        if self.related:
            table = add_features(table, bundle.features, frames_of(self.related))
        return answered_part(live_rows_of(table, bundle), bundle.program)

    def training_rows(self, findings: Findings) -> pl.DataFrame:
        """Return the rows that the model learned from, prepared; the holdout stays sealed."""
        return split_table(*self._widened(findings), on_open=_never).training

    def holdout_rows(self) -> pl.DataFrame:
        """Return the rows of the holdout; nothing is chosen by them here, so none is counted."""
        findings = read_document(Findings, self.workspace)
        parts = split_table(*self._widened(findings), on_open=_uncounted)
        return parts.holdout.open()

    def _widened(self, findings: Findings) -> tuple[Intake, Plan]:
        """Return the question's table with its features, and a plan that knows them."""
        features, plan = findings.features, findings.plan

        def add(table: pl.DataFrame) -> pl.DataFrame:
            if not self.brief.pushed:
                return add_features(table, features, frames_of(self.related))
            self.report("data", f"{plan.table.address} computes {len(features.features)} features")
            folder = self.workspace.path
            made = pushed_features(table, features, plan, brief=self.brief, folder=folder)
            return table.hstack(made)

        return widen(self._rows_of(plan), findings, add)

    def _rows_of(self, plan: Plan) -> Intake:
        """Return the rows of a plan: the brief's budget may be another by now."""
        if self.brief.pushed:
            return self._whole
        intake = self._whole
        if intake.others is not None and intake.facts.rows != plan.table.rows:
            intake = self._read(plan.table.rows)
        return as_planned(intake, plan)

    def _told(self, room: str) -> Callable[[str], None]:
        return lambda sentence: self.report(room, sentence)


def _for_deploy_s(budget: Budget) -> float:
    low, high = _DEPLOY_S
    asked = min(max(budget.seconds * _DEPLOY_SHARE, low), high)
    hindered = low + _HINDERED_DEPLOY_S * (budget.hindrance - 1.0)
    kept = min(max(asked, hindered), budget.remaining_s * _MOST_DEPLOY_SHARE)
    return min(max(low, kept), budget.seconds * _MOST_DEPLOY_SHARE)


def _says_pushed(plan: Plan) -> Plan:
    table = msgspec.structs.replace(plan.table, facts=(*plan.table.facts, FACT))
    return msgspec.structs.replace(plan, table=table)


def _uncounted(seal: str) -> None:
    """Count no opening: a drill judges what watches a released model, and chooses nothing."""


def _never(seal: str) -> None:
    raise AssertionError(f"Nobody but build may open the holdout {seal}.")
