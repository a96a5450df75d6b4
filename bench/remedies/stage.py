"""The stage: a model that learned from the rows before a split, and the rows that it meets."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from modelwright.build.judging.rows import answered, learning_rows
from modelwright.compute.budget import Budget
from modelwright.data.prepare import prepare
from modelwright.documents import Findings
from modelwright.engineer.care.school import Member, Schoolroom
from modelwright.engineer.project import Project
from modelwright.errors import InputError
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.maintain.gameday.faults.base import Fault, Injection, Scene
from modelwright.maintain.gameday.traffic import Span
from modelwright.maintain.gameday.weights import columns_by_weight
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.remedies.losses import Judge
from modelwright.predictor.bundle import Bundle, Facts
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.predictor.reference.reference import reference_of

CLEAN, WINDOW, LASTS = 2_000, 500, 8
"""Rows before a fault, rows of a window, and windows that a fault lasts."""
TRAINING, _LIVE = 6_000, 12_000
_BUDGET = "20m"
"""To look at a table: nothing that is measured may hang on how quiet the machine is."""


@dataclass(frozen=True)
class Stage:
    """A model, its training, and the rows that it meets."""

    name: str
    bundle: Bundle
    training: Rows
    member: Member
    live: Span

    def school(self, program: Program) -> Schoolroom:
        """Return the school of the model, or of what was made of it."""
        return Schoolroom(self.training, (self.member,), program, 0)

    @property
    def judge(self) -> Judge:
        """Says what answers cost."""
        return Judge.of(self.bundle)

    def losses(self, rows: LiveRows) -> Floats:
        """Return what the model as it stands loses of each row."""
        return self.judge.losses(self.bundle.program, rows.answers, rows.truth)

    def injections(
        self, faults: tuple[Fault, ...], *, columns: int
    ) -> Iterator[tuple[str, Injection]]:
        """Yield the faults to inject, each with its name."""
        scene = Scene(
            task=self.bundle.program.task,
            columns=columns_by_weight(self.bundle, self.live.table, seed=0),
            before=self.live.part(0, CLEAN),
            ahead=self.live.part(CLEAN, len(self.live)),
            columns_aimed_at=columns,
            seed=0,
        )
        for fault in faults:
            for injection in fault.aims(scene):
                yield fault.name, injection

    def rows(self, injection: Injection | None = None) -> LiveRows:
        """Return the rows before a fault and the rows with it; those without it where none is."""
        clean, later = self.live.part(0, CLEAN), self.live.part(CLEAN, CLEAN + WINDOW * LASTS)
        changed = injection.change(later) if injection else later
        table = pl.concat([clean.table, changed.table], how="vertical_relaxed")
        both = Span(table, np.concatenate([clean.truth, changed.truth]))
        return replace(both.answered(self.bundle), times=None)


def set_up(entry: Mapping[str, Any], folder: Path) -> Stage:
    """Let a model learn from the rows before the split, and take the rows after it as traffic.

    Parameters
    ----------
    entry
        Of the catalogue.
    folder
        Of the set.

    Raises
    ------
    InputError
        When too few rows with a label come after the split.
    """
    table = pl.read_parquet(folder / f"{entry['main_table']}.parquet")
    later = pl.read_parquet(folder / "split.parquet")["is_test"]
    past, ahead = table.filter(~later).tail(TRAINING), table.filter(later).head(_LIVE)
    findings = _findings(entry, past)
    frame = answered(prepare(past, findings.plan.schema), findings)
    rows = learning_rows(frame, findings)
    named = {"target": findings.plan.target, "metric": findings.plan.metric}
    learned = stage_of(entry["name"], rows, Span(ahead, np.empty(0)), **named)
    live = live_rows_of(ahead, learned.bundle)
    known = Span.of(live, learned.bundle).taken(np.flatnonzero(live.labelled))
    needed = CLEAN + WINDOW * LASTS
    if len(known) < needed:
        raise InputError(f"{len(known):,} rows come after the split; {needed:,} are needed.")
    return replace(learned, live=known)


def stage_of(name: str, training: Rows, live: Span, *, target: str, metric: str) -> Stage:
    """Let a small model learn, and set it before the rows that it meets."""
    member = _member(training)
    program = member.learner.fit(
        training, rounds=member.rounds or None, budget=Budget.start(1e9), seed=0
    ).program
    bundle = _bundle(program, training, target=target, metric=metric)
    return Stage(name, bundle, training, member, live)


def _findings(entry: Mapping[str, Any], past: pl.DataFrame) -> Findings:
    gone = {*entry["expected"]["must_drop"], *entry["expected"]["ids"], entry["time_column"]}
    kept = past.drop([name for name in gone if name in past.columns])
    with tempfile.TemporaryDirectory() as folder:
        project = Project.create(
            folder, data=kept, target=entry["target"], metric=entry["metric"], budget=_BUDGET
        )
        return project.explore()


def _member(rows: Rows) -> Member:
    learner, cut = LightGBM(leaves=15, rate=0.1), int(0.8 * len(rows))
    found = learner.fit(
        rows.take(np.arange(cut)),
        check_rows=rows.take(np.arange(cut, len(rows))),
        budget=Budget.start(1e9),
        seed=0,
    )
    return Member(learner, found.rounds, 1.0, 1.0)


def _bundle(program: Program, rows: Rows, *, target: str, metric: str) -> Bundle:
    columns = {name: rows.columns[name] for name in rows.schema.names}
    return Bundle(
        program=program,
        schema=rows.schema,
        contract_text="",
        reference=reference_of(columns, rows.schema, program.run(columns), rows.task),
        cases=(),
        facts=Facts(
            question="",
            target=target,
            metric=metric,
            training_rows=len(rows),
        ),
        card_text="",
    )
