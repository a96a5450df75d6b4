"""`python -m bench.remedies`: how much of the loss that a fault does is brought back.

On each set that is ordered in time a model learns from the rows before its split. The faults of
`gameday` are injected into the rows after, one at a time, for eight windows of 500 rows. After each
window the remedies are tested on what is known by then, as `modelwright maintain --propose` does,
and the best that helps with confidence is applied. An oracle beside it
learns again before every window from all labels by then, in the best of three ways as it turns out.
What lies between the untouched model and the oracle from the second window on is the recoverable
loss. A clairvoyant oracle learns from labels that come later too.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import numpy as np
import polars as pl

from modelwright.build.conformal import fit_coverage
from modelwright.build.rows import answered, learning_rows
from modelwright.compute.budget import Budget
from modelwright.data.prepare import prepare
from modelwright.documents import Findings
from modelwright.engineer.project import Project
from modelwright.engineer.school import Member, Schoolroom
from modelwright.errors import ModelwrightError
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.maintain.gameday.faults.base import Fault, Injection, Scene
from modelwright.maintain.gameday.faults.registry import faults_named
from modelwright.maintain.gameday.traffic import Span
from modelwright.maintain.gameday.weights import columns_by_weight
from modelwright.maintain.live_rows import LiveRows, live_rows_of
from modelwright.maintain.remedies.base import Lesson, Situation
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.mended import Workbench, mend_bundle
from modelwright.maintain.remedies.past import rows_at
from modelwright.maintain.remedies.proposals import propose, situation_of
from modelwright.maintain.remedies.registry import remedies_named
from modelwright.predictor.bundle import Bundle, Facts
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.predictor.reference import reference_of
from modelwright.tasks.metrics import metric_named

_TRAINING, _LIVE, _CLEAN = 6_000, 12_000, 2_000
_WINDOW, _LASTS = 500, 8
_ASKED_AFTER = tuple(range(1, _LASTS))
_MATERIAL = 0.05
"""Of the loss; where the oracle brings back less there is nothing to recover."""
_SETS = ("weather_aus", "elec2", "bike_hourly", "pm25_beijing", "employment_ma")
_FAULTS = (
    "unit change",
    "swapped columns",
    "stuck values",
    "missing values",
    "renamed categories",
    "new categories",
    "covariate drift",
    "concept drift",
)


@dataclass(frozen=True)
class Told:
    """Losses from the second faulty window on: of the model, of remedies, of the oracle."""

    table: str
    fault: str
    remedies: tuple[str, ...]
    usual: float
    mended: float
    oracle: float
    clairvoyant: float

    @property
    def of_clairvoyant(self) -> float:
        """The part that is brought back of what one who knows all labels brings back."""
        return min(1.0, (self.usual - self.mended) / max(1e-12, self.usual - self.clairvoyant))

    @property
    def recoverable(self) -> float:
        """The part of the loss that the oracle brings back."""
        return (self.usual - self.oracle) / self.usual

    @property
    def recovered(self) -> float:
        """The part of the recoverable loss that remedies bring back; at most all of it counts."""
        return min(1.0, (self.usual - self.mended) / (self.usual - self.oracle))


@dataclass(frozen=True)
class Stage:
    """A model, its school, and the rows that it meets."""

    name: str
    bundle: Bundle
    training: Rows
    member: Member
    live: Span

    def school(self, program: Program) -> Schoolroom:
        """Return the school of the model, or of what was made of it."""
        return Schoolroom(self.training, (self.member,), program, 0)


@click.command(context_settings={"max_content_width": 100})
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--only", default=",".join(_SETS), metavar="SET,…", help="These sets.")
@click.option("--fault", default=",".join(_FAULTS), metavar="NAME,…", help="These faults.")
@click.option("--asked-after", default="", metavar="N,…", help="Windows; by default each.")
@click.option("--columns", default=1, show_default=True, help="That each fault tries.")
def main(data: Path, *, only: str, fault: str, asked_after: str, columns: int) -> None:
    """Measure which part of the recoverable loss remedies recover.

    Example: python -m bench.remedies --data ../data --only weather_aus
    """
    asked = tuple(map(int, asked_after.split(","))) if asked_after else _ASKED_AFTER
    catalogue = json.loads((data / "catalog.json").read_text())["datasets"]
    every: list[Told] = []
    for entry in catalogue:
        if entry["name"] in only.split(","):
            stage = set_up(entry, data / entry["name"])
            for told in _tell(stage, faults_named(fault.split(",")), columns, asked):
                sys.stdout.write(f"{_in_words(told)}\n")
                sys.stdout.flush()
                every.append(told)
    for name in dict.fromkeys(each.fault for each in every):
        click.echo(f"{name}: {_summed([each for each in every if each.fault == name])}")
    click.echo(f"all: {_summed(every)}")


def set_up(entry: Mapping[str, Any], folder: Path) -> Stage:
    """Let a model learn from the rows before the split, and take the rows after it as traffic."""
    table = pl.read_parquet(folder / f"{entry['name']}.parquet")
    later = pl.read_parquet(folder / "split.parquet")["is_test"]
    past, ahead = table.filter(~later).tail(_TRAINING), table.filter(later).head(_LIVE)
    findings = _findings(entry, past)
    frame = answered(prepare(past, findings.plan.schema), findings)
    rows = learning_rows(frame, findings)
    member = _member(rows)
    program = member.learner.fit(
        rows, rounds=member.rounds or None, budget=Budget.start(1e9), seed=0
    ).program
    bundle = _bundle(program, rows, findings)
    live = Span.of(live_rows_of(ahead, bundle), bundle)
    is_known = np.isfinite(live.truth) if live.truth.dtype.kind == "f" else live.truth >= 0
    return Stage(entry["name"], bundle, rows, member, live.taken(np.flatnonzero(is_known)))


def _findings(entry: Mapping[str, Any], past: pl.DataFrame) -> Findings:
    gone = {*entry["expected"]["must_drop"], *entry["expected"]["ids"], entry["time_column"]}
    kept = past.drop([name for name in gone if name in past.columns])
    with tempfile.TemporaryDirectory() as folder:
        project = Project.create(
            folder, data=kept, target=entry["target"], metric=entry["metric"], budget="30s"
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


def _bundle(program: Program, rows: Rows, findings: Findings) -> Bundle:
    columns = {name: rows.columns[name] for name in rows.schema.names}
    return Bundle(
        program=program,
        schema=rows.schema,
        contract_text="",
        reference=reference_of(columns, rows.schema, program.run(columns), rows.task),
        cases=(),
        facts=Facts(
            question="",
            target=findings.plan.target,
            metric=findings.plan.metric,
            training_rows=len(rows),
        ),
        card_text="",
    )


def _tell(
    stage: Stage, faults: tuple[Fault, ...], columns: int, asked: tuple[int, ...]
) -> Iterator[Told]:
    scene = Scene(
        task=stage.bundle.program.task,
        columns=columns_by_weight(stage.bundle, stage.live.table, seed=0),
        before=stage.live.part(0, _CLEAN),
        ahead=stage.live.part(_CLEAN, len(stage.live)),
        columns_aimed_at=columns,
        seed=0,
    )
    faulty = stage.live.part(_CLEAN, _CLEAN + _WINDOW * _LASTS)
    for fault in faults:
        for injection in fault.aims(scene):
            try:
                told = _one(stage, fault.name, injection, faulty, asked)
            except ModelwrightError as error:
                click.echo(f"{stage.name}, {fault.name}: {error}", err=True)
                continue
            yield told


def _one(
    stage: Stage, fault: str, injection: Injection, faulty: Span, asked: tuple[int, ...]
) -> Told:
    broken = injection.change(faulty)
    clean = stage.live.part(0, _CLEAN)
    table = pl.concat([clean.table, broken.table], how="vertical_relaxed")
    both = Span(table, np.concatenate([clean.truth, broken.truth]))
    rows = replace(both.answered(stage.bundle), times=None)
    judge = Judge.of(stage.bundle)
    later = np.arange(_CLEAN + _WINDOW, len(rows))
    usual = judge.losses(stage.bundle.program, rows.answers, rows.truth)[later].mean()
    mended, names = _mended(stage, rows, judge, asked)
    return Told(
        table=stage.name,
        fault=fault,
        remedies=names,
        usual=float(usual),
        mended=float(mended[later].mean()),
        oracle=float(_oracle(stage, rows, judge, clairvoyant=False)[later].mean()),
        clairvoyant=float(_oracle(stage, rows, judge, clairvoyant=True)[later].mean()),
    )


def _mended(
    stage: Stage, rows: LiveRows, judge: Judge, asked: tuple[int, ...]
) -> tuple[Floats, tuple[str, ...]]:
    """Return the losses with what is applied after some windows, and its names."""
    bundle, names = stage.bundle, list[str]()
    losses = judge.losses(bundle.program, rows.answers, rows.truth)
    for count in asked:
        moment = _CLEAN + count * _WINDOW
        # Always of the model that learned from none of these rows: no answer flatters.
        found, name = _ask(stage, stage.bundle, rows_at(rows, np.arange(moment)), judge)
        bundle = bundle if name == "-" else found
        names.append(name)
        losses[moment:] = judge.losses(
            bundle.program, bundle.program.run(rows.columns), rows.truth
        )[moment:]
    return losses, tuple(names)


def _ask(stage: Stage, bundle: Bundle, known: LiveRows, judge: Judge) -> tuple[Bundle, str]:
    """Return the bundle with the best remedy that helps with confidence; itself where none does."""
    answered_by = replace(known, answers=bundle.program.run(known.columns))
    situation = situation_of(
        Situation(
            bundle=bundle, rows=answered_by, judge=judge, school=stage.school(bundle.program)
        ),
        answered_by,
    )
    metric = metric_named(bundle.facts.metric, bundle.program.task)
    remedies = tuple(each for each in remedies_named(()) if each.measure == "answers")
    best = propose(situation, remedies, metric=metric, report=lambda _: None)[0]
    if best.treatment is None or best.replayed is None or not best.proposal.helps:
        return bundle, "-"
    bench = Workbench(
        metric=metric, cover=lambda *of: fit_coverage(*of).coverage, made_at=datetime.now(UTC)
    )
    name = best.proposal.remedy
    return mend_bundle(situation, name, best.treatment, best.replayed, bench), name


def _oracle(stage: Stage, rows: LiveRows, judge: Judge, *, clairvoyant: bool) -> Floats:
    """Return the losses of a model that learns again from all labels, in the best of three ways.

    It learns before each window from all faulty rows before; the clairvoyant one at once from all
    faulty rows but every second half of a window, and answers these, and the other way round.
    """
    school, places = stage.school(stage.bundle.program), np.arange(len(rows))
    turns = (places - _CLEAN) // _WINDOW
    half = places // (_WINDOW // 2) % 2
    parts = (
        [((turns >= 0) & (half != part), half == part) for part in (0, 1)]
        if clairvoyant
        else [((turns >= 0) & (turns < turn), turns == turn) for turn in range(1, _LASTS)]
    )
    found = []
    for lesson in _lessons(stage):
        losses = np.zeros(len(rows))
        for before, mine in parts:
            program = school.learn(lesson(rows_at(rows, np.flatnonzero(before))))
            answers = program.run(rows.columns)
            losses[mine] = judge.losses(program, answers, rows.truth)[mine]
        found.append(losses)
    return min(found, key=lambda each: each[_CLEAN + _WINDOW :].mean())


def _lessons(stage: Stage) -> Iterator[Any]:
    yield lambda rows: Lesson(rows=rows)
    yield lambda rows: Lesson(rows=rows, weight=len(stage.training) / len(rows))
    yield lambda rows: Lesson(rows=rows, with_training=False)


def _in_words(told: Told) -> str:
    return (
        f"{told.table}, {told.fault}: {', '.join(told.remedies)}; loss {told.usual:.4g}, mended "
        f"{told.mended:.4g}, oracle {told.oracle:.4g}, clairvoyant {told.clairvoyant:.4g}; "
        f"recoverable {told.recoverable:.1%}"
        + (f", recovered {told.recovered:.0%}" if told.recoverable > _MATERIAL else "")
    )


def _summed(every: list[Told]) -> str:
    some = [each for each in every if each.recoverable > _MATERIAL]
    if not some:
        return "nothing to recover"
    weights = np.array([each.recoverable for each in some])
    shares = np.array([each.recovered for each in some])
    worse = sum(each.mended > 1.02 * each.usual for each in every)
    return (
        f"{len(some)} of {len(every)} with a loss to recover; recovered "
        f"{(weights * shares).sum() / weights.sum():.1%} of it, 80 % or more in "
        f"{(shares >= 0.8).sum()} of {len(some)}; of a clairvoyant's "
        f"{np.mean([each.of_clairvoyant for each in some]):.1%} on average; made worse {worse}"
    )


if __name__ == "__main__":
    main()
