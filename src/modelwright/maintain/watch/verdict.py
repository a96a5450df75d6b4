"""The verdict on a window: what is news, what is known, and what is only worth a note."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelwright.documents import Cause
from modelwright.maintain.action import Action
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.truths.losses import MATERIAL
from modelwright.maintain.watch.known import Known

_RULE = "broken rule"
"""The vaguest of all: it says that a column is broken, and nothing of how."""


@dataclass(frozen=True)
class Verdict:
    """What a window means.

    Parameters
    ----------
    news
        What is alarmed, the likeliest cause first.
    known
        What was alarmed, now or before, and lasts.
    notes
        What has changed and does no harm.
    worse
        Those of the news that were told before, and have grown worse.
    """

    news: tuple[Finding, ...] = ()
    known: tuple[Known, ...] = ()
    notes: tuple[Finding, ...] = ()
    worse: tuple[Finding, ...] = ()

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The news, for a document."""
        return tuple(
            Cause(
                kind=each.kind,
                columns=each.columns,
                sentence=each.sentence,
                is_worse=each in self.worse,
            )
            for each in self.news
        )

    @property
    def action(self) -> Action:
        """The one thing to do."""
        if not self.news:
            return "keep"
        return Known.of(self.news[0], since="").action

    @property
    def sentence(self) -> str:
        """What the window means, for a person."""
        if self.news:
            return self.news[0].sentence
        if self.known:
            first = self.known[0]
            named = f"{first.kind} {', '.join(first.columns)}".rstrip()
            since = f" since {first.since}" if first.since else ""
            return f"Nothing new; what was alarmed lasts{since}: {named}."
        if self.notes:
            return f"A change that hardly matters. {self.notes[0].sentence}"
        return "Nothing differs from the last windows more than windows do."


def decide(
    findings: Sequence[Finding],
    known: Sequence[Known],
    *,
    since: str,
    faint: Sequence[Finding] = (),
    level: float | None = None,
    left: float | None = None,
) -> Verdict:
    """Tell news from what is known and from what does not matter.

    Parameters
    ----------
    findings
        What the detectors found.
    known
        What was alarmed before and may last.
    since
        When the window begins; empty where that is not known.
    faint
        Signs that alone would be no finding: what is known lasts with them.
    level
        The logarithm of the mean loss of the window; None without labels.
    left
        By which part the loss has grown of answers that do not know the columns that are known to
        be broken; None where that is not known.
    """
    alarming = _ranked(findings)
    # What changed and does no harm any more goes on, too.
    signs = (*alarming, *_ranked(faint), *(each for each in findings if not each.is_broken))
    lasting = tuple(found for old in known if (found := old.seen(signs, level)))
    # While an input is broken, a loss that grows is no news: it follows.
    broken = [each for each in lasting if each.is_broken]
    news = tuple(
        each
        for each in alarming
        if _is_news(each, known, level)
        and (each.is_broken or not any(old.explains(each, level, left=left) for old in broken))
    )
    told = tuple(Known.of(each, since=since, level=level) for each in news)
    worse = tuple(each for each in news if any(old.is_same(each) for old in lasting))
    kept = tuple(old for old in lasting if not any(old.is_same(each) for each in worse))
    notes = tuple(each for each in findings if not each.is_broken and each not in news)
    return Verdict(news, (*kept, *told), notes, worse)


def _is_news(finding: Finding, known: Sequence[Known], level: float | None) -> bool:
    broken = any(old.is_same(finding) for old in known if old.is_broken)
    if broken or finding.is_broken:
        return not broken
    return all(old.is_exceeded(finding, level) for old in known if not old.is_broken)


def _ranked(findings: Sequence[Finding]) -> list[Finding]:
    matter = [
        each
        for each in findings
        if (each.is_broken or _is_harm(each)) and not _is_explained(each, findings)
    ]
    broken = {name for each in matter if each.is_broken for name in each.columns}
    kept = [each for each in matter if each.is_broken or not broken & set(each.columns)]
    return sorted(kept, key=lambda each: (not each.is_broken, -each.evidence))


def _is_explained(finding: Finding, findings: Sequence[Finding]) -> bool:
    """Say whether another finding says better how the same columns are broken."""
    return any(
        each.is_broken
        and _vagueness(each) < _vagueness(finding)
        and set(each.columns) & set(finding.columns)
        for each in findings
    )


def _vagueness(finding: Finding) -> int:
    return 2 if finding.kind == _RULE else int(finding.is_vague)


def _is_harm(finding: Finding) -> bool:
    return finding.growth is not None and finding.growth >= max(MATERIAL, finding.doubt)
