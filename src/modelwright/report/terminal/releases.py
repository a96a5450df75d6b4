"""Who was champion when, for a terminal."""

from collections.abc import Iterator, Sequence

from modelwright.report.terminal.layout import aligned
from modelwright.workspace.aliases import Change

_SHOWN = 12


def describe_releases(changes: Sequence[Change]) -> str:
    """Return a table of all changes, the latest first, and what each alias names now.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> told = Change(alias="champion", bundle="5c8e0f1a2b3c", at=at, who="ann@mill", why="tested")
    >>> print(describe_releases([told]))
    when              bundle        became    who       why
    2026-03-01 12:00  5c8e0f1a2b3c  champion  ann@mill  tested
    """
    if not changes:
        return "Nothing was released yet."
    rows = [("when", "bundle", "became", "who", "why"), *_rows(changes)]
    return "\n".join(line.rstrip() for line in aligned(rows))


def _rows(changes: Sequence[Change]) -> Iterator[tuple[str, ...]]:
    now = {change.alias: change for change in changes}
    for change in reversed(changes):
        stands = " (now)" if len(changes) > 1 and now[change.alias] is change else ""
        moment = f"{change.at:%Y-%m-%d %H:%M}"
        yield moment, _named(change), f"{_became(change)}{stands}", change.who, change.why


def _named(change: Change) -> str:
    return "none" if change.bundle is None else change.bundle[:_SHOWN]


def _became(change: Change) -> str:
    if change.rolled_back:
        return f"{change.alias} again"
    return change.alias if change.trial is None else f"challenger ({change.trial.sentence})"
