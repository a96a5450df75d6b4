"""The room's function: a plan becomes findings."""

from collections.abc import Callable, Mapping
from datetime import datetime

import polars as pl

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.compute.crews.here import Here
from modelwright.compute.memory import release_memory
from modelwright.compute.threads import one_thread_each
from modelwright.data.schema import Role, Schema
from modelwright.documents import Findings, Leak, Plan, Refusal
from modelwright.explore.association import Strength
from modelwright.explore.contract import make_contract
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.search import find_leaks
from modelwright.explore.outlook import with_outlook
from modelwright.explore.problems.base import Subject
from modelwright.explore.problems.registry import list_problems
from modelwright.explore.problems.rows import count_copies
from modelwright.explore.profile import make_profile
from modelwright.explore.refusals import find_refusals
from modelwright.explore.related.search import explore_related
from modelwright.explore.related.surroundings import Surroundings
from modelwright.explore.written import Written
from modelwright.workspace.folder import Workspace

Report = Callable[[str], None]


def _silent(sentence: str) -> None:
    """Say nothing."""


@one_thread_each()
def make_findings(
    plan: Plan,
    training: pl.DataFrame,
    workspace: Workspace,
    *,
    clock: Callable[[], datetime],
    report: Report = _silent,
    surroundings: Surroundings | None = None,
    crew: Crew | None = None,
    budget: Budget | None = None,
    written: Written | None = None,
) -> Findings:
    """Find out what the training rows hold and what of it may be used.

    Parameters
    ----------
    plan
        The question. Its schema says what the columns are for.
    training
        The prepared training rows, also those without a target: they tell which columns are
        recorded together with it.
    workspace
        Where the data contract is written.
    clock
        Says when the document was made.
    report
        Told what happens, a sentence at a time.
    surroundings
        Related tables, with the raw training rows that lead to them; None where there are none.
    crew
        Who learns what is measured; None for the threads of this process.
    budget
        Of the build that follows. When more than half of it is gone, what is left is kept for
        learners: what only quick models show is not looked for, and what a model is worth is not
        foreseen. None where nobody waits.
    written
        The training rows as the person wrote them, for lists of rows; None for the prepared ones.

    Returns
    -------
    Findings
        In its schema, columns that are refused or leak for certain are ignored.
    """
    report(f"Reading {training.height:,} training rows")
    refused = find_refusals(plan, training)
    leaks, strengths = _look_for_leaks(plan, training, refused, report)
    gone = (*(each.column for each in refused), *_certain(leaks))
    schema = _ignore(plan.schema, *gone)
    subject = Subject(plan, training, schema, workspace, crew or Here(), budget, written)
    report("Looking for what may spoil the model")
    problems = list_problems(subject)
    report("Writing the data contract")
    findings = Findings(
        made_at=clock().isoformat(),
        plan=plan,
        schema=schema,
        profile=make_profile(training, plan.schema, strengths),
        leaks=leaks,
        refused=refused,
        problems=problems,
        training_rows=training.height,
        duplicate_rows=count_copies(training),
        contract_path=make_contract(training, schema, workspace, address=plan.table.address),
    )
    if surroundings is not None:
        findings = explore_related(findings, subject, surroundings, report=report)
    if findings.features.features:
        return findings  # what a model with them is worth has been foreseen
    return with_outlook(findings, subject, report=report)


def _look_for_leaks(
    plan: Plan, training: pl.DataFrame, refused: tuple[Refusal, ...], report: Report
) -> tuple[tuple[Leak, ...], Mapping[str, Strength]]:
    """Return what leaks, and how well each column alone tells the target."""
    case = Case.of(plan, training, _ignore(plan.schema, *(each.column for each in refused)))
    report(f"Looking for leaks in {len(case.names):,} column{'s' * (len(case.names) != 1)}")
    leaks, strengths = find_leaks(case, keep=plan.keep), case.strengths
    del case  # its numbers and codes of every column take as much as the table does, twice
    release_memory()
    return leaks, strengths


def _certain(leaks: tuple[Leak, ...]) -> list[str]:
    return [name for leak in leaks if leak.verdict == "certain" for name in leak.columns]


def _ignore(schema: Schema, *names: str) -> Schema:
    """Ignore features; ids keep their role."""
    features = {column.name for column in schema.features}
    return schema.assign(Role.IGNORED, *(name for name in names if name in features))
