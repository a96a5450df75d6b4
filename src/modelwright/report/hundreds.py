"""So many of a hundred cases: how often a model is right, in words and for a picture of dots."""

from dataclasses import dataclass

from modelwright.documents import Candidate, MeasuredQuantile
from modelwright.report.sources import Part, Said
from modelwright.report.voice import ENGLISH, Voice
from modelwright.report.words import clip, of_100
from modelwright.tasks.interval import Interval
from modelwright.tasks.task import Task

_YES = frozenset({"true", "yes", "y", "t", "1", "1.0"})
_NO = frozenset({"false", "no", "n", "f", "0", "0.0"})


@dataclass(frozen=True)
class Hundred:
    """So many of a hundred, for a picture of a hundred dots."""

    count: int
    sentence: Said
    beside: str


def hundreds(candidate: Candidate, voice: Voice = ENGLISH) -> tuple[Hundred, ...]:
    """Say of a hundred cases how many are right, or lie below where a quantile is asked for."""
    if candidate.task.kind == "binary":
        what = positive_name(candidate.task, candidate.target, voice)
        return _flagged(candidate, what=what, voice=voice)
    accuracy = score_named("accuracy", candidate)
    if candidate.task.kind == "multiclass" and accuracy is not None:
        return (_right(accuracy, voice),)
    below = candidate.evaluation.below
    return () if below is None else (_below(below, candidate, voice),)


def positive_name(task: Task, target: str, voice: Voice = ENGLISH) -> str:
    """Name what a binary question asks about.

    Examples
    --------
    >>> positive_name(Task(kind="binary", classes=(False, True)), "late")
    '“late”'
    >>> positive_name(Task(kind="binary", classes=("paid", "defaulted")), "loan")
    '“defaulted”'
    >>> positive_name(Task(kind="binary", classes=(1, 2)), "risk")
    '“risk = 2”'
    >>> positive_name(Task(kind="binary", classes=("2", "1")), "risk")
    '“risk = 1”'
    """
    label = task.positive
    if str(label).casefold() in _YES and str(task.classes[0]).casefold() in _NO:
        return voice.quoted(clip(target, 40))
    if isinstance(label, str) and not label.isdigit():
        return voice.quoted(clip(label, 40))
    return voice.quoted(f"{clip(target, 40)} = {label}")


def score_named(name: str, candidate: Candidate) -> Interval | None:
    """Return the score on the holdout by a metric; None where it was not measured."""
    evaluation = candidate.evaluation
    return evaluation.score if candidate.metric == name else evaluation.others.get(name)


def _right(accuracy: Interval, voice: Voice) -> Hundred:
    level = f"{100 * accuracy.level:.0f}"
    return Hundred(
        round(100 * accuracy.value),
        Said(voice.say("hundred.right", right=voice.figure(of_100(accuracy.value, 1))), accuracy),
        voice.say("hundred.right_beside", ends=voice.ends_of_100(accuracy), level=level),
    )


def _below(below: MeasuredQuantile, candidate: Candidate, voice: Voice) -> Hundred:
    what = voice.quoted(clip(candidate.target, 40))
    told = voice.say("hundred.below", right=voice.figure(of_100(below.share.value, 1)), what=what)
    asked = voice.figure(f"{100 * below.level:g}")
    return Hundred(
        round(100 * below.share.value),
        Said(told, below, Part(candidate, "target")),
        _surely(below.share, voice.say("hundred.below_beside", asked=asked), voice),
    )


def _flagged(candidate: Candidate, *, what: str, voice: Voice) -> tuple[Hundred, ...]:
    evaluation = candidate.evaluation
    if not evaluation.positives or not evaluation.rows:
        return ()
    found = _found(candidate, what, voice)
    return (_warned(candidate, what, voice), found) if evaluation.warned else (found,)


def _warned(candidate: Candidate, what: str, voice: Voice) -> Hundred:
    evaluation = candidate.evaluation
    right, warned = evaluation.warned_right, evaluation.warned
    told = voice.say("hundred.warned", right=voice.figure(of_100(right, warned)), what=what)
    beside = voice.say(
        "hundred.warned_beside",
        found=voice.count(right),
        warned=voice.count(warned),
        chance=voice.figure(of_100(evaluation.positives, evaluation.rows)),
    )
    rate = evaluation.rates.right if evaluation.rates else None
    return Hundred(
        round(100 * right / warned),
        Said(told, *_counts(candidate)),
        _surely(rate, beside, voice),
    )


def _found(candidate: Candidate, what: str, voice: Voice) -> Hundred:
    evaluation = candidate.evaluation
    found, positives = evaluation.warned_right, evaluation.positives
    told = voice.say("hundred.found", what=what, right=voice.figure(of_100(found, positives)))
    beside = voice.say(
        "hundred.found_beside", found=voice.count(found), positives=voice.count(positives)
    )
    rate = evaluation.rates.found if evaluation.rates else None
    return Hundred(
        round(100 * found / positives),
        Said(told, *_counts(candidate)),
        _surely(rate, beside, voice),
    )


def _counts(candidate: Candidate) -> list[object]:
    """Return what the sentences about warnings are derived from."""
    evaluation = candidate.evaluation
    counted = [Part(evaluation, name) for name in ("warned_right", "warned", "positives", "rows")]
    named = [Part(candidate, name) for name in ("target", "task")]
    return [*counted, *named, *([evaluation.rates] if evaluation.rates else [])]


def _surely(rate: Interval | None, beside: str, voice: Voice) -> str:
    """Say how sure a share of a hundred is before what stands beside it."""
    if rate is None:
        return beside
    level = f"{100 * rate.level:.0f}"
    return voice.say("hundred.sure", ends=voice.ends_of_100(rate), level=level, beside=beside)
