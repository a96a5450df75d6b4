"""What to do next, and what the model must not be used for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from modelwright.documents import Candidate, Findings, Gate, Health, Plan, SliceScore
from modelwright.report.dossier import Dossier
from modelwright.report.hundreds import positive_name
from modelwright.report.sources import Part, Said
from modelwright.report.voice import ENGLISH, Voice
from modelwright.report.words import clip, of_100, value
from modelwright.tasks.metrics import words_for

_TIMES, _TIMES_OF_LATE = 2.5, 1.2
_SLICES = 3
_MISSING = "(missing)"
"""How documents name the level of rows without one."""
_RISKS = 4


@dataclass(frozen=True)
class Step:
    """Something to do, and the command for it where there is one."""

    sentence: str
    command: str = ""


def next_steps(dossier: Dossier, voice: Voice = ENGLISH) -> tuple[Step, ...]:
    """Return what to do next, the most pressing first."""

    def step(key: str, command: str = "", about: object = None, **filled: str) -> Step:
        return Step(Said(voice.say(f"step.{key}", **filled), about), command)

    candidate, health = dossier.candidate, dossier.health
    doubts = _doubts(dossier.findings, voice)
    if dossier.only_watches:
        return tuple(_from_afar(health, voice))
    if candidate is None:
        return (*doubts, step("build", "modelwright run"))
    if candidate.is_baseline:
        return (step("time", longer_run(candidate), Part(candidate, "seconds")),)
    if not candidate.worth_it:
        target = voice.quoted(clip(dossier.target, 40))
        return (
            step(
                "simplest",
                about=Part(candidate, "baseline"),
                baseline=clip(candidate.baseline),
            ),
            step("columns", "modelwright run", Part(candidate, "target"), target=target),
        )
    if shut := dossier.failed_gates:
        mend = (
            step("mend", about=each, gate=each.name, evidence=clip(each.evidence, 300))
            for each in shut
        )
        if is_late(shut):
            return (*mend, step("again", longer_run(candidate), Part(candidate, "seconds")))
        return (*mend, step("again", "modelwright run"))
    if dossier.release is None:
        return (*doubts, step("release", "modelwright deploy"))
    if health is not None:
        return (*_act_on(health, voice, _ACTS), *doubts)
    return (
        *doubts,
        step("serve", "modelwright serve --workspace ."),
        step("label", "modelwright label LABELS"),
        step("maintain", "modelwright maintain"),
    )


def longer_run(candidate: Candidate) -> str:
    """Return the command that leaves learners more than half of the time, or ends in time.

    What a run took that was too short for learners was no learning, and is taken again.
    """
    times = _TIMES if candidate.is_baseline else _TIMES_OF_LATE
    return f"modelwright run --budget {ceil(times * candidate.seconds / 10) * 10}s"


def is_late(shut: Sequence[Gate]) -> bool:
    """Say whether the time is all that shut a gate."""
    return [gate.name for gate in shut] == ["the budget is kept"]


def limits(dossier: Dossier, voice: Voice = ENGLISH) -> tuple[Said, ...]:
    """Return what the model must not be used for, each drawn from the documents."""
    candidate = dossier.candidate
    if candidate is None:
        return ()
    if not candidate.worth_it:
        return (Said(voice.say("limit.no_decision")),)
    return (
        *([Said(voice.say("limit.not_released"))] if dossier.failed_gates else []),
        *_not_certain(candidate, voice),
        _only_alike(candidate, dossier.plan, voice),
        *_not_far_ahead(candidate, voice),
        *_weak_slices(candidate, voice),
        # Risks are told by the documents, which speak English.
        *(_risks(dossier) if voice is ENGLISH else ()),
        Said(voice.say("limit.causes")),
    )


def weak_slices(candidate: Candidate) -> tuple[SliceScore, ...]:
    """Return the slices whose whole interval is worse than the holdout's score, worst first."""
    words = words_for(candidate.metric)
    score = candidate.evaluation.score.value
    if words is None:
        return ()
    if words[1] == "maximize":
        return tuple(each for each in candidate.evaluation.slices if each.score.high < score)
    return tuple(each for each in candidate.evaluation.slices if each.score.low > score)


_ACTS = {
    "keep": (("keep", "modelwright maintain"),),
    "wait for labels": (
        ("label_now", "modelwright label LABELS"),
        ("maintain_again", "modelwright maintain"),
    ),
    "fix input": (
        ("fix", ""),
        ("check", "modelwright check DATA"),
        ("undo", "modelwright maintain --propose"),
    ),
    "recalibrate": (("recalibrate", "modelwright maintain --propose"),),
    "retrain": (("retrain", "modelwright run"),),
}
"""What is done about a model's health: messages of steps, and commands."""

_ACTS_FROM_AFAR = _ACTS | {
    "fix input": (("fix", ""), ("check", "modelwright check DATA")),
    "recalibrate": (("makers_correct", ""),),
    "retrain": (("makers_retrain", ""),),
}
"""The same about a model that somebody else runs, and that is not here."""

_ASK_FROM_AFAR = (("label", "modelwright label LABELS"), ("maintain", "modelwright maintain"))


def _from_afar(health: Health | None, voice: Voice) -> Iterator[Step]:
    """Yield what can be done where only the log of a model is here."""
    if health is not None:
        yield from _act_on(health, voice, _ACTS_FROM_AFAR)
        return
    for key, command in _ASK_FROM_AFAR:
        yield Step(Said(voice.say(f"step.{key}")), command)


def _act_on(
    health: Health, voice: Voice, acts: Mapping[str, Sequence[tuple[str, str]]]
) -> Iterator[Step]:
    # A row without an answer is no change of a column that a remedy could undo.
    undoable = not health.causes or any(each.kind != "no answer" for each in health.causes)
    for key, command in acts.get(health.action, (("person", ""),)):
        if key == "undo" and not undoable:
            continue
        told = _mend(health, voice) if key == "fix" else Said(voice.say(f"step.{key}"))
        yield Step(told, command)


def _mend(health: Health, voice: Voice) -> Said:
    """Name the columns of the likeliest cause, else that of the first broken rule."""
    causes, rules = health.causes[:1], health.broken_rules[:1]
    columns = causes[0].columns if causes else [each.column for each in rules]
    names = [voice.quoted(clip(name, 40)) for name in columns if name]
    if not names:
        return Said(voice.say("step.fix"))
    return Said(voice.say("step.fix_columns", names=voice.listed(names)), *(causes or rules))


def _doubts(findings: Findings | None, voice: Voice) -> tuple[Step, ...]:
    """Questions that only the owner of the data can answer."""
    leaks = () if findings is None else findings.leaks
    names = [name for leak in leaks if leak.verdict == "suspicious" for name in leak.columns]
    if not names:
        return ()
    key = "step.doubt" if len(names) == 1 else "step.doubts"
    sentence = voice.say(key, names=voice.listed(names))
    told = Said(sentence, *(leak for leak in leaks if leak.verdict == "suspicious"))
    return (Step(told, "modelwright run --exclude COLUMN"),)


def _not_certain(candidate: Candidate, voice: Voice) -> tuple[Said, ...]:
    evaluation = candidate.evaluation
    if candidate.task.kind != "binary" or not (evaluation.warned and evaluation.positives):
        return ()
    false = of_100(evaluation.warned - evaluation.warned_right, evaluation.warned)
    missed = of_100(evaluation.positives - evaluation.warned_right, evaluation.positives)
    told = voice.say(
        "limit.not_certain",
        false=voice.figure(false),
        missed=voice.figure(missed),
        what=positive_name(candidate.task, candidate.target, voice),
    )
    counts = (Part(evaluation, name) for name in ("warned_right", "warned", "positives"))
    return (Said(told, *counts, Part(candidate, "target"), Part(candidate, "task")),)


def _only_alike(candidate: Candidate, plan: Plan | None, voice: Voice) -> Said:
    told = _alike(candidate, plan, voice)
    return Said(told, Part(candidate, "training_rows"), plan.split if plan else None)


def _alike(candidate: Candidate, plan: Plan | None, voice: Voice) -> str:
    rows = voice.count(candidate.training_rows)
    if plan is None or plan.split.kind not in ("time", "group"):
        return voice.say("limit.other_kind", rows=rows)
    column = voice.quoted(clip(plan.split.column, 40))
    if plan.split.kind == "group":
        return voice.say("limit.other_group", rows=rows, column=column)
    if not plan.split.boundary:
        return voice.say("limit.not_forever", rows=rows, column=column)
    since = voice.day(plan.split.boundary)
    return voice.say("limit.not_forever_since", rows=rows, column=column, since=since)


def _not_far_ahead(candidate: Candidate, voice: Voice) -> tuple[Said, ...]:
    if not candidate.trend_until:
        return ()
    told = voice.say("limit.trend", until=voice.day(candidate.trend_until))
    return (Said(told, Part(candidate, "trend_until")),)


def _weak_slices(candidate: Candidate, voice: Voice) -> tuple[Said, ...]:
    whole = voice.figure(value(candidate.evaluation.score))
    return tuple(
        Said(
            voice.say(
                "limit.slice",
                column=voice.quoted(clip(each.column, 40)),
                level=_level(each.level, voice),
                score=voice.interval(each.score),
                whole=whole,
            ),
            each,
            candidate.evaluation.score,
        )
        for each in weak_slices(candidate)[:_SLICES]
    )


def _level(level: str, voice: Voice) -> str:
    """Return a level as it is; that there is none is said in the reader's language."""
    return voice.say("missing") if level == _MISSING else voice.quoted(clip(level, 40))


def _risks(dossier: Dossier) -> tuple[Said, ...]:
    told = (
        *(dossier.plan.risks if dossier.plan else ()),
        *(dossier.findings.problems if dossier.findings else ()),
    )
    # Of the same name, what was found in the rows says more than what was planned.
    grave = [
        *{(risk.name, risk.columns): risk for risk in told if risk.severity != "note"}.values()
    ]
    sentences = ((risk, clip(risk.sentence, 300).rstrip(".")) for risk in grave[:_RISKS])
    return tuple(Said(f"With care: {sentence}.", risk) for risk, sentence in sentences)
