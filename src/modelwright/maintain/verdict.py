"""The verdict on a window: what is news, what is known, and what is only worth a note."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from modelwright.documents import Cause, CauseKind
from modelwright.maintain.action import Action
from modelwright.maintain.detectors.base import Finding

MATERIAL = 0.05
"""The part by which the loss must be expected to grow for an alarm where nothing is broken."""

_VAGUE = "broken rule"


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was alarmed and still lasts.

    Parameters
    ----------
    kind, columns, sentence
        Of its cause.
    since
        The first moment of the window in which it was found; empty when that is not known.
    windows
        In how many windows it was seen.
    is_broken
        Whether an input is broken, rather than the world another.
    """

    kind: CauseKind
    columns: tuple[str, ...]
    since: str
    sentence: str = ""
    windows: int = 1
    is_broken: bool = True


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
    """

    news: tuple[Finding, ...] = ()
    known: tuple[Known, ...] = ()
    notes: tuple[Finding, ...] = ()

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The news, for a document."""
        return tuple(
            Cause(kind=each.kind, columns=each.columns, sentence=each.sentence)
            for each in self.news
        )

    @property
    def action(self) -> Action:
        """The one thing to do."""
        if not self.news:
            return "keep"
        first = self.news[0]
        if first.is_broken:
            return "fix input"
        return "recalibrate" if first.kind == "probabilities off" else "retrain"

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


def decide(findings: Sequence[Finding], known: Sequence[Known], *, since: str) -> Verdict:
    """Tell news from what is known and from what does not matter.

    Parameters
    ----------
    findings
        What the detectors found.
    known
        What was alarmed before and may last.
    since
        When the window begins; empty where that is not known.
    """
    alarming = _ranked(findings)
    lasting = tuple(_continued(alarming, known))
    # While an input is broken, a loss that grows is no news: it follows.
    follows = any(each.is_broken for each in lasting)
    news = tuple(
        finding
        for finding in alarming
        if not any(_same(finding, old) for old in known) and (finding.is_broken or not follows)
    )
    fresh = tuple(_known(finding, since) for finding in news if finding.is_broken)
    notes = tuple(each for each in findings if not each.is_broken and each not in news)
    return Verdict(news, (*lasting, *fresh), notes)


def _ranked(findings: Sequence[Finding]) -> list[Finding]:
    explained = {name for each in findings if _says_how(each) for name in each.columns}
    matter = [
        each
        for each in findings
        if (each.is_broken or _is_harm(each))
        # A rule says that a column is broken; who says how explains it better.
        and not (each.kind == _VAGUE and explained & set(each.columns))
    ]
    broken = {name for each in matter if each.is_broken for name in each.columns}
    kept = [each for each in matter if each.is_broken or not broken & set(each.columns)]
    return sorted(kept, key=lambda each: (not each.is_broken, -each.evidence))


def _says_how(finding: Finding) -> bool:
    return finding.is_broken and finding.kind != _VAGUE


def _is_harm(finding: Finding) -> bool:
    return finding.growth is not None and finding.growth >= max(MATERIAL, finding.usual_change)


def _same(finding: Finding, old: Known) -> bool:
    if old.columns and finding.columns:
        return bool(set(old.columns) & set(finding.columns))
    return old.kind == finding.kind


def _continued(findings: Sequence[Finding], known: Sequence[Known]) -> list[Known]:
    return [
        msgspec.structs.replace(old, windows=old.windows + 1)
        for old in known
        if any(_same(finding, old) for finding in findings)
    ]


def _known(finding: Finding, since: str) -> Known:
    return Known(
        kind=finding.kind,
        columns=finding.columns,
        since=since,
        sentence=finding.sentence,
        is_broken=finding.is_broken,
    )
