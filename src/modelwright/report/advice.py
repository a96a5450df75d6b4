"""What to do next, and what the model must not be used for."""

from dataclasses import dataclass

from modelwright.documents import Candidate, Findings, Health, Plan, SliceScore
from modelwright.report.dossier import Dossier
from modelwright.report.everyday import positive_name
from modelwright.report.words import clip, interval, listed, moment, of_100, value
from modelwright.tasks.metrics import words_for

_SLICES = 3
_RISKS = 4


@dataclass(frozen=True)
class Step:
    """Something to do, and the command for it where there is one."""

    sentence: str
    command: str = ""


def next_steps(dossier: Dossier) -> tuple[Step, ...]:
    """Return what to do next, the most pressing first."""
    candidate, health = dossier.candidate, dossier.health
    if candidate is None:
        return (*_doubts(dossier.findings), Step("Let the model be built.", "modelwright run"))
    if not candidate.worth_it:
        return (
            Step(f"Go on with the simplest answer: {clip(candidate.baseline)}."),
            Step(
                "Look for columns that are known in time and say more about "
                f"“{clip(dossier.target, 40)}”, or for more rows; then ask again.",
                "modelwright run",
            ),
        )
    if shut := dossier.failed_gates:
        mend = tuple(Step(f"Mend “{gate.name}”: {clip(gate.evidence, 300)}.") for gate in shut)
        return (*mend, Step("Then build and test again.", "modelwright run"))
    if dossier.release is None:
        return (*_doubts(dossier.findings), Step("Test and release it.", "modelwright deploy"))
    if health is not None:
        return (*_act_on(health), *_doubts(dossier.findings))
    return (
        *_doubts(dossier.findings),
        Step("Let it answer.", "modelwright serve --workspace ."),
        Step("Tell it later what really happened.", "modelwright label LABELS"),
        Step("Then ask how it does.", "modelwright maintain"),
    )


def limits(dossier: Dossier) -> tuple[str, ...]:
    """Return what the model must not be used for, each drawn from the documents."""
    candidate = dossier.candidate
    if candidate is None:
        return ()
    if not candidate.worth_it:
        return ("Not for any decision: the simplest answer may do as well.",)
    return (
        *_not_released(dossier),
        *_not_certain(candidate),
        *_only_alike(candidate, dossier.plan),
        *_weak_slices(candidate),
        *_risks(dossier),
        "Not for saying why: what drives its answers need not be what causes them.",
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


def _act_on(health: Health) -> tuple[Step, ...]:
    match health.action:
        case "keep":
            return (Step("Keep it, and ask again later.", "modelwright maintain"),)
        case "wait for labels":
            return (
                Step("Tell it what really happened.", "modelwright label LABELS"),
                Step("Then ask again how it does.", "modelwright maintain"),
            )
        case "fix input":
            return (
                Step("Mend what is sent to the model: live rows break the data contract."),
                Step("Test the mended data.", "modelwright check DATA"),
            )
        case "recalibrate":
            return (
                Step("Build it again on newer rows: its probabilities are off.", "modelwright run"),
            )
        case "retrain":
            return (
                Step("Build it again on rows that hold the newest answers.", "modelwright run"),
            )
        case _:
            return (Step("Call the person who knows the data: the cause is not plain."),)


def _doubts(findings: Findings | None) -> tuple[Step, ...]:
    """Questions that only the owner of the data can answer."""
    leaks = () if findings is None else findings.leaks
    names = [name for leak in leaks if leak.verdict == "suspicious" for name in leak.columns]
    if not names:
        return ()
    return (
        Step(
            f"Ask the owner of the data whether {listed(names)} {_is(len(names))} known at the "
            "moment of the prediction; if not, leave out what is not.",
            "modelwright run --exclude COLUMN",
        ),
    )


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _not_released(dossier: Dossier) -> tuple[str, ...]:
    if not dossier.failed_gates:
        return ()
    return ("Not for any decision before it has passed every test.",)


def _not_certain(candidate: Candidate) -> tuple[str, ...]:
    evaluation = candidate.evaluation
    if candidate.task.kind != "binary" or not (evaluation.warned and evaluation.positives):
        return ()
    false = of_100(evaluation.warned - evaluation.warned_right, evaluation.warned)
    missed = of_100(evaluation.positives - evaluation.warned_right, evaluation.positives)
    what = positive_name(candidate.task, candidate.target)
    return (
        f"Not as a certainty: {false} of 100 warnings are false alarms, and it misses {missed} "
        f"of 100 cases that were {what}.",
    )


def _only_alike(candidate: Candidate, plan: Plan | None) -> tuple[str, ...]:
    learned = f"it learned from {candidate.training_rows:,} rows"
    if plan is None or plan.split.kind not in ("time", "group"):
        return (f"Not for cases of another kind: {learned} of this one.",)
    column = clip(plan.split.column, 40)
    if plan.split.kind == "group":
        return (
            f"Not for cases of another kind: {learned} and was tested on values of “{column}” "
            "that it had not met.",
        )
    since = f" from {moment(plan.split.boundary)} on" if plan.split.boundary else ""
    return (
        f"Not forever: {learned} and was tested on the later ones{since}, by “{column}”; "
        "when the world changes, its scores no longer hold.",
    )


def _weak_slices(candidate: Candidate) -> tuple[str, ...]:
    whole = value(candidate.evaluation.score)
    return tuple(
        f"With care where “{clip(each.column, 40)}” is “{clip(each.level, 40)}”: its score there "
        f"is {interval(each.score)}, on all cases {whole}."
        for each in weak_slices(candidate)[:_SLICES]
    )


def _risks(dossier: Dossier) -> tuple[str, ...]:
    told = (
        *(dossier.plan.risks if dossier.plan else ()),
        *(dossier.findings.problems if dossier.findings else ()),
    )
    grave = [risk for risk in told if risk.severity != "note"]
    return tuple(f"With care: {clip(risk.sentence, 300)}." for risk in grave[:_RISKS])
