"""Features of related tables are judged as every other column is."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from modelwright.data.relations.compute import compute_features
from modelwright.data.relations.propose import schema_of
from modelwright.data.schema import Schema
from modelwright.documents import Findings, Leak, Request, Risk, gravest_first
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.search import find_leaks
from modelwright.explore.outlook import with_outlook
from modelwright.explore.problems.base import Subject
from modelwright.explore.problems.small_holdout import find_small_holdout
from modelwright.explore.profile import make_profile
from modelwright.explore.related.gains import with_features, without
from modelwright.explore.related.surroundings import Surroundings

Report = Callable[[str], None]


def look_for_leaks(
    findings: Findings, subject: Subject, around: Surroundings, *, report: Report
) -> Findings:
    """Judge the features that are kept as every other column is judged; add them to the schema."""
    plan = findings.plan
    report(f"Looking for leaks in {len(findings.features.features):,} features")
    values = compute_features(findings.features, around.rows, around.frames)
    frame, own = subject.training.hstack(values), schema_of(findings.features.features)
    alone = Schema(columns=(*without(plan.schema, _names(plan.schema)).columns, *own.columns))
    case = Case.of(plan, frame, alone)
    leaks = find_leaks(case, keep=plan.keep)
    gone = {name for leak in leaks if leak.verdict == "certain" for name in leak.columns}
    features = findings.features.reading(
        tuple(each for each in findings.features.features if each.name not in gone)
    )
    schema = with_features(findings.schema, [schema_of(features.features)])
    found = msgspec.structs.replace(
        findings,
        schema=schema,
        profile=(*findings.profile, *make_profile(frame, own, case.strengths)),
        leaks=(*findings.leaks, *leaks),
        features=features,
        requests=tuple(_marked(each, leaks, gone) for each in findings.requests),
    )
    if not features.features:
        return found
    widened = replace(subject, training=frame, schema=schema)
    problems = _judged_again(found.problems, widened)
    return with_outlook(msgspec.structs.replace(found, problems=problems), widened, report=report)


def _judged_again(problems: Sequence[Risk], subject: Subject) -> tuple[Risk, ...]:
    """Say anew whether the holdout can show the gain: with the features it is another one."""
    if subject.rehearsal is None:
        return tuple(problems)
    others = (each for each in problems if each.name != "small holdout")
    return gravest_first((*others, *find_small_holdout(subject)))


def _marked(request: Request, leaks: Sequence[Leak], gone: set[str]) -> Request:
    if not set(request.features) & gone:
        return request
    evidence = next(leak.evidence for leak in leaks if set(leak.columns) & set(request.features))
    kept = not set(request.features) <= gone
    return msgspec.structs.replace(request, kept=kept, reason=f"It knows the answer: {evidence}")


def _names(schema: Schema) -> tuple[str, ...]:
    return tuple(column.name for column in schema.features)
