"""What the documents mean, for people who are not engineers."""

from dataclasses import dataclass
from typing import Literal

from modelwright.documents import Candidate, Evaluation, Health
from modelwright.report.dossier import Dossier
from modelwright.report.hundreds import positive_name, score_named
from modelwright.report.pictures.coverage import tell_coverage
from modelwright.report.sources import Part, Said
from modelwright.report.voice import ENGLISH, Voice
from modelwright.report.words import (
    better_is,
    clip,
    ends,
    gain,
    interval,
    metric_title,
    scaled,
    scored,
    times,
    value,
)

Tone = Literal["good", "care", "bad", "open"]

_SENTENCES = {
    "roc_auc": "Shown one case that was {what} and one that was not, it tells which is which in "
    "{of_100} of 100 pairs ({ends_of_100}); the simplest answer in {simple_of_100}.",
    "average_precision": "Going down its list from the likeliest case on, {of_100} of 100 are "
    "{what} on average ({ends_of_100}); on the list of the simplest answer {simple_of_100}.",
    "accuracy": "Of 100 answers {of_100} are right ({ends_of_100}); of the simplest answer's "
    "{simple_of_100}.",
    "balanced_accuracy": "With all classes equally important, it finds {of_100} of 100 cases "
    "({ends_of_100}); the simplest answer {simple_of_100}.",
    "rmse": "Its typical error in “{target}”, large errors counting more, is {score}; that of the "
    "simplest answer {simple}.",
    "mae": "On average its answers are {score} off the true “{target}”; those of the simplest "
    "answer {simple}.",
    "median_absolute_error": "Half of its answers are less than {score} off the true “{target}”; "
    "half of the simplest answer's less than {simple}.",
    "mape": "On average its answers are {of_100} % off the true “{target}” ({ends_of_100}); those "
    "of the simplest answer {simple_of_100} %.",
    "r2": "It explains {of_100} of 100 parts of the differences in “{target}” ({ends_of_100}); the "
    "simplest answer {simple_of_100}.",
}
"""What a score means, by metric; `of_100` is the score as so many of a hundred."""
_ANY_METRIC = "Its {title} is {score}, that of the simplest answer {simple}{better}."


@dataclass(frozen=True)
class Answer:
    """The answer to the question: a word, a sentence, and how it sounds."""

    tone: Tone
    word: str
    sentence: str


def answer(dossier: Dossier, voice: Voice = ENGLISH) -> Answer:
    """Return the answer in a sentence, as far as the documents go."""
    candidate, release, health = dossier.candidate, dossier.release, dossier.health
    if dossier.only_watches:
        return _from_afar(health, voice)
    if candidate is None:
        return _without_candidate(dossier, voice)
    better, gates = _judgement(candidate, voice), dossier.failed_gates

    def told(tone: Tone, key: str, **filled: str) -> Answer:
        sentence = Said(
            voice.say(f"answer.{key}", judgement=better, **filled), *_judged(candidate), *gates
        )
        return Answer(tone, voice.say(f"word.{key}"), sentence)

    if not candidate.worth_it:
        sentence = Said(f"{better}{voice.say('stop')}", *_judged(candidate))
        word = "word.no_time" if candidate.is_baseline else "word.not_worth_it"
        return Answer("bad", voice.say(word), sentence)
    if gates:
        names = voice.listed([voice.quoted(gate.name) for gate in gates], 3)
        return told("bad", "not_released", gates=names)
    if release is None or not release.released:
        return told("open", "not_yet_released")
    if health is not None and not health.healthy:
        return told("care", "needs_care", action=voice.say(f"action.{health.action}"))
    return told("good", "released")


def _from_afar(health: Health | None, voice: Voice) -> Answer:
    """Say that a model which runs elsewhere is watched, and whether it needs care."""
    sentence = voice.say("answer.watched")
    if health is None or health.healthy:
        return Answer("good", voice.say("word.watched"), Said(sentence))
    return Answer("care", voice.say("word.needs_care"), Said(sentence, health))


def _judged(candidate: Candidate) -> tuple[object, ...]:
    return Part(candidate, "baseline"), Part(candidate, "verdict")


def judgement(candidate: Candidate) -> str:
    """Say whether the model is better than the simplest answer."""
    return f"{_judgement(candidate, ENGLISH)}."


def _judgement(candidate: Candidate, voice: Voice) -> str:
    if candidate.worth_it:
        return voice.say("answer.better")
    key = "answer.no_time" if candidate.is_baseline else "answer.not_worth_it"
    return voice.say(key, baseline=clip(candidate.baseline))


def quality(candidate: Candidate) -> tuple[Said, ...]:
    """Say how good the model is and how sure that is, in everyday terms."""
    evaluation = candidate.evaluation
    return (
        *_typical(candidate),
        _metric_sentence(candidate),
        _sureness(candidate),
        *tell_coverage(candidate),
        _measured(evaluation),
    )


def _measured(evaluation: Evaluation) -> Said:
    return Said(
        f"Measured on {scored(evaluation, 'case')} that the model had never seen; they were opened "
        f"{times(evaluation.openings)}. The ranges hold with "
        f"{100 * evaluation.score.level:.0f} % confidence for other cases of the same kind.",
        Part(evaluation, "rows"),
        Part(evaluation, "there"),
        Part(evaluation, "openings"),
        Part(evaluation.score, "level"),
    )


def _without_candidate(dossier: Dossier, voice: Voice) -> Answer:
    findings = dossier.findings
    if findings is None:
        return Answer("open", voice.say("word.planned"), voice.say("answer.planned"))
    leaks = sum(len(leak.columns) for leak in findings.leaks if leak.verdict == "certain")
    key = "answer.explored_leaks" if leaks else "answer.explored"
    sentence = Said(voice.say(key, count=voice.count(leaks)), findings.leaks)
    return Answer("open", voice.say("word.explored"), sentence)


def _typical(candidate: Candidate) -> tuple[Said, ...]:
    error = score_named("mae", candidate)
    if error is None or candidate.metric == "mae" or candidate.evaluation.asks_for_an_end:
        return ()
    target = clip(candidate.target, 40)
    told = f"On average its answers are {interval(error)} off the true “{target}”."
    return (Said(told, error, Part(candidate, "target")),)


def _metric_sentence(candidate: Candidate) -> Said:
    evaluation, task = candidate.evaluation, candidate.task
    score, simple = evaluation.score, evaluation.baseline_score
    share, better = scaled(score, 100), better_is(candidate.metric)
    told = _SENTENCES.get(candidate.metric, _ANY_METRIC).format(
        what=positive_name(task, candidate.target) if task.kind == "binary" else "",
        target=clip(candidate.target, 40),
        title=metric_title(candidate.metric),
        better=f"; {better}" if better else "",
        score=interval(score),
        simple=value(simple),
        of_100=value(share),
        ends_of_100=ends(share),
        simple_of_100=value(scaled(simple, 100)),
    )
    return Said(
        told,
        score,
        simple,
        Part(candidate, "target"),
        Part(candidate, "metric"),
        Part(candidate, "task"),
    )


def _sureness(candidate: Candidate) -> Said:
    found = candidate.evaluation.gain
    told = f"Compared case by case, the gain over the simplest answer is {gain(found)}: "
    if candidate.worth_it:
        return Said(f"{told}the whole range is above zero, so it is not luck.", found)
    return Said(f"{told}the range reaches zero or lies below, so there may be none.", found)
