"""Related tables: relations are found, features made, proven and measured, and the payers kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.data.relations.compute import compute_features
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.find import find_relations
from modelwright.data.relations.proof import Refutation, refute_features
from modelwright.data.relations.propose import propose_features, schema_of
from modelwright.data.relations.relation import Relation
from modelwright.data.relations.table import Question, RelatedTable
from modelwright.data.schema import Kind, Role, Schema
from modelwright.documents import Findings, Leak, Plan, Request, Supplied
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.search import find_leaks
from modelwright.explore.outlook import outlook_of
from modelwright.explore.problems.base import Subject
from modelwright.explore.profile import make_profile
from modelwright.explore.related.gains import MOST_ROWS, Ground, pays, with_features, without
from modelwright.explore.related.requests import make_request, ranked
from modelwright.explore.sample import answered
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import metric_named
from modelwright.workspace.folder import Workspace

_SHARE, _LEAST_S, _MOST_S = 0.25, 5.0, 90.0
"""Of the budget, for measuring."""
_FEWEST_ROWS, _ROWS_PER_S = 2_000, 80
_MOST_SUPPLIED = 15

Report = Callable[[str], None]


@dataclass(frozen=True)
class Surroundings:
    """What lies around the question's table.

    Parameters
    ----------
    rows
        The raw training rows, in the order of the prepared ones.
    tables
        Related tables.
    folder
        The workspace, where a metric of the person's own may be.
    """

    rows: pl.DataFrame
    tables: tuple[RelatedTable, ...]
    folder: Path = Path()

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """Raw related tables by name."""
        return {table.name: table.frame for table in self.tables}


@dataclass
class _Search:
    """What is known while features are tried."""

    ground: Ground
    base: Schema
    values: pl.DataFrame
    plan: Plan
    kept: list[Feature] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)


def moment_of(plan: Plan) -> str:
    """Return the column with the moment of prediction: the one named, or that of the rows' time."""
    if plan.moment:
        return plan.moment
    split = plan.split
    named = (
        [plan.schema[split.column]] if split.kind == "time" else plan.schema.with_role(Role.TIME)
    )
    return next((column.name for column in named if column.kind == Kind.DATETIME), "")


def explore_related(
    findings: Findings,
    training: pl.DataFrame,
    around: Surroundings,
    *,
    crew: Crew,
    report: Report,
) -> Findings:
    """Return findings with what related tables add to them.

    Parameters
    ----------
    findings
        Of the question's table alone.
    training
        Its prepared training rows.
    around
        Its related tables.
    crew
        Who learns what is measured.
    report
        Told what happens, a sentence at a time.
    """
    plan = findings.plan
    report(f"Looking for relations to {len(around.tables):,} tables")
    question = Question(around.rows, plan.schema, moment_of(plan))
    found = find_relations(question, around.tables)
    if not found.relations:
        return msgspec.structs.replace(findings, unrelated=found.refused)
    by_name = {table.name: table for table in around.tables}
    proposed = FeatureSet(
        relations=found.relations,
        features=tuple(
            feature
            for relation in found.relations
            for feature in propose_features(relation, by_name[relation.table])
        ),
    )
    places = _draw(training, plan, most=_most_rows(plan))
    report(f"Computing {len(proposed.features):,} features for {len(places):,} rows")
    values = compute_features(proposed, around.rows[places], around.frames)
    usable = _usable(proposed, values, plan.schema)
    search = _search(findings, training[places].hstack(values), usable, around, crew)
    report(f"Measuring what they gain in {search.ground.comparisons:,} comparisons")
    # All relations before any of their parts: the time may not suffice for all.
    wholes = _gains(search, [usable.of(relation) for relation in usable.relations])
    for relation, whole in zip(usable.relations, wholes, strict=True):
        _try_relation(search, relation, usable.of(relation), whole)
    supplied = _supplied(search, proposed)
    kept, refuted = _sound(proposed.reading(tuple(search.kept)), around, plan, report)
    made = msgspec.structs.replace(
        findings,
        relations=found.relations,
        unrelated=(*found.refused, *(f"{each.name}: {each.evidence}" for each in refuted)),
        features=kept,
        requests=ranked(search.requests),
        supplied=supplied,
    )
    if not kept.features:
        return made
    return _look_for_leaks(made, training, around, crew=crew, report=report)


def _sound(
    kept: FeatureSet, around: Surroundings, plan: Plan, report: Report
) -> tuple[FeatureSet, tuple[Refutation, ...]]:
    """Leave out what changes with the future, whatever it gains."""
    if not kept.features:
        return kept, ()
    report("Checking that no feature changes with the future")
    refuted = refute_features(kept, around.rows, around.frames, seed=plan.seed)
    unsound = {each.name for each in refuted}
    sound = tuple(each for each in kept.features if each.name not in unsound)
    return kept.reading(sound), refuted


def _most_rows(plan: Plan) -> int:
    """Return how many rows are measured: fewer where the time is short."""
    return min(MOST_ROWS, max(_FEWEST_ROWS, int(_ROWS_PER_S * plan.budget_s)))


def _draw(training: pl.DataFrame, plan: Plan, *, most: int) -> np.ndarray:
    known = np.flatnonzero(answered(training[plan.target], plan.task))
    drawn = np.random.default_rng(plan.seed).permutation(known)[:most]
    return np.sort(drawn)


def _usable(proposed: FeatureSet, values: pl.DataFrame, schema: Schema) -> FeatureSet:
    """Leave out features that say the same of all rows, or have a name that is taken."""
    return proposed.reading(
        tuple(
            feature
            for feature in proposed.features
            if feature.name not in schema
            and values[feature.name].drop_nulls().n_unique()
            + (values[feature.name].null_count() > 0)
            > 1
        )
    )


def _search(
    findings: Findings,
    frame: pl.DataFrame,
    usable: FeatureSet,
    around: Surroundings,
    crew: Crew,
) -> _Search:
    plan = findings.plan
    groups = sum(len(_by_column(usable.of(each))) for each in usable.relations)
    own = min(len(findings.schema.features), _MOST_SUPPLIED)
    ground = Ground(
        frame=frame,
        plan=plan,
        metric=metric_named(plan.metric, plan.task, folder=around.folder),
        comparisons=2 * len(usable.relations) + groups + own,
        budget=Budget.start(min(max(_SHARE * plan.budget_s, _LEAST_S), _MOST_S)),
        crew=crew,
    )
    return _Search(ground, findings.schema, frame, plan)


def _by_column(features: Sequence[Feature]) -> dict[str, tuple[Feature, ...]]:
    columns = dict.fromkeys(feature.column for feature in features)
    return {name: tuple(each for each in features if each.column == name) for name in columns}


def _try_relation(
    search: _Search, relation: Relation, features: tuple[Feature, ...], whole: Interval | None
) -> None:
    """Keep of a relation what pays by itself, or all of it where only all together does."""
    if not pays(whole):
        _request(search, relation, features, gain=whole, kept=False, reason=_no_reason(whole))
        return
    groups = list(_by_column(features).values())
    gains = dict(zip(groups, _gains(search, groups), strict=True))
    payers = {group for group, gain in gains.items() if pays(gain)}
    for group, gain in gains.items():
        kept = group in payers or not payers or gain is None
        reason = _reason(gain, kept=kept)
        _request(search, relation, group, gain=gain, kept=kept, reason=reason)


def _request(
    search: _Search,
    relation: Relation,
    features: tuple[Feature, ...],
    *,
    gain: Interval | None,
    kept: bool,
    reason: str,
) -> None:
    if kept:
        search.kept += features
    made = make_request(
        features,
        relation,
        plan=search.plan,
        gain=gain,
        kept=kept,
        reason=reason,
        values=search.values,
    )
    search.requests.append(made)


def _gains(search: _Search, groups: Sequence[tuple[Feature, ...]]) -> list[Interval | None]:
    """Measure what each group of features adds to the question's own columns."""
    ground, base = search.ground, search.base
    schemas = [with_features(base, [schema_of(group)]) for group in groups]
    ground.learn([base, *schemas])
    return [ground.gain(more, base) for more in schemas]


def _no_reason(whole: Interval | None) -> str:
    if whole is None:
        return "It was not measured: the time was over, or the score is not defined."
    return "All its features together gain nothing that is above chance."


def _reason(own: Interval | None, *, kept: bool) -> str:
    if pays(own):
        return "It pays by itself."
    if own is None:
        return "The relation pays; this part of it was not measured."
    if kept:
        return "It pays only together with the relation's other features."
    return "The relation pays; this part gains nothing by itself that is above chance."


def _supplied(search: _Search, proposed: FeatureSet) -> tuple[Supplied, ...]:
    """Measure what is lost when a related table, or a column of the question, is taken away."""
    full = with_features(search.base, [schema_of(tuple(search.kept))])
    own_columns = [column.name for column in search.base.features[:_MOST_SUPPLIED]]
    search.ground.learn([full, *(without(full, [name]) for name in own_columns)])
    worth: list[Supplied] = []
    for relation in proposed.reading(tuple(search.kept)).relations:
        own = tuple(each.name for each in search.kept if each.relation == relation.name)
        columns = tuple(
            dict.fromkeys(each.column for each in search.kept if each.name in own and each.column)
        )
        gain = search.ground.gain(full, without(full, own))
        worth.append(Supplied(table=relation.table, columns=columns, gain=gain, pays=pays(gain)))
    for name in own_columns:
        gain = search.ground.gain(full, without(full, [name]))
        worth.append(Supplied(table="", columns=(name,), gain=gain, pays=pays(gain)))
    return tuple(sorted(worth, key=lambda each: -(each.gain.low if each.gain else float("-inf"))))


def _look_for_leaks(
    findings: Findings,
    training: pl.DataFrame,
    around: Surroundings,
    *,
    crew: Crew,
    report: Report,
) -> Findings:
    """Judge the features that are kept as every other column is judged; add them to the schema."""
    plan = findings.plan
    report(f"Looking for leaks in {len(findings.features.features):,} features")
    values = compute_features(findings.features, around.rows, around.frames)
    frame, own = training.hstack(values), schema_of(findings.features.features)
    alone = Schema(columns=(*without(plan.schema, _names(plan.schema)).columns, *own.columns))
    case = Case.of(plan, frame, alone)
    leaks = find_leaks(case, keep=plan.keep)
    gone = {name for leak in leaks if leak.verdict == "certain" for name in leak.columns}
    features = findings.features.reading(
        tuple(each for each in findings.features.features if each.name not in gone)
    )
    schema = with_features(findings.schema, [schema_of(features.features)])
    outlook = findings.outlook
    if features.features:
        report("Foreseeing what a model with these features is worth")
        outlook = outlook_of(Subject(plan, frame, schema, Workspace(around.folder), crew))
    return msgspec.structs.replace(
        findings,
        schema=schema,
        profile=(*findings.profile, *make_profile(frame, own, case.strengths)),
        leaks=(*findings.leaks, *leaks),
        features=features,
        outlook=outlook,
        requests=tuple(_marked(each, leaks, gone) for each in findings.requests),
    )


def _marked(request: Request, leaks: Sequence[Leak], gone: set[str]) -> Request:
    if not set(request.features) & gone:
        return request
    evidence = next(leak.evidence for leak in leaks if set(leak.columns) & set(request.features))
    kept = not set(request.features) <= gone
    return msgspec.structs.replace(request, kept=kept, reason=f"It knows the answer: {evidence}")


def _names(schema: Schema) -> tuple[str, ...]:
    return tuple(column.name for column in schema.features)
