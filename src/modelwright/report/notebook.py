"""Documents, programs and models as a notebook shows them: small, escaped, without style or script.

Colours and fonts are those of the notebook, so that it reads well in the light and in the dark.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from modelwright.compute.budget import format_duration
from modelwright.compute.limits import format_latency
from modelwright.documents import (
    Candidate,
    Deliveries,
    Document,
    Findings,
    Gameday,
    Health,
    Plan,
    Release,
    Retraining,
)
from modelwright.predictor.model import Model
from modelwright.predictor.program import Program
from modelwright.report.dossier import Dossier
from modelwright.report.everyday import answer
from modelwright.report.gameday import harm_of, late_of, ordered, verdict_of
from modelwright.report.hundreds import hundreds
from modelwright.report.rendering import environment
from modelwright.report.words import (
    association,
    clip,
    gain,
    interval,
    listed,
    metric_title,
    moment,
    number,
    percent,
    plural,
    size,
)

_ROWS = 8

Told = Iterator[tuple[str, str]]
"""Labels with what stands beside them."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is shown of a value.

    Parameters
    ----------
    kind
        What it is.
    sentence
        The first thing to know.
    facts
        Labels with what stands beside them; those without are left out.
    headings, rows
        A table below; none where there are no rows.
    footer
        Where more of it is.
    """

    kind: str
    sentence: str
    facts: Sequence[tuple[str, str]] = ()
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    footer: str = ""


def show(value: object) -> str:
    """Return a document, a program or a model as a fragment of HTML.

    Parameters
    ----------
    value
        The value.

    Raises
    ------
    TypeError
        When it is another value.
    """
    if isinstance(value, Model):
        value = value.bundle.program
    told = next((make for kind, make in _CARDS.items() if isinstance(value, kind)), None)
    if told is None:
        name = type(value).__name__
        raise TypeError(f"A notebook shows documents, programs and models, not {name}.")
    return _render(told(value))


def show_project(name: str, dossier: Dossier) -> str:
    """Return a project as a fragment of HTML: the question, the answer so far, its documents.

    Parameters
    ----------
    name
        Of its folder.
    dossier
        Its documents.
    """
    if not dossier.documents:
        sentence = "Nothing was made here yet. Do the whole job: project.run()"
        return _render(Card(kind="Project", sentence=sentence, footer=name))
    told = answer(dossier)
    made = [(each.file_name, moment(each.made_at)) for each in dossier.documents]
    facts = [("Answer", f"{told.word}. {told.sentence}"), *made]
    return _render(Card(kind="Project", sentence=dossier.question, facts=facts, footer=name))


def _render(card: Card) -> str:
    return environment().get_template("notebook.html").render(card=card)


def _plan(plan: Plan) -> Card:
    facts = [
        ("Target", plan.target),
        ("Task", plan.task.kind),
        ("Metric", metric_title(plan.metric)),
        ("Split", f"{plan.split.kind}, {plural(plan.split.folds, 'fold')}"),
        ("Risks", listed([risk.name for risk in plan.risks])),
        ("Budget", format_duration(plan.budget_s)),
    ]
    rows = [
        (scheme.title, format_duration(scheme.expected_s), "chosen" if scheme.chosen else "")
        for scheme in plan.schemes
    ]
    return _card(plan, "Plan", plan.question, facts, ("Scheme", "Expected time", ""), rows)


def _findings(findings: Findings) -> Card:
    sure = [name for leak in findings.leaks if leak.verdict == "certain" for name in leak.columns]
    facts = [
        ("Training rows", f"{findings.training_rows:,}"),
        ("Columns used", f"{len(findings.schema.features):,}"),
        ("Leaks dropped", listed(sure)),
        ("Refused", listed([each.column for each in findings.refused])),
        ("Problems", listed([each.name for each in findings.problems])),
    ]
    sentence = findings.outlook.sentence if findings.outlook else findings.unforeseen
    ranked = sorted(findings.profile, key=lambda each: -(each.association or 0.0))
    rows = [(each.name, each.kind, association(each.association)) for each in ranked]
    headings = ("Column", "Kind", "Tells the target")
    return _card(findings, "Findings", sentence or "What the data holds.", facts, headings, rows)


def _candidate(candidate: Candidate) -> Card:
    evaluation = candidate.evaluation
    shut = [gate.name for gate in candidate.gates if not gate.passed]
    facts = [
        (metric_title(candidate.metric), interval(evaluation.score)),
        ("The simplest answer", f"{interval(evaluation.baseline_score)}, {candidate.baseline}"),
        ("Paired gain", gain(evaluation.gain)),
        *(("", each.sentence) for each in hundreds(candidate)),
        ("Main columns", listed([each.column for each in evaluation.importances if each.low > 0])),
        ("Gates", f"shut: {listed(shut)}" if shut else "all green"),
        ("Took", f"{format_duration(candidate.seconds)} of {format_duration(candidate.budget_s)}"),
    ]
    rows = [
        (trial.title, number(trial.score), gain(trial.gain), percent(trial.weight))
        for trial in candidate.trials
    ]
    headings = ("Learner", "Score", "Gain", "Weight")
    return _card(candidate, "Candidate", candidate.verdict, facts, headings, rows)


def _release(release: Release) -> Card:
    shut = [gate.name for gate in release.gates if not gate.passed]
    latency = release.row_latency_s
    facts = [
        ("Gates", f"shut: {listed(shut)}" if shut else "all green"),
        ("Bundle", release.bundle_path),
        ("Hash", release.bundle_hash[:12]),
        ("Size", size(release.bundle_bytes) if release.bundle_bytes else ""),
        ("One row", "" if latency is None else format_latency(latency)),
    ]
    sentence = "Released." if release.released else "Not released."
    return _card(release, "Release", sentence, facts)


def _health(health: Health) -> Card:
    alarms = [each.column for each in health.drift if each.verdict == "alarm"]
    facts = [
        ("To do", "nothing" if health.healthy else health.action),
        (f"{metric_title(health.metric)}, live", interval(health.realised)),
        ("As expected", interval(health.expected)),
        ("Rows", f"{health.rows:,}, the truth is known of {health.labelled:,}"),
        ("Causes", listed([each.kind for each in health.causes])),
        ("Drift alarms", listed(alarms)),
    ]
    rows = [
        (each.remedy, "" if each.saves is None else percent(each.saves.value), each.sentence)
        for each in health.remedies
    ]
    return _card(health, "Health", health.sentence, facts, ("Remedy", "Spares", ""), rows)


def _deliveries(deliveries: Deliveries) -> Card:
    rows = [
        (each.target, each.folder, "checked" if each.passed else "a check failed")
        for each in deliveries.delivered
    ]
    return _card(deliveries, "Deliveries", "", (), ("Target", "Folder", ""), rows)


def _retraining(retraining: Retraining) -> Card:
    rows = [
        (f"every {plural(each.every, 'window')}, {each.span}", percent(each.saves.value))
        for each in retraining.policies
    ]
    headings = ("Policy", "Spares of the loss")
    return _card(retraining, "Retraining", retraining.sentence, (), headings, rows)


def _gameday(gameday: Gameday) -> Card:
    rows = [
        (each.fault, listed(each.columns), late_of(each), harm_of(each))
        for each in ordered(gameday)
    ]
    headings = ("Fault", "In", "Found", "Harm")
    return _card(gameday, "Gameday", verdict_of(gameday), (), headings, rows)


def _program(program: Program) -> Card:
    classes = program.task.classes
    steps = Counter(type(step).__name__ for step in program.steps)
    facts = [
        ("Task", program.task.kind),
        ("Classes", listed(classes) if classes else ""),
        ("Reads", listed([each.name for each in program.inputs])),
        ("Threshold", number(program.threshold) if program.task.kind == "binary" else ""),
        ("Weights of classes", ", ".join(map(number, program.weights))),
    ]
    sentence = f"{plural(len(program.inputs), 'column')} in, {program.task.n_outputs} out."
    rows = [(name, f"{count:,}") for name, count in steps.most_common()]
    return Card(
        kind="Program",
        sentence=sentence,
        facts=_known(facts),
        headings=("Operation", "Steps"),
        rows=rows[:_ROWS],
        footer=_left(rows),
    )


def _card(
    document: Document,
    kind: str,
    sentence: str,
    facts: Sequence[tuple[str, str]],
    headings: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
) -> Card:
    footer = f"{document.file_name}, {moment(document.made_at)}{_left(rows)}"
    return Card(
        kind=kind,
        sentence=sentence,
        facts=_known(facts),
        headings=headings,
        rows=rows[:_ROWS],
        footer=footer,
    )


def _known(facts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, clip(text, 300)) for label, text in facts if text]


def _left(rows: Sequence[object]) -> str:
    more = len(rows) - _ROWS
    return f"; {plural(more, 'more row')}" if more > 0 else ""


_CARDS: Mapping[type, Callable[[Any], Card]] = MappingProxyType(
    {
        Plan: _plan,
        Findings: _findings,
        Candidate: _candidate,
        Release: _release,
        Health: _health,
        Deliveries: _deliveries,
        Retraining: _retraining,
        Gameday: _gameday,
        Program: _program,
    }
)
