"""Which bundles the registry should hold, and which of them the aliases name."""

from dataclasses import dataclass
from typing import Self

from modelwright.documents import Release
from modelwright.workspace.aliases import Alias, Aliases, Change
from modelwright.workspace.folder import Workspace

ALIASES: tuple[Alias, ...] = ("champion", "challenger")


@dataclass(frozen=True)
class Shelf:
    """The bundles of a workspace that people ask for by a name.

    Parameters
    ----------
    named
        The hash that each alias names; an alias that names none is not there.
    changes
        The last change of each alias, which says who decided it and why.
    released
        The hash of the last release; empty where there is none.
    """

    named: dict[Alias, str]
    changes: dict[Alias, Change]
    released: str = ""

    @classmethod
    def of(cls, workspace: Workspace, release: Release | None) -> Self:
        """Read what stands in a workspace."""
        stand = Aliases.read(workspace)
        challenge = stand.challenge
        named = {
            "champion": stand.bundle("champion"),
            "challenger": None if challenge is None else challenge.bundle,
        }
        changes = {change.alias: change for change in stand.history}
        released = release.bundle_hash if release is not None and release.released else ""
        return cls(
            named={alias: digest for alias in ALIASES if (digest := named[alias])},
            changes=changes,
            released=released,
        )

    @property
    def hashes(self) -> tuple[str, ...]:
        """Every bundle, once."""
        return tuple(dict.fromkeys(each for each in (self.released, *self.named.values()) if each))


def decision(change: Change) -> str:
    """Return a change of an alias as a line: when, who and why.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> decision(Change(alias="champion", bundle="a1", at=at, who="ann@host", why="better"))
    '2026-01-01T00:00:00+00:00, ann@host: better'
    """
    who = f", {change.who}" if change.who else ""
    return f"{change.at.isoformat()}{who}{f': {change.why}' if change.why else ''}"
