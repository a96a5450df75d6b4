"""What was alarmed and still lasts: told once, and again only where it has clearly grown worse."""

from collections.abc import Collection, Sequence
from typing import Self

import msgspec
import numpy as np

from modelwright.documents import Cause, CauseKind
from modelwright.maintain.action import Action
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.truths.losses import MATERIAL

_MOSTLY = 0.5
"""The part of a growth that broken columns do not explain, so that it has another cause."""
_BY_FAR = 3.0
"""How many usual changes a loss must grow by that does not follow from what is broken."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was alarmed and still lasts.

    What is broken lasts while there is any sign of it. Another world lasts while the loss is nearer
    to what it was when it was told than to what it was before; without labels, while it is found.

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
    growth
        By which part the loss grew when it was told.
    told, level
        The logarithm of the mean loss when it was told (of what is broken, the larger one of its
        first two windows), and now, half of it that of the last window; None without labels.
    is_accepted
        Whether people know that the world is another: only where it grows worse it is told.
    """

    kind: CauseKind
    columns: tuple[str, ...]
    since: str
    sentence: str = ""
    windows: int = 1
    is_broken: bool = True
    growth: float = 0.0
    told: float | None = None
    level: float | None = None
    is_accepted: bool = False

    @classmethod
    def of(cls, finding: Finding, *, since: str, level: float | None = None) -> Self:
        """Return what is told of a finding.

        Parameters
        ----------
        finding
            What is alarmed.
        since
            When its window begins.
        level
            The logarithm of the mean loss of its window; None without labels.
        """
        return cls(
            kind=finding.kind,
            columns=finding.columns,
            since=since,
            sentence=finding.sentence,
            is_broken=finding.is_broken,
            growth=finding.growth or 0.0,
            told=level,
            level=level,
        )

    @property
    def action(self) -> Action:
        """The one thing to do."""
        if self.is_broken:
            return "fix input"
        return "recalibrate" if self.kind == "probabilities off" else "retrain"

    def accepted(self, causes: Collection[tuple[str, tuple[str, ...]]]) -> Self:
        """Return it as it is when people know of some causes; what is broken stays broken.

        Parameters
        ----------
        causes
            The kind and the columns of each.
        """
        if self.is_broken or (self.kind, self.columns) not in causes:
            return self
        return msgspec.structs.replace(self, is_accepted=True)

    def is_about(self, cause: Cause) -> bool:
        """Whether a cause is this one."""
        return (self.kind, self.columns) == (cause.kind, cause.columns)

    def is_same(self, finding: Finding) -> bool:
        """Whether a finding is another sign of this."""
        if self.columns and finding.columns:
            return bool(set(self.columns) & set(finding.columns))
        return self.kind == finding.kind

    def seen(self, findings: Sequence[Finding], level: float | None) -> Self | None:
        """Return it as it is after another window; None where it is over.

        Parameters
        ----------
        findings
            All signs in the window, also those that alone would be none.
        level
            The logarithm of the mean loss of the window; None without labels.
        """
        found = any(self.is_same(finding) for finding in findings)
        now = self.level
        if now is not None and level is not None:
            now = (now + level) / 2
        if not found and not self._is_near(now):
            return None
        told = self.told
        if self.is_broken and self.windows == 1 and told is not None and level is not None:
            # What broke late in its first window shows only in the second what it does.
            told = max(told, level)
        return msgspec.structs.replace(self, windows=self.windows + 1, level=now, told=told)

    def is_exceeded(self, finding: Finding, level: float | None) -> bool:
        """Say whether a change of the world is clearly worse than this one, as it was told.

        It is where the loss has grown by a twentieth more, and by more than it grows from window to
        window anyway.

        Parameters
        ----------
        finding
            Of a window.
        level
            The logarithm of its mean loss; None without labels.
        """
        more = max(MATERIAL, finding.usual_change)
        if self.told is not None and level is not None:
            return level >= self.told + float(np.log1p(more))
        return not self.is_same(finding) or (finding.growth or 0.0) >= self.growth + more

    def explains(self, finding: Finding, level: float | None, *, left: float | None = None) -> bool:
        """Say whether a loss that has grown may follow from this, which is broken.

        What was told with another loss does not explain one that grows again, and by far more than
        it does from window to window anyway. Nor do broken columns explain what is mostly left when
        the model does not know them.

        Parameters
        ----------
        finding
            Of a window.
        level
            The logarithm of its mean loss; None without labels.
        left
            By which part the loss has grown of answers that do not know what is broken; None where
            that is not known.
        """
        if self.columns and left is not None and _is_mostly_left(finding, left):
            return False
        if self.told is None or level is None:
            return True
        more = _BY_FAR * max(MATERIAL, finding.usual_change)
        return level < self.told + float(np.log1p(more))

    def _is_near(self, level: float | None) -> bool:
        """Say whether the loss is nearer to what was told than to what was before."""
        if self.is_broken or level is None or self.told is None:
            return False
        return level >= self.told - float(np.log1p(max(self.growth, 0.0))) / 2


def _is_mostly_left(finding: Finding, left: float) -> bool:
    usual = max(MATERIAL, finding.usual_change)
    enough = _MOSTLY * float(np.log1p(finding.growth or 0.0))
    return left >= usual and float(np.log1p(left)) >= enough
