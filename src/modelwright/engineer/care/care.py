"""What is done for a model that is released: judged, mended, and how often it should learn."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from modelwright.compute.budget import Budget
from modelwright.data.sources.open import open_source
from modelwright.documents import Health, Plan, Release, Retraining, has_document
from modelwright.engineer.archive import Archive, hash_of, read
from modelwright.engineer.care.alarms import Alarms
from modelwright.engineer.care.messages import Messages
from modelwright.engineer.rooms import Rooms
from modelwright.maintain.log.labels import join_labels
from modelwright.maintain.log.window import Window
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import LabelCount, Ledger, microseconds

if TYPE_CHECKING:
    from modelwright.engineer.care.against import Against
    from modelwright.engineer.care.remedies import Clinic


@dataclass(frozen=True)
class Care:
    """The released model of a workspace, looked after.

    Parameters
    ----------
    rooms, archive
        Make and keep the documents; the caller holds the lock of the workspace.
    alarms, messages
        Who remembers and who is told.
    """

    rooms: Rooms
    archive: Archive
    alarms: Alarms
    messages: Messages

    def judge(
        self, new_rows: object, window: Window, *, against: "Against | None" = None
    ) -> Health:
        """Judge the release on rows, or where these are None on those that it served.

        The latter are also compared with a table, where one is given.
        """
        release = self._release
        watched = None
        if new_rows is None:
            watched = self.rooms.watch(release, window, self.alarms.acknowledged())
        judged = watched.health if watched else self.rooms.maintain(release, new_rows)
        if watched and against:
            judged = against.compared(judged, release, self.rooms, window)
        health = self.archive.write(judged, hash_of(release))
        until = window.bounds[1] if watched else None
        self.alarms.record(health, tell=self.messages.names, judged_until=until)
        if watched:
            watched.keep(self.rooms.workspace)
        self.messages.deliver()
        return health

    def propose(self, new_rows: object, budget: Budget | None = None) -> Health:
        """Judge, and test on past rows what would mend the model."""
        release = self._release
        judged = self.judge(new_rows, Window())
        health = self._clinic.propose(judged, release, new_rows, budget=budget)
        return self.archive.write(health, hash_of(release))

    def mend(self, name: str, *, anyway: bool, who: str, why: str = "") -> Release:
        """Make the champion what a remedy made of it."""
        health, standing = read(Health, self.archive.workspace), self._release
        release = self._clinic.apply(health, standing, name, anyway=anyway, who=who, why=why)
        # It stands for the candidate that was released: that one is not deployed again.
        return self.archive.write(release, standing.made_from) if release.released else release

    def act(self, new_rows: object, budget: Budget | None = None) -> tuple[Health, Release | None]:
        """Judge, propose, and apply the best that may act alone."""
        from modelwright.engineer.care.proposals import best_alone

        health = self.propose(new_rows, budget)
        best = best_alone(health.remedies, healthy=health.healthy)
        if best is None:
            return health, None
        return health, self.mend(best.remedy, anyway=False, who="policy")

    def backtest(self, rows: object, window_rows: int, budget: Budget | None = None) -> Retraining:
        """Try on past rows how often the model should learn again."""
        release = self._release
        retraining = self._clinic.backtest(release, rows, window_rows=window_rows, budget=budget)
        return self.archive.write(retraining, hash_of(release))

    def label(
        self, labels: object, *, id_column: str, target: str | None, time_column: str
    ) -> LabelCount:
        """Join labels with what was answered."""
        release = self._release
        with Ledger.open(ledger_of(self.rooms.workspace.path)) as ledger:
            return join_labels(
                ledger,
                open_source(labels).read(),
                id_column=id_column,
                target=target or release.target,
                task=release.task,
                at=microseconds(self.rooms.clock()),
                time_column=time_column,
                unit=self._unit_of(release.target),
            )

    def _unit_of(self, target: str) -> str:
        """Return what stands beside the numbers of the target; nothing where nobody planned."""
        workspace = self.archive.workspace
        if not has_document(Plan, workspace):
            return ""
        schema = read(Plan, workspace).schema
        return schema[target].unit if target in schema.names else ""

    @property
    def _release(self) -> Release:
        return read(Release, self.archive.workspace)

    @cached_property
    def _clinic(self) -> "Clinic":
        from modelwright.engineer.care.remedies import Clinic

        return Clinic(self.rooms, self.rooms.report)
