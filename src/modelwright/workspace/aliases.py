"""Which bundle is champion and which is challenger, who decided it and why, and the way back."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, Self

import msgspec

from modelwright.errors import WorkspaceError
from modelwright.workspace.folder import Workspace
from modelwright.workspace.lock import hold_lock
from modelwright.workspace.trial import Trial

Alias = Literal["champion", "challenger"]
_FILE = "aliases.json"
_LOCK = ".aliases.lock"
_FORMAT = 1
_PATIENCE_S = 5.0


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of an alias.

    Parameters
    ----------
    alias
        ``"champion"`` or ``"challenger"``.
    bundle
        The fingerprint of the bundle that it names from now on; None for no bundle.
    at
        When, with its time zone.
    rolled_back
        Whether this returned to the bundle before.
    trial
        How a challenger is tried; None where it only has the name.
    who
        A person at a machine, or the part of modelwright that acted by itself.
    why
        A sentence; empty where nobody said.
    """

    alias: Alias
    bundle: str | None
    at: datetime
    rolled_back: bool = False
    trial: Trial | None = None
    who: str = ""
    why: str = ""


class Aliases(msgspec.Struct, frozen=True, kw_only=True):
    """What the aliases name now, and all that they named before.

    Examples
    --------
    >>> from datetime import UTC
    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> aliases = Aliases().assign("champion", "a1", at=now).assign("champion", "b2", at=now)
    >>> aliases.bundle("champion"), aliases.roll_back("champion", at=now).bundle("champion")
    ('b2', 'a1')
    """

    format: int = _FORMAT
    history: tuple[Change, ...] = ()

    @classmethod
    def read(cls, workspace: Workspace) -> Self:
        """Read the aliases of a workspace; none are set before the first release.

        Raises
        ------
        WorkspaceError
            When the file is damaged or was written by a newer modelwright.
        """
        if not workspace.has(_FILE):
            return cls()
        try:
            aliases = msgspec.json.decode(workspace.read_bytes(_FILE), type=cls)
        except msgspec.DecodeError as error:
            raise WorkspaceError(
                f"{workspace.path / _FILE} is damaged: {error}.",
                "Restore it from git, or remove it and deploy again.",
            ) from error
        if aliases.format > _FORMAT:
            raise WorkspaceError(
                f"{workspace.path / _FILE} was written by a newer modelwright.",
                "Run: pip install --upgrade modelwright",
            )
        return aliases

    def write(self, workspace: Workspace) -> None:
        """Write the aliases into a workspace; `change_aliases` keeps others out meanwhile."""
        encoded = msgspec.json.format(msgspec.json.encode(self), indent=2)
        workspace.write_bytes(_FILE, encoded + b"\n")

    def bundle(self, alias: Alias) -> str | None:
        """Return the fingerprint of the bundle that an alias names, or None."""
        return next((c.bundle for c in reversed(self.history) if c.alias == alias), None)

    @property
    def challenge(self) -> Change | None:
        """The change that named the present challenger; None without one."""
        last = next((c for c in reversed(self.history) if c.alias == "challenger"), None)
        # Whoever became champion on another way is on trial no longer.
        ended = last is None or last.bundle in (None, self.bundle("champion"))
        return None if ended else last

    def assign(
        self,
        alias: Alias,
        bundle: str | None,
        *,
        at: datetime,
        trial: Trial | None = None,
        who: str = "",
        why: str = "",
    ) -> Self:
        """Return aliases of which one names another bundle, or none.

        Parameters
        ----------
        alias, bundle, at, trial, who, why
            As in `Change`.
        """
        return self._add(Change(alias=alias, bundle=bundle, at=at, trial=trial, who=who, why=why))

    def roll_back(self, alias: Alias, *, at: datetime, who: str = "", why: str = "") -> Self:
        """Return aliases of which one names the bundle before; doing it again goes further back.

        Raises
        ------
        WorkspaceError
            When there was no bundle before.
        """
        earlier = self._line(alias)[:-1]
        if not earlier or earlier[-1] is None:
            raise WorkspaceError(
                f"There is nothing to roll back to: {alias} named no other bundle before.",
                "Deploy another candidate.",
            )
        return self._add(
            Change(alias=alias, bundle=earlier[-1], at=at, rolled_back=True, who=who, why=why)
        )

    def _add(self, change: Change) -> Self:
        return msgspec.structs.replace(self, history=(*self.history, change))

    def _line(self, alias: Alias) -> list[str | None]:
        """Return the bundles one could roll back through, oldest first, the present one last."""
        line: list[str | None] = []
        for change in self.history:
            if change.alias != alias:
                continue
            if change.rolled_back:
                line.pop()
            elif not line or line[-1] != change.bundle:
                line.append(change.bundle)
        return line


def change_aliases(workspace: Workspace, change: Callable[[Aliases], Aliases]) -> Aliases:
    """Read the aliases, change them and write them, while nobody else does.

    This needs no lock of the workspace: a build of hours must not keep a person from rolling back.

    Parameters
    ----------
    workspace
        Where they are.
    change
        From those that stand to those that shall; when it raises, they stay.

    Raises
    ------
    WorkspaceError
        When somebody else keeps them for seconds, or they cannot be written.
    """
    command = "change which bundle is champion"
    with hold_lock(workspace.path / _LOCK, command=command, patience_s=_PATIENCE_S):
        changed = change(Aliases.read(workspace))
        changed.write(workspace)
        return changed
