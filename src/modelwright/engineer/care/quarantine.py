"""Rows of the ledger that are set aside, and those that should be."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from modelwright.deploy.rollout import champion_of
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger, microseconds
from modelwright.workspace.ledger.quarantine import SetAside


@dataclass(frozen=True)
class Quarantine:
    """The rows of a workspace's ledger that nobody judges or learns from.

    Parameters
    ----------
    workspace
        The folder.
    clock
        Tells the time, with its zone.
    """

    workspace: Workspace
    clock: Callable[[], datetime]

    def bad_rows(self) -> dict[str, str]:
        """Return the champion's rows that break the contract: the rule, by the id of the answer."""
        from modelwright.maintain.champion import read_ledger
        from modelwright.maintain.health import FALSE_ALARM_RATE
        from modelwright.maintain.remedies.quarantine import find_bad_rows

        bundle = champion_of(self.workspace)
        rows = read_ledger(self.workspace, bundle)
        bad = find_bad_rows(bundle, rows, false_alarm_rate=FALSE_ALARM_RATE)
        return {rows.ids[place]: rule for place, rule in bad.items()} if rows.ids else {}

    def set_aside(self, reasons: Mapping[str, str]) -> int:
        """Set answers aside, with the reason by id; return how many were not aside before."""
        with self._ledger() as ledger:
            return ledger.set_aside(reasons, microseconds(self.clock()))

    def without_answer(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids that `set_aside` passes over: no answer in the ledger has them yet."""
        with self._ledger() as ledger:
            return ledger.without_answer(ids)

    def let_back(self, ids: Iterable[str]) -> int:
        """Judge answers again; return how many were aside."""
        with self._ledger() as ledger:
            return ledger.let_back(ids)

    def read(self) -> tuple[SetAside, ...]:
        """Return what is aside and why, the earliest first."""
        with self._ledger() as ledger:
            return ledger.read_set_aside()

    def _ledger(self) -> Ledger:
        return Ledger.open(ledger_of(self.workspace.path))
