"""Related tables: relations are found, features made, proven and measured, and the payers kept."""

from collections.abc import Callable

import msgspec
import numpy as np
import polars as pl

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.data.relations.compute import compute_features, one_database
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.find import find_relations
from modelwright.data.relations.proof import Refutation, refute_features
from modelwright.data.relations.propose import propose_features
from modelwright.data.relations.relation import Relation
from modelwright.data.relations.table import Question
from modelwright.data.schema import Kind, Role, Schema
from modelwright.documents import Findings, Plan
from modelwright.explore.problems.base import Subject
from modelwright.explore.related.gains import MOST_ROWS, Ground
from modelwright.explore.related.leaks import look_for_leaks
from modelwright.explore.related.payers import MOST_SUPPLIED, Search, by_column
from modelwright.explore.related.requests import ranked
from modelwright.explore.related.surroundings import Surroundings
from modelwright.explore.sample import answered

_SHARE, _LEAST_S, _MOST_S = 0.25, 5.0, 90.0
"""Of the budget, for measuring."""
_FEWEST_ROWS, _ROWS_PER_S = 2_000, 80

Report = Callable[[str], None]


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
    findings: Findings, subject: Subject, around: Surroundings, *, report: Report
) -> Findings:
    """Return findings with what related tables add to them.

    Parameters
    ----------
    findings
        Of the question's table alone.
    subject
        That table, and who learns what is measured.
    around
        Its related tables.
    report
        Told what happens, a sentence at a time.
    """
    tables = "table" if len(around.tables) == 1 else "tables"
    report(f"Looking for relations to {len(around.tables):,} {tables}")
    plan = subject.plan
    found = find_relations(Question(around.rows, plan.schema, moment_of(plan)), around.tables)
    if not found.relations:
        return msgspec.structs.replace(findings, unrelated=found.refused)
    proposed = _propose(found.relations, around)
    search = _measured(findings, subject, proposed, around=around, report=report)
    supplied = search.supplied(proposed)
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
    return look_for_leaks(made, subject, around, report=report)


def _propose(relations: tuple[Relation, ...], around: Surroundings) -> FeatureSet:
    features = (each for one in relations for each in propose_features(one, around.frames))
    return FeatureSet(relations=relations, features=tuple(features))


def _measured(
    findings: Findings,
    subject: Subject,
    proposed: FeatureSet,
    *,
    around: Surroundings,
    report: Report,
) -> Search:
    """Measure what relations and their parts gain on some of the rows."""
    plan, training = subject.plan, subject.training
    places = _draw(training, plan, most=_most_rows(plan))
    report(f"Computing {len(proposed.features):,} features for {len(places):,} rows")
    values = compute_features(proposed, around.rows[places], around.frames)
    usable = _usable(proposed, values, plan.schema)
    search = _search(findings, training[places].hstack(values), usable, around, subject.crew)
    report(f"Measuring what they gain in {search.ground.comparisons:,} comparisons")
    # All relations before any of their parts: the time may not suffice for all.
    wholes = search.gains([usable.of(relation) for relation in usable.relations])
    for relation, whole in zip(usable.relations, wholes, strict=True):
        search.try_relation(relation, usable.of(relation), whole)
    return search


def _sound(
    kept: FeatureSet, around: Surroundings, plan: Plan, report: Report
) -> tuple[FeatureSet, tuple[Refutation, ...]]:
    """Leave out what changes with the future, whatever it gains."""
    if not kept.features:
        return kept, ()
    report("Checking that no feature changes with the future")
    with one_database() as compute:
        refuted = refute_features(kept, around.rows, around.frames, compute=compute, seed=plan.seed)
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
) -> Search:
    plan = findings.plan
    groups = sum(len(by_column(usable.of(each))) for each in usable.relations)
    own = min(len(findings.schema.features), MOST_SUPPLIED)
    ground = Ground(
        frame=frame,
        plan=plan,
        metric=plan.metric_in(around.folder),
        comparisons=2 * len(usable.relations) + groups + own,
        budget=Budget.start(min(max(_SHARE * plan.budget_s, _LEAST_S), _MOST_S)),
        crew=crew,
    )
    return Search(ground, findings.schema, frame, plan)
