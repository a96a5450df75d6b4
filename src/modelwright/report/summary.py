"""The one page for whoever decides: the question, the answer, how sure, what for, and what next."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

from modelwright._version import __version__
from modelwright.documents import Candidate
from modelwright.report import advice, everyday
from modelwright.report.advice import Step
from modelwright.report.dossier import Dossier
from modelwright.report.everyday import Answer
from modelwright.report.hundreds import Hundred, hundreds, score_named
from modelwright.report.rendering import environment, render_file
from modelwright.report.sources import Part, Said, Sources
from modelwright.report.voice import ENGLISH, Voice, voice_of
from modelwright.report.words import clip, scaled, value
from modelwright.tasks.savings import Counts, saved_by
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
    files
        The documents that the figures come from.
    """

    voice: Voice
    question: Said
    facts: tuple[Said, ...]
    answer: Answer
    hundreds: tuple[Hundred, ...]
    sure: tuple[Said, ...]
    worth: Said
    limits: tuple[Said, ...]
    steps: tuple[Step, ...]
    files: tuple[str, ...]

    @property
    def footer(self) -> str:
        """Where the figures come from, in words."""
        files = self.voice.listed(self.files)
        return self.voice.say("page.footer", files=files, version=__version__)

    @property
    def linked_footer(self) -> Markup:
        """The same with a link to each document, which lies beside the folder of the reports."""
        files = escape(self.voice.listed(self.files))
        for name in self.files:
            files = files.replace(name, Markup('<a href="../{0}">{0}</a>').format(name))
        version = Markup('<span class="version">{}</span>').format(__version__)
        return Markup(self.voice.messages["page.footer"]).format(files=files, version=version)


def summarise(dossier: Dossier, voice: Voice = ENGLISH) -> Summary:
    """Return what the documents say to whoever decides.

    Parameters
    ----------
    dossier
        The documents.
    voice
        In which language.
    """
    candidate = dossier.candidate
    return Summary(
        voice=voice,
        question=dossier.question_in(voice),
        facts=tuple(_facts(dossier, voice)),
        answer=everyday.answer(dossier, voice),
        hundreds=hundreds(candidate, voice) if candidate else (),
        sure=_sure(candidate, voice) if candidate else (),
        worth=_worth(dossier, candidate, voice) if candidate else Said(""),
        limits=advice.limits(dossier, voice)[:_LIMITS],
        steps=advice.next_steps(dossier, voice)[:_STEPS],
        files=dossier.file_names,
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
    dossier = Dossier.read(workspace)
    summary = summarise(dossier, voice_of(language))
    workspace.write_text(_PAGE, render_summary(summary, dossier.sources))
    workspace.write_text(_MARKDOWN, render_markdown(summary))
    return workspace.path / _PAGE, workspace.path / _MARKDOWN


def render_summary(summary: Summary, source: Sources) -> str:
    """Return the page as HTML that prints on one A4 sheet.

    Parameters
    ----------
    summary
        What stands on it.
    source
        Names where in the documents a sentence comes from.
    """
    return render_file("summary.html", summary=summary, source=source)


def render_markdown(summary: Summary) -> str:
    """Return the page as Markdown, for a pull request."""
    page = environment().overlay(autoescape=False).get_template("summary.md")
    told = page.render(summary=summary, say=summary.voice.say)
    return re.sub(r"\n{3,}", "\n\n", told).strip() + "\n"


def _facts(dossier: Dossier, voice: Voice) -> Iterator[Said]:
    if (plan := dossier.plan) is not None:
        yield Said(clip(plan.table.address), Part(plan.table, "address"))
        rows = voice.say("page.rows", rows=voice.count(plan.table.rows))
        yield Said(rows, Part(plan.table, "rows"))
    if (candidate := dossier.candidate) is not None:
        built = voice.say("page.built", date=voice.day(candidate.made_at))
        yield Said(built, Part(candidate, "made_at"))
    if (release := dossier.release) is not None and release.bundle_hash:
        told = voice.say("page.hash", hash=release.bundle_hash[:_HASH])
        yield Said(told, Part(release, "bundle_hash"))


def _sure(candidate: Candidate, voice: Voice) -> tuple[Said, ...]:
    evaluation = candidate.evaluation
    times = {1: "once", 2: "twice"}.get(evaluation.openings, "times")
    named = ("rows", "there", "openings") if evaluation.is_of_part else ("rows", "openings")
    measured = voice.say(
        "sure.measured_part" if evaluation.is_of_part else "sure.measured",
        rows=voice.count(evaluation.rows),
        there=voice.count(evaluation.there),
        times=voice.say(f"sure.{times}", count=voice.count(evaluation.openings)),
    )
    gain = voice.say("sure.gain" if candidate.worth_it else "sure.no_gain")
    return (
        *_error(candidate, voice),
        Said(gain, evaluation.gain),
        Said(measured, *(Part(evaluation, name) for name in named)),
    )


def _error(candidate: Candidate, voice: Voice) -> tuple[Said, ...]:
    error, baseline = score_named("mae", candidate), candidate.evaluation.baseline_score
    if error is None or candidate.evaluation.asks_for_an_end:
        return ()
    filled = {
        "what": voice.quoted(clip(candidate.target, 40)),
        "error": voice.interval(error),
        "simple": voice.figure(value(baseline)),
    }
    if candidate.metric != "mae":
        told = voice.say("sure.error_alone", **filled)
        return (Said(told, error, Part(candidate, "target")),)
    told = voice.say("sure.error", **filled)
    return (Said(told, error, baseline, Part(candidate, "target")),)


def _worth(dossier: Dossier, candidate: Candidate, voice: Voice) -> Said:
    if candidate.task.kind != "binary":
        return Said("")
    costs = dossier.plan.costs if dossier.plan else None
    seen = candidate.evaluation
    if costs is None or not seen.rows:
        return Said(voice.say("worth.unknown"))
    saved = saved_by(costs, seen.counts)
    unit = f" {clip(costs.unit, 20)}" if costs.unit else ""
    costs_more = saved.each.high < 0
    amount = scaled(saved.each, -_ANSWERS if costs_more else _ANSWERS)
    certain = "costs" if costs_more else "saves" if saved.each.low > 0 else "nothing"
    told = voice.say(
        f"worth.{certain}",
        saved=f"{voice.figure(value(amount))}{unit}",
        ends=voice.ends(amount),
        constant=voice.say(f"worth.{saved.constant}"),
    )
    return Said(told, costs, *(Part(seen, name) for name in Counts.__struct_fields__))
