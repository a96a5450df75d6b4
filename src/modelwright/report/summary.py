"""The one page for who decides: the question, the answer, how sure, what for, and what next."""

import re
from dataclasses import dataclass
from pathlib import Path

from modelwright._version import __version__
from modelwright.documents import Candidate
from modelwright.report import advice, everyday
from modelwright.report.advice import Step
from modelwright.report.dossier import Dossier
from modelwright.report.everyday import Answer, Hundred, score_named
from modelwright.report.rendering import environment, render_file
from modelwright.report.voice import ENGLISH, Voice, voice_of
from modelwright.report.words import clip, scaled, value
from modelwright.tasks.savings import saved_by
from modelwright.workspace.folder import Workspace

_PAGE, _MARKDOWN = "reports/summary.html", "reports/summary.md"
_LIMITS = 5
_ANSWERS = 1_000
"""For which it is told what they save."""
_STEPS = 4
_HASH = 12


@dataclass(frozen=True)
class Summary:
    """What stands on the page, as sentences in one language.

    Parameters
    ----------
    voice
        The language.
    question
        As the person asked it.
    facts
        What the page is about: the data, when it was built, the hash of the model.
    answer
        In a sentence.
    hundreds
        So many of a hundred, for pictures.
    sure
        How good the model is and how sure that is.
    worth
        In the person's own costs; empty where the task has none.
    limits
        What it must not be used for.
    steps
        What happens next.
    footer
        Where the figures come from.
    """

    voice: Voice
    question: str
    facts: tuple[str, ...]
    answer: Answer
    hundreds: tuple[Hundred, ...]
    sure: tuple[str, ...]
    worth: str
    limits: tuple[str, ...]
    steps: tuple[Step, ...]
    footer: str


def summarise(dossier: Dossier, voice: Voice = ENGLISH) -> Summary:
    """Return what the documents say to who decides.

    Parameters
    ----------
    dossier
        The documents.
    voice
        In which language.
    """
    candidate = dossier.candidate
    files = voice.listed(dossier.file_names)
    return Summary(
        voice=voice,
        question=dossier.question,
        facts=tuple(_facts(dossier, voice)),
        answer=everyday.answer(dossier, voice),
        hundreds=everyday.hundreds(candidate, voice) if candidate else (),
        sure=_sure(candidate, voice) if candidate else (),
        worth=_worth(dossier, candidate, voice) if candidate else "",
        limits=advice.limits(dossier, voice)[:_LIMITS],
        steps=advice.next_steps(dossier, voice)[:_STEPS],
        footer=voice.say("page.footer", files=files, version=__version__),
    )


def write_summary(workspace: Workspace, language: str = "en") -> tuple[Path, Path]:
    """Write `reports/summary.html` and `summary.md` from the documents that a workspace has.

    Parameters
    ----------
    workspace
        With one document at least.
    language
        A code of `LANGUAGES`.

    Returns
    -------
    tuple of Path
        Both files; each is replaced as a whole.

    Raises
    ------
    WorkspaceError
        When there is no document, or a file cannot be written.
    InputError
        When there is no such language.
    """
    summary = summarise(Dossier.read(workspace), voice_of(language))
    workspace.write_text(_PAGE, render_summary(summary))
    workspace.write_text(_MARKDOWN, render_markdown(summary))
    return workspace.path / _PAGE, workspace.path / _MARKDOWN


def render_summary(summary: Summary) -> str:
    """Return the page as HTML that prints on one A4 sheet."""
    return render_file("summary.html", summary=summary)


def render_markdown(summary: Summary) -> str:
    """Return the page as Markdown, for a pull request."""
    page = environment().overlay(autoescape=False).get_template("summary.md")
    told = page.render(summary=summary, say=summary.voice.say)
    return re.sub(r"\n{3,}", "\n\n", told).strip() + "\n"


def _facts(dossier: Dossier, voice: Voice) -> list[str]:
    facts = []
    if dossier.plan is not None:
        facts.append(clip(dossier.plan.table.address))
        facts.append(voice.say("page.rows", rows=voice.count(dossier.plan.table.rows)))
    if dossier.candidate is not None:
        facts.append(voice.say("page.built", date=voice.day(dossier.candidate.made_at)))
    if dossier.release is not None and dossier.release.bundle_hash:
        facts.append(voice.say("page.hash", hash=dossier.release.bundle_hash[:_HASH]))
    return facts


def _sure(candidate: Candidate, voice: Voice) -> tuple[str, ...]:
    evaluation = candidate.evaluation
    times = {1: "once", 2: "twice"}.get(evaluation.openings, "times")
    return (
        *_error(candidate, voice),
        voice.say("sure.gain" if candidate.worth_it else "sure.no_gain"),
        voice.say(
            "sure.measured",
            rows=voice.count(evaluation.rows),
            times=voice.say(f"sure.{times}", count=voice.count(evaluation.openings)),
        ),
    )


def _error(candidate: Candidate, voice: Voice) -> tuple[str, ...]:
    error = score_named("mae", candidate)
    if candidate.task.kind != "regression" or error is None:
        return ()
    what = voice.quoted(clip(candidate.target, 40))
    if candidate.metric != "mae":
        return (voice.say("sure.error_alone", error=voice.interval(error), what=what),)
    simple = voice.figure(value(candidate.evaluation.baseline_score))
    return (voice.say("sure.error", error=voice.interval(error), what=what, simple=simple),)


def _worth(dossier: Dossier, candidate: Candidate, voice: Voice) -> str:
    if candidate.task.kind != "binary":
        return ""
    costs = dossier.plan.costs if dossier.plan else None
    seen = candidate.evaluation
    if costs is None or not seen.rows:
        return voice.say("worth.unknown")
    saved = saved_by(costs, seen.counts)
    unit = f" {clip(costs.unit, 20)}" if costs.unit else ""
    costs_more = saved.each.high < 0
    amount = scaled(saved.each, -_ANSWERS if costs_more else _ANSWERS)
    certain = "costs" if costs_more else "saves" if saved.each.low > 0 else "nothing"
    return voice.say(
        f"worth.{certain}",
        saved=f"{voice.figure(value(amount))}{unit}",
        ends=voice.ends(amount),
        constant=voice.say(f"worth.{saved.constant}"),
    )
