"""The room's function: a brief becomes a plan."""

from collections.abc import Callable, Sequence
from datetime import datetime

from modelwright.compute.budget import Budget
from modelwright.compute.limits import Limits, limits_of
from modelwright.documents import Brief, Cost, Plan, Risk, gravest_first
from modelwright.learners.registry import LEARNERS
from modelwright.plan.cost import as_past_runs, foresee_cost
from modelwright.plan.gates import list_gates
from modelwright.plan.groundwork import Groundwork, Material, lay_groundwork
from modelwright.plan.named_columns import parts_of
from modelwright.plan.pace import Work
from modelwright.plan.probes import Probe, probe_learners
from modelwright.plan.risks import list_risks, ruled_by_few, suspicious_score
from modelwright.plan.schemes import USUAL_SCHEMES, list_schemes, probed_learners
from modelwright.workspace.history import PastRun

_PROBE_SHARE = 0.06
"""Of the budget, for the probes."""
_LONGEST_PROBES_S = 15.0

Report = Callable[[str], None]


def make_plan(
    brief: Brief,
    material: Material,
    *,
    budget: Budget,
    clock: Callable[[], datetime],
    report: Report,
    schemes: Sequence[str] = USUAL_SCHEMES,
) -> Plan:
    """Plan how a question will be answered and how the answer will be judged.

    Parameters
    ----------
    brief
        The question.
    material
        The table.
    budget
        For the whole run; the probes take a small share.
    clock
        Says when the document was made.
    report
        Told what happens, a sentence at a time.
    schemes
        Those that are drawn up, by their names.

    Raises
    ------
    SourceError
        When the table has fewer than two rows.
    SchemaError
        When a column that the brief names is not there or does not serve its purpose, or no column
        is left to predict from.
    TargetError
        When the target cannot be learned.
    BriefError
        When what the brief says contradicts itself.
    BudgetError
        When the person's own metric takes too long for the time given.
    """
    groundwork = lay_groundwork(brief, material, budget_s=budget.seconds, report=report)
    probes = _probe(groundwork, schemes, budget, report=report)
    cost = _cost(groundwork, budget, history=material.history)
    drawn_up = list_schemes(probes, _work(groundwork, budget), groundwork.metric, schemes=schemes)
    table, metric = groundwork.table, groundwork.metric
    return Plan(
        made_at=clock().isoformat(),
        question=brief.question or f"Predict {brief.target!r}.",
        target=brief.target,
        table=material.facts,
        schema=table.schema,
        task=table.task,
        metric=metric.name,
        metric_reason=groundwork.metric_reason,
        split=groundwork.split,
        schemes=as_past_runs(drawn_up, cost),
        risks=_risks(groundwork, drawn_up[-1].expected_score),
        gates=list_gates(metric, goal=brief.goal),
        budget_s=budget.seconds,
        seed=brief.seed,
        moment=brief.moment,
        exclude=brief.exclude,
        keep=parts_of(brief.keep, table.schema),
        costs=brief.costs,
        goal=brief.goal,
        cases_a_day=groundwork.cases_a_day,
        cost=cost,
        limits=_limits(brief),
        score_s=metric.score_s,
    )


def _probe(
    groundwork: Groundwork, schemes: Sequence[str], budget: Budget, *, report: Report
) -> tuple[Probe, ...]:
    tried = [LEARNERS[name] for name in probed_learners(schemes)]
    if tried:
        report("Trying learners on a sample")
    ground = groundwork.ground
    left = budget.share(_PROBE_SHARE)
    return probe_learners(
        tried,
        ground,
        budget=left.reserve(max(0.0, left.seconds - _LONGEST_PROBES_S)),
        seed=groundwork.brief.seed,
    )


def _cost(groundwork: Groundwork, budget: Budget, *, history: tuple[PastRun, ...]) -> Cost:
    table = groundwork.table
    return foresee_cost(
        rows=int(groundwork.learnable.sum()),
        features=len(table.schema.features),
        outputs=table.task.n_outputs,
        budget_s=budget.seconds,
        history=history,
        most_bytes=_limits(groundwork.brief).size_bytes,
    )


def _work(groundwork: Groundwork, budget: Budget) -> Work:
    """Return what one fold learns from: folds that go forward in time learn from half of it."""
    split = groundwork.split
    part = 0.5 if split.kind == "time" else (split.folds - 1) / split.folds
    rows = max(1, int(groundwork.learnable.sum() * part))
    return Work(rows, split.folds, budget.remaining_s)


def _limits(brief: Brief) -> Limits:
    return limits_of(brief.max_latency, size=brief.max_size, memory=brief.max_memory)


def _risks(groundwork: Groundwork, best: float | None) -> tuple[Risk, ...]:
    metric = groundwork.metric
    found = (
        *list_risks(
            groundwork.table, groundwork.split, held=groundwork.held, truth=groundwork.truth
        ),
        *ruled_by_few(groundwork.answers, metric, groundwork.brief.target),
        *suspicious_score(best, metric),
    )
    return gravest_first(found)
