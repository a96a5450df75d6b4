"""A workspace and what can be done with it: the five rooms in their order."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from modelwright.documents import Gameday, Release, has_document
from modelwright.engineer.archive import read
from modelwright.engineer.care.gameday import hold_gameday, keep_gameday
from modelwright.engineer.care.imports import import_into
from modelwright.engineer.care.quarantine import Quarantine
from modelwright.engineer.checkup.base import Scene
from modelwright.engineer.checkup.verdict import Checkup, check_up
from modelwright.engineer.practice import Practice
from modelwright.engineer.rollout.rollout import Promoted, Rollout
from modelwright.engineer.workshop import Workshop
from modelwright.errors import WorkspaceError
from modelwright.maintain.contest.contest import Contest
from modelwright.maintain.log.foreign_columns import LogColumns
from modelwright.maintain.log.foreign_log import Imported
from modelwright.workspace.journal import utc_now
from modelwright.workspace.ledger.ledger import microseconds
from modelwright.workspace.trial import Trial

if TYPE_CHECKING:
    from modelwright.maintain.gameday.drill import Drill


class Project(Workshop, Practice):
    """A question, its workspace, and the rooms in their order.

    Each step makes one document and writes it into the workspace. What has to be there before it
    is made first, unless it stands: a document stands until what it was made from changes, also
    when a person has edited it.

    Parameters
    ----------
    workspace
        The folder.
    data
        A data frame to read instead of what the brief names.
    report
        Told the room and a sentence when something happens.
    compute
        Who does the work: ``"here"``, ``"processes"``, ``"ray"`` or ``"ray://host:10001"``.

    Examples
    --------
    >>> import polars as pl, tempfile
    >>> table = pl.DataFrame({"size": [i**0.5 for i in range(300)]})
    >>> table = table.with_columns(price=pl.col("size") * 2 + 1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     project = Project.create(folder, data=table, target="price", budget="20s")
    ...     project.plan().task.kind
    'regression'
    """

    @property
    def rollout(self) -> Rollout:
        """Champion and challenger."""
        return Rollout(self.workspace, utc_now, after=lambda _: self._shift.follow())

    def challenge(self, bundle: str | Path, *, trial: Trial | None = None, why: str = "") -> str:
        """Let a bundle be tried beside the champion, and return its hash.

        Parameters
        ----------
        bundle
            A folder; another workspace, whose champion it is; or the hash of a bundle of this one.
        trial
            How; in the shadow when None. Without a moment, rows count that were answered after
            both bundles were built.
        why
            What is remembered of it.
        """
        return self.rollout.challenge(bundle, trial=trial or Trial(role="shadow"), why=why)

    def compare(self) -> Contest:
        """Compare champion and challenger on what has been labelled so far."""
        return self.rollout.compare()

    def promote(self, *, why: str = "", force: bool = False) -> Promoted:
        """Make the challenger the champion, when it has proven better; say what became of it.

        Parameters
        ----------
        why
            What is remembered of it.
        force
            Whether it is done though nothing says that it is better; then `why` must be told.
        """
        return self.rollout.promote(why=why, force=force)

    def roll_back(self, *, why: str = "") -> str:
        """Make the previous release the champion again and return its hash."""
        return self.rollout.roll_back(why=why)

    def import_log(
        self, log: object, *, columns: LogColumns | None = None, version: str = ""
    ) -> Imported:
        """Take the answers that another system logged as answers of the model.

        Parameters
        ----------
        log
            A data frame or an address, with one row per answer.
        columns
            Which column holds what.
        version
            The hash of the bundle that gave these answers; the champion's when empty.

        Returns
        -------
        Imported
            What was new, what the bundle answers otherwise, and what became of the labels.
        """
        return self._at_work(
            "import",
            lambda: import_into(
                self.workspace,
                log,
                columns=columns or LogColumns(),
                version=version,
                at=microseconds(utc_now()),
            ),
        )

    @property
    def quarantine(self) -> Quarantine:
        """Rows of the ledger that nobody judges or learns from."""
        return Quarantine(self.workspace, utc_now)

    def gameday(
        self,
        rows: object = None,
        *,
        drill: "Drill | None" = None,
        window_rows: int = 500,
        source: str | None = None,
    ) -> Gameday:
        """Inject known faults into a copy of traffic, and see what the maintenance finds.

        The outcome is kept in the workspace until the next drill, for the dashboard. Where another
        command is at work there, or it may not be written to, it is told and not kept.

        Parameters
        ----------
        rows
            A data frame or an address, in the order of time, with the target's column where labels
            are known. None for the ledger of the server; where that is empty, for the holdout.
        drill
            What is injected; None for every fault once.
        window_rows
            Rows of a window; fewer where there are few rows.
        source
            What to call the rows in the outcome.
        """
        held = hold_gameday(
            self._rooms,
            read(Release, self.workspace),
            rows,
            drill,
            window_rows=window_rows,
            source=source or (str(rows) if isinstance(rows, str | Path) else "rows given"),
        )
        # Only now: a drill takes minutes, in which whoever maintains need not wait.
        try:
            return self._at_work("gameday", lambda: keep_gameday(held, self.workspace))
        except WorkspaceError as error:
            self._report("gameday", f"The outcome is told, but could not be kept: {error}")
            return held

    def checkup(self, *, address: str = "", online: bool = False) -> Checkup:
        """Look at the model and all that it stands on; nothing is changed.

        Parameters
        ----------
        address
            Of the server, such as ``"http://127.0.0.1:8000"``; empty to leave it out.
        online
            Whether a public database may be asked about the versions of installed packages.
        """
        known = has_document(Release, self.workspace)
        scene = Scene(
            workspace=self.workspace,
            now=utc_now(),
            release=read(Release, self.workspace) if known else None,
            health=next(iter(self.alarms.health(last=1)), None),
            address=address.rstrip("/"),
            online=online,
            environment=os.environ,
        )
        return check_up(scene)

    def _repr_html_(self) -> str:
        """Return the project as a notebook shows it."""
        from modelwright.report.dossier import Dossier
        from modelwright.report.notebook import show_project

        return show_project(self.workspace.path.resolve().name, Dossier.read_any(self.workspace))
