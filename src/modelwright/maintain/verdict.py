"""The verdict on a window: what is news, what is known, and what is only worth a note."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from modelwright.documents import Cause, Health
from modelwright.maintain.detectors.base import Finding

_MATERIAL = 0.05
"""The part by which the loss must be expected to grow for an alarm where nothing is broken."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was alarmed and still lasts.

    Parameters
    ----------
    kind, columns
        Of its cause.
    since
        The first moment of the window in which it was found; empty when that is not known.
    windows
        In how many windows it was seen.
    is_broken
        Whether an input is broken, rather than the world another.
    """

    kind: str
    columns: tuple[str, ...]
    since: str
    windows: int = 1
    is_broken: bool = True


@dataclass(frozen=True)
class Verdict:
    """What a window means.

    Parameters
    ----------
    health
        For people.
    known
        What lasts.
    is_other_world
        Whether nothing is broken and the world has changed: the past is another one from here on.
    """

    health: Health
    known: tuple[Known, ...]
    is_other_world: bool


def decide(findings: Sequence[Finding], alone: Health, known: Sequence[Known]) -> Verdict:
    """Tell news from what is known and from what does not matter.

    Parameters
    ----------
    findings
        What the detectors found.
    alone
        The window judged without its past.
    known
        What was alarmed before and may last.
    """
    alarming = _ranked(findings)
    lasting = tuple(_continued(alarming, known))
    # While an input is broken, a loss that grows is no news: it follows.
    follows = any(each.is_broken for each in lasting)
    news = [
        finding
        for finding in alarming
        if not any(_same(finding, old) for old in known) and (finding.is_broken or not follows)
    ]
    fresh = tuple(_known(finding, alone.since) for finding in news)
    first = news[0] if news else None
    health = msgspec.structs.replace(
        alone,
        healthy=first is None,
        action="keep" if first is None else _action(first),
        sentence=_calm(findings, lasting) if first is None else first.sentence,
        causes=tuple(map(_cause, news)),
    )
    is_other = first is not None and not first.is_broken
    return Verdict(health, (*lasting, *(each for each in fresh if each.is_broken)), is_other)


def _ranked(findings: Sequence[Finding]) -> list[Finding]:
    matter = [each for each in findings if each.is_broken or _is_harm(each)]
    broken = {name for each in matter if each.is_broken for name in each.columns}
    kept = [each for each in matter if each.is_broken or not broken & set(each.columns)]
    return sorted(kept, key=lambda each: (not each.is_broken, -each.evidence))


def _is_harm(finding: Finding) -> bool:
    return finding.growth is not None and finding.growth >= max(_MATERIAL, finding.usual_change)


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
        kind=finding.kind, columns=finding.columns, since=since, is_broken=finding.is_broken
    )


def _cause(finding: Finding) -> Cause:
    return Cause(kind=finding.kind, columns=finding.columns, sentence=finding.sentence)


def _action(finding: Finding) -> str:
    if finding.is_broken:
        return "fix input"
    return {"probabilities off": "recalibrate"}.get(finding.kind, "retrain")


def _calm(findings: Sequence[Finding], lasting: Sequence[Known]) -> str:
    if lasting:
        first = lasting[0]
        named = f"{first.kind} {', '.join(first.columns)}".rstrip()
        since = f" since {first.since}" if first.since else ""
        return f"Nothing new; what was alarmed lasts{since}: {named}."
    notes = [each for each in findings if not each.is_broken]
    if notes:
        return f"A change that hardly matters. {notes[0].sentence}"
    return "Nothing differs from the last windows more than windows do."
