"""Whether a model is worth its while, told before one is built."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import msgspec
import numpy as np

from modelwright.documents import Expected, Findings, Growth, Outlook, Verdict
from modelwright.errors import LearnerError
from modelwright.explore.feasibility import judge_savings, judge_score
from modelwright.explore.learning_curve import LearningCurve
from modelwright.explore.problems.base import Subject
from modelwright.learners.base import Learner
from modelwright.learners.baseline import Constant, Rule
from modelwright.learners.linear import Linear
from modelwright.learners.rehearsal import Rehearsal
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.costs import Costs
from modelwright.tasks.figures import figure
from modelwright.tasks.goal import Goal, parse_goal
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import bootstrap_interval, paired_difference
from modelwright.tasks.savings import cost_of_mistakes, is_in_money

_SIMPLE: tuple[Learner, ...] = (Constant(), Rule())
_MORE = (2, 10)
"""Times the rows, for which it is told what they would bring."""
_RESAMPLES = 200
_CASES = 1_000


_UNFORESEEN = "What a model is worth is not foreseen: {}."


def with_outlook(
    findings: Findings, subject: Subject, *, report: Callable[[str], None]
) -> Findings:
    """Return findings with what a model of the training rows will score, or why nobody can say."""
    is_hurried = not (subject.has_time or subject.plan.adopts)
    if not is_hurried and subject.rehearsal is not None:
        report("Foreseeing what a model is worth")
    outlook = outlook_of(subject)
    if outlook is not None:
        return msgspec.structs.replace(findings, outlook=outlook)
    unforeseen = _UNFORESEEN.format(subject.unrehearsed)
    report(unforeseen.rstrip("."))
    return msgspec.structs.replace(findings, unforeseen=unforeseen, hurried=is_hurried)


def outlook_of(subject: Subject) -> Outlook | None:
    """Foresee what a model of the training rows will score; None where that cannot be rehearsed."""
    rehearsal, plan, rows = subject.rehearsal, subject.plan, len(subject.rows)
    if rehearsal is None:
        return None
    goal = parse_goal(plan.goal) if plan.goal else None
    if plan.costs is None or len(plan.task.classes) != 2:
        return foresee(rehearsal, rows=rows, goal=goal)
    in_money = goal is not None and is_in_money(goal)
    outlook = _in_money(
        foresee(rehearsal, rows=rows, goal=None if in_money else goal), plan.costs, rehearsal, rows
    )
    if goal is None or not in_money:
        return outlook
    judged = judge_savings(goal, rehearsal, plan, costs=plan.costs, rows=rows)
    return msgspec.structs.replace(outlook, feasibility=judged)


def foresee(rehearsal: Rehearsal, *, rows: int, goal: Goal | None = None) -> Outlook:
    """Foresee what a model will score, and whether that is worth it.

    Parameters
    ----------
    rehearsal
        Of columns that are no leaks.
    rows
        All rows that a build will learn from.
    goal
        The score that is good enough.

    Raises
    ------
    SchemaError
        When the rows cannot be divided.
    InputError
        When the score is not defined on them.
    """
    answers = {
        learner.title: rehearsal.answer(rehearsal.folds, learner=learner) for learner in _SIMPLE
    }
    simple = _best(rehearsal, answers)
    gain = _gain(rehearsal, rehearsal.answers, answers[simple])
    with suppress(LearnerError):  # a line may be refused where trees are not
        answers[Linear().title] = rehearsal.answer(rehearsal.folds, learner=Linear())
    answers["Quick boosted trees"] = rehearsal.answers
    curve = LearningCurve.measure(rehearsal)
    learned = round(sum(len(fold) for fold, _ in rehearsal.folds) / len(rehearsal.folds))
    expected = [
        Expected(name=title.casefold(), title=title, rows=learned, score=_score(rehearsal, each))
        for title, each in answers.items()
        if np.isfinite(_value(rehearsal, each))
    ]
    if curve is not None:
        built = Expected(name="build", title="A build", rows=rows, score=curve.built_at(rows))
        expected.append(built)
    verdict = _verdict(gain, rehearsal.left_out)
    return Outlook(
        expected=tuple(expected),
        gain=gain,
        verdict=verdict,
        sentence=_in_words(verdict, gain, simple, rehearsal),
        measured=() if curve is None else curve.points,
        growth=() if curve is None else _growth(curve, rows),
        feasibility=None if curve is None or goal is None else judge_score(goal, curve, rows),
    )


def _verdict(gain: Interval, left_out: tuple[str, ...]) -> Verdict:
    if gain.low > 0:
        return "worth it"
    return "unclear" if gain.value > 0 or left_out else "not worth it"


def _score(rehearsal: Rehearsal, answers: Floats) -> Interval:
    asked, units = rehearsal.asked, rehearsal.units
    return bootstrap_interval(
        rehearsal.metric,
        rehearsal.truth[asked],
        rehearsal.taken(answers, asked),
        groups=None if units is None else units[asked],
        resamples=_RESAMPLES,
    )


def _gain(rehearsal: Rehearsal, answers: Floats, others: Floats) -> Interval:
    asked, units = rehearsal.asked, rehearsal.units
    return paired_difference(
        rehearsal.metric,
        rehearsal.truth[asked],
        rehearsal.taken(answers, asked),
        rehearsal.taken(others, asked),
        groups=None if units is None else units[asked],
        resamples=_RESAMPLES,
    )


def _best(rehearsal: Rehearsal, answers: dict[str, Floats]) -> str:
    """Return which answers score best; a constant that has no score is worst."""
    scores = {title: _value(rehearsal, each) for title, each in answers.items()}
    best = next(iter(scores))
    for title, score in scores.items():
        if rehearsal.metric.better(score, scores[best]):
            best = title
    return best


def _value(rehearsal: Rehearsal, answers: Floats) -> float:
    asked = rehearsal.asked
    return rehearsal.metric.score(rehearsal.truth[asked], rehearsal.taken(answers, asked))


def _growth(curve: LearningCurve, rows: int) -> tuple[Growth, ...]:
    return tuple(
        Growth(
            rows=rows * times,
            score=curve.built_at(rows * times),
            gain=curve.growth(rows, rows * times),
        )
        for times in _MORE
    )


def _in_money(outlook: Outlook, costs: Costs, rehearsal: Rehearsal, rows: int) -> Outlook:
    """Say what more rows are worth: by how much less mistakes would cost."""
    curve = LearningCurve.measure(replace(rehearsal, metric=cost_of_mistakes(costs)))
    if curve is None:
        return outlook
    growth = tuple(
        msgspec.structs.replace(each, saves=_of_cases(curve.growth(rows, each.rows)))
        for each in outlook.growth
    )
    return msgspec.structs.replace(outlook, growth=growth)


def _of_cases(saved: Interval) -> Interval:
    return msgspec.structs.replace(
        saved, value=saved.value * _CASES, low=saved.low * _CASES, high=saved.high * _CASES
    )


def _in_words(verdict: Verdict, gain: Interval, simple: str, rehearsal: Rehearsal) -> str:
    title = rehearsal.metric.title
    told = f"{figure(gain.value, 3)} in {title} ({figure(gain.low, 3)} to {figure(gain.high, 3)})"
    unread = f" It does not read {', '.join(rehearsal.left_out)}." if rehearsal.left_out else ""
    match verdict:
        case "worth it":
            return (
                "A model is worth it: a quick one is better than the best simple answer "
                f"({simple.lower()}) by {told}.{unread}"
            )
        case "unclear" if gain.high < 0:
            return (
                "Whether a model is worth it is unclear: a quick one is worse than the best simple "
                f"answer ({simple.lower()}), {told}, but not all columns were read.{unread}"
            )
        case "unclear":
            return (
                "Whether a model is worth it is unclear: the gain of a quick one over the best "
                f"simple answer ({simple.lower()}) may be chance, {told}.{unread}"
            )
        case "not worth it":
            return (
                "A model is not worth it on what there is: a quick one is no better than the best "
                f"simple answer ({simple.lower()}), {told}."
            )
