"""What an item of a checkup is.

An item is a function from a `Scene` to a `Finding`; it reads and changes nothing, waits for nothing
longer than `PATIENCE_S`, and says what to do where it fails and what to install or name where it
could not look. `check` is called for each item in the order of the registry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from modelwright.documents import Health, Release
from modelwright.report.words import plural
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.address import LedgerAddress, standing_ledger

PATIENCE_S = 5.0
"""How long an item waits for another machine."""


@dataclass(frozen=True)
class Scene:
    """What an item may look at.

    Parameters
    ----------
    workspace
        The folder.
    now
        The present moment.
    release
        What was released; None where nothing was.
    health
        What the last judgement said; None before the first.
    address
        Of the server, without a slash at its end; empty where none was named.
    online
        Whether names and versions of installed packages may be asked about on the internet.
    environment
        Variables, of which some hold secrets.
    """

    workspace: Workspace
    now: datetime
    release: Release | None
    health: Health | None
    address: str
    online: bool
    environment: Mapping[str, str]

    @property
    def ledger(self) -> LedgerAddress | None:
        """Where the ledger is; None where nothing was logged."""
        return standing_ledger(self.workspace.path, self.environment)

    def age(self, moment: str) -> timedelta | None:
        """Return how long ago a moment was; None for what is no moment."""
        try:
            then = datetime.fromisoformat(moment)
        except ValueError:
            return None
        return None if then.tzinfo is None else self.now - then


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What an item found.

    Parameters
    ----------
    passed
        Whether all is well; None when it was not checked.
    evidence
        What was seen, or why nothing could be.
    remedy
        What to do; empty when all is well.
    """

    passed: bool | None
    evidence: str
    remedy: str = ""


Item = Callable[[Scene], Finding]


def ago(age: timedelta | None) -> str:
    """Write how long ago something was, after a blank; nothing where it is not known.

    Examples
    --------
    >>> ago(timedelta(hours=3)), ago(timedelta(days=1)), ago(timedelta(days=400)), ago(None)
    (' today', ' 1 day ago', ' 400 days ago', '')
    """
    if age is None:
        return ""
    return f" {plural(age.days, 'day')} ago" if age.days > 0 else " today"


def well(evidence: str) -> Finding:
    """Return that all is well."""
    return Finding(passed=True, evidence=evidence)


def ill(evidence: str, remedy: str) -> Finding:
    """Return what is wrong, and what to do."""
    return Finding(passed=False, evidence=evidence, remedy=remedy)


def unchecked(evidence: str, remedy: str) -> Finding:
    """Return why nothing could be checked, and what to do so that it can."""
    return Finding(passed=None, evidence=evidence, remedy=remedy)
