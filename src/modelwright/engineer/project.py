"""A workspace and what can be done with it: the five rooms in their order."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from modelwright.compute.budget import Budget, parse_duration
from modelwright.documents import (
    Brief,
    Candidate,
    Delivered,
    Findings,
    Gameday,
    Health,
    Plan,
    Release,
    Retraining,
    has_document,
)
from modelwright.engineer.against import Against
from modelwright.engineer.alarms import Alarms
from modelwright.engineer.archive import Archive, Report, read, record_deliveries, say_nothing
from modelwright.engineer.asking import ask
from modelwright.engineer.brief_file import (
    read_brief,
)
from modelwright.engineer.care import Care
from modelwright.engineer.chain import Chain
from modelwright.engineer.champion import bundle_folder, is_chosen_since
from modelwright.engineer.checkup.base import Scene
from modelwright.engineer.checkup.verdict import Checkup, check_up
from modelwright.engineer.gameday import hold_gameday, keep_gameday
from modelwright.engineer.imports import import_into
from modelwright.engineer.intake import FRAME
from modelwright.engineer.messages import Messages
from modelwright.engineer.progress import Progress
from modelwright.engineer.quarantine import Quarantine
from modelwright.engineer.rollout import Promoted, Rollout
from modelwright.engineer.rooms import Rooms
from modelwright.engineer.shift import Shift
from modelwright.engineer.staff import Staff
from modelwright.engineer.watching import Watching
from modelwright.engineer.who import whoever_asks
from modelwright.errors import InputError, WorkspaceError
from modelwright.maintain.contest.contest import Contest
from modelwright.maintain.log.due import Rhythm
from modelwright.maintain.log.foreign_columns import LogColumns
from modelwright.maintain.log.foreign_log import Imported
from modelwright.maintain.log.window import Window
from modelwright.workspace.folder import Workspace
from modelwright.workspace.journal import utc_now
from modelwright.workspace.ledger.ledger import LabelCount, microseconds
from modelwright.workspace.trial import Trial

if TYPE_CHECKING:
    from modelwright.deploy.targets.options import Options
    from modelwright.learners.foreign.base import Foreign
    from modelwright.maintain.gameday.drill import Drill

LEDGER = "ledger.db"


class Project:
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

    def __init__(
        self,
        workspace: Workspace,
        *,
        data: object = None,
        report: Report = say_nothing,
        compute: str = "here",
    ) -> None:
        self.workspace = workspace
        self._data = data
        self._report = Progress(report)
        self._archive = Archive(workspace, self._report)
        self._staff = Staff(compute, report=lambda sentence: self._report("compute", sentence))
        self._shift = Shift(workspace, self._report, self._staff, utc_now)
        self._at_work = self._shift.work
        self._take(read_brief(workspace))

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        data: object,
        target: str,
        report: Report = say_nothing,
        compute: str = "here",
        **brief: Any,
    ) -> Self:
        """Make a workspace, or ask again in the one that is there.

        In a workspace that has a brief, what is given here replaces those keys; what else
        `modelwright.toml` says stays, unless the target is another one.

        Parameters
        ----------
        path
            The folder.
        data
            A file, folder, glob or database URL; or a data frame.
        target
            The column to predict.
        report, compute
            As above.
        brief
            Further keys of `modelwright.toml`, for example ``budget="5m"``.

        Raises
        ------
        BriefError
            When a key is unknown or a value has the wrong type; nothing is written then.
        WorkspaceError
            When the folder cannot be written, or another command is at work in it.
        """
        named = isinstance(data, str | Path)
        address = str(data) if named else FRAME
        asked = {"data": address, "target": target, **brief}
        cls.ask(path, asked, report=report)
        return cls.open(path, data=None if named else data, report=report, compute=compute)

    @classmethod
    def ask(
        cls, path: str | Path, asked: Mapping[str, Any], *, report: Report = say_nothing
    ) -> None:
        """Write the brief of a workspace, or change the one that is there.

        Parameters
        ----------
        path
            The folder; it is made when it is missing.
        asked
            Keys and values as in `modelwright.toml`; a relative path begins at the present folder.
        report
            Told each key that changes, and each that stays though nobody asked for it now.

        Of a table of a database the tables that belong to it are looked up and become `related`,
        unless that key is given; ``related={}`` says none.
        """
        ask(Path(path), asked, report=report)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        data: object = None,
        report: Report = say_nothing,
        compute: str = "here",
    ) -> Self:
        """Open a workspace that is there."""
        return cls(Workspace.open(Path(path)), data=data, report=report, compute=compute)

    def run(self, budget: str | float | None = None, *, began: float | None = None) -> Release:
        """Do the whole job: plan, explore, build and deploy, inside the budget.

        Parameters
        ----------
        budget
            Wall time such as ``"5m"`` or seconds, which the brief then says; None for the brief's.
        began
            When the budget began, on `time.monotonic`; None for now.

        Returns
        -------
        Release
            Released, or refused with the gates that failed.
        """
        if budget is not None:
            self.ask(self.workspace.path, {"budget": budget}, report=self._report)
            self._take(read_brief(self.workspace))
        clock = self._start(None, began=began)
        return self._at_work("run", lambda: self._chain.run(clock))

    def plan(self) -> Plan:
        """Make the plan, also when one stands."""
        clock = self._start(None)
        return self._at_work("plan", lambda: self._chain.plan(clock))

    def explore(self) -> Findings:
        """Make the findings from the plan as it stands, edits included."""
        clock = self._start(None)
        return self._at_work("explore", lambda: self._chain.explore(clock))

    def build(self, budget: str | float | None = None) -> Candidate:
        """Make a candidate from the findings as they stand.

        Parameters
        ----------
        budget
            Wall time for this build alone; None for the brief's.
        """
        clock = self._start(budget)
        return self._at_work("build", lambda: self._chain.build(clock))

    def adopt(self, model: "Foreign") -> Release:
        """Take in a model that was trained elsewhere: its contract, its gates, its release.

        Parameters
        ----------
        model
            What `open_model` returned. The data should be rows that it has not learned from: it is
            judged on them.

        Raises
        ------
        LearnerError
            When it has no place in a program, or answers another question.
        SchemaError
            When the table lacks a column that it reads.
        """
        from modelwright.engineer.adoption import keys_for
        from modelwright.learners.foreign.spelled import spelled

        clock = self._start(None)
        table = self._rooms.intake.table
        named = spelled(model, table.columns)
        self.ask(self.workspace.path, keys_for(named, self.brief, table), report=self._report)
        self._take(read_brief(self.workspace))
        return self._at_work("adopt", lambda: self._chain.adopt(named, clock))

    def replay(self) -> Candidate:
        """Build again what the candidate's schedule records; no clock decides anything.

        A gate of the candidate says whether the same bundle came out, bit for bit.
        """
        return self._at_work("build", self._chain.replay)

    def deploy(self, *, clean_environment: bool = False, trial: Trial | None = None) -> Release:
        """Test the candidate's bundle as a client would, and release it when all is green.

        Parameters
        ----------
        clean_environment
            Whether it is also installed from its lock file alone, which needs a package index.
        trial
            How it is tried beside the champion; None when it takes the champion's place.
        """
        return self._at_work(
            "deploy", lambda: self._chain.deploy(clean_environment=clean_environment, trial=trial)
        )

    def deliver(
        self, *targets: str, out: str | Path, options: "Options | None" = None
    ) -> tuple[Delivered, ...]:
        """Write the champion as folders that a client can take away; release it first if needed.

        Parameters
        ----------
        targets
            What the folders are for, such as ``"docker"``.
        out
            The folder to write; with more than one target, each gets a folder of its name in it.
        options
            Port, image and what else a target reads.

        Raises
        ------
        WorkspaceError
            When a gate is red, so that there is no release.
        """
        release = self.ensure_release()
        if release is not None and not release.released:
            raise WorkspaceError(
                "The candidate is not released: a gate is red.", "See: modelwright show release"
            )
        return self.deliver_champion(*targets, out=out, options=options)

    def deliver_champion(
        self, *targets: str, out: str | Path, options: "Options | None" = None
    ) -> tuple[Delivered, ...]:
        """Write the champion as it stands, as `deliver` does, without a look at the candidate.

        Parameters
        ----------
        targets, out, options
            As for `deliver`.
        """
        from modelwright.deploy.delivery import deliver

        done = deliver(
            bundle_folder(self.workspace.path),
            Path(out),
            targets=targets,
            options=options,
            report=lambda sentence: self._report("deploy", sentence),
        )
        self._at_work("deploy", lambda: record_deliveries(done, self.workspace, at=utc_now()))
        return done

    def ensure_release(self) -> Release | None:
        """Return the release of the candidate as it stands; None where there is no candidate."""
        if not has_document(Candidate, self.workspace):
            return None
        candidate = read(Candidate, self.workspace)
        if has_document(Release, self.workspace):
            with suppress(WorkspaceError):
                release = read(Release, self.workspace)
                if is_chosen_since(release, candidate, self.workspace):
                    return release
        return self._at_work("deploy", lambda: self._chain.release(candidate))

    def maintain(
        self,
        new_rows: object = None,
        *,
        window: Window | None = None,
        against: object = None,
        on: str = "id",
    ) -> Health:
        """Judge the release on the rows that it served, or on rows given here.

        Parameters
        ----------
        new_rows
            A data frame or an address; with the target's column where labels are known. None for
            the ledger of the server.
        window
            Which rows of the ledger; None for all that the champion answered.
        against
            A table that says what the rows of the ledger should have held, such as the training
            table's source; what the server saw is compared with it.
        on
            The key of that table: a feature that clients send, or what they send as the id.

        Raises
        ------
        InputError
            When rows are given and are to be compared: only what was served can be.
        """
        if new_rows is not None and against is not None:
            raise InputError(
                "What the server saw is compared with a table, not rows that are given.",
                "Leave new_rows out.",
            )
        other = None if against is None else Against(against, on)
        chosen = window or Window()
        return self._at_work("maintain", lambda: self._care.judge(new_rows, chosen, against=other))

    def watch(
        self,
        every: str | float = "1h",
        *,
        rows: int = 100,
        once: bool = False,
        stop: threading.Event | None = None,
    ) -> Iterator[Health]:
        """Judge each new window of the ledger once, and yield its health.

        The next window begins where the last one ended that any process has judged, so this may be
        killed at any moment and begun again.

        Parameters
        ----------
        every
            The length of a window, and how long to wait for the next one: ``"1h"`` or seconds.
        rows
            The fewest rows of a window; fewer wait for more.
        once
            Whether to end when all that came is judged.
        stop
            Set it, also from another thread or a signal's handler, to end after the present window.

        Examples
        --------
        >>> for health in project.watch(every="1h"):  # doctest: +SKIP
        ...     print(health.until, health.action)
        """
        rhythm = Rhythm(timedelta(seconds=parse_duration(every)), rows)
        watching, end = Watching(self, rhythm), stop or threading.Event()
        return watching.catch_up(stop=end) if once else watching.rounds(stop=end)

    def propose(self, new_rows: object = None, *, budget: str | float | None = None) -> Health:
        """Judge the release, and test on past rows what would mend it.

        Parameters
        ----------
        new_rows
            As for `maintain`. Remedies are judged by labels: with fewer than two hundred there are
            no figures.
        budget
            Wall time, such as ``"5m"``; what is not tested by then is not proposed. None for any.

        Returns
        -------
        Health
            With `remedies`, the worthiest first; their bundles are in the folder ``remedies``.
        """
        clock = _begun(budget)
        return self._at_work("maintain", lambda: self._care.propose(new_rows, clock))

    def apply_remedy(
        self, name: str, *, anyway: bool = False, who: str = "", why: str = ""
    ) -> Release:
        """Make the champion what a remedy made of it, through the tests of every release.

        Parameters
        ----------
        name
            Of a remedy that `propose` returned.
        anyway
            Whether to take it although the past does not speak for it with confidence.
        who, why
            What the journal remembers; whoever is at work here when nobody is named.

        Returns
        -------
        Release
            Released, or refused with the gate that is red; `roll_back` returns to what was before.
        """
        named = who or whoever_asks()
        return self._at_work(
            "remedy", lambda: self._care.mend(name, anyway=anyway, who=named, why=why)
        )

    def act(
        self, new_rows: object = None, *, budget: str | float | None = None
    ) -> tuple[Health, Release | None]:
        """Judge, propose, and apply the best remedy that may act alone by ``[maintain] may``.

        Parameters
        ----------
        new_rows, budget
            As for `propose`.

        Returns
        -------
        tuple
            The health, and the release where a remedy was applied.
        """
        clock = _begun(budget)
        return self._at_work("maintain", lambda: self._care.act(new_rows, clock))

    def retraining(
        self, rows: object = None, *, window_rows: int = 500, budget: str | float | None = None
    ) -> Retraining:
        """Try on past rows how often the model should learn again, and from what.

        Parameters
        ----------
        rows
            As for `maintain`; labelled.
        window_rows
            Rows from one look at the model to the next.
        budget
            Wall time, such as ``"5m"``; the windows lived through by then decide. None for any.

        Returns
        -------
        Retraining
            Each policy with what it gains against never, and what it costs.
        """
        clock = _begun(budget)
        return self._at_work("retraining", lambda: self._care.backtest(rows, window_rows, clock))

    @property
    def alarms(self) -> Alarms:
        """The alarms about the live model, and the judgements that raised them."""
        return Alarms(self.workspace, utc_now)

    @property
    def messages(self) -> Messages:
        """Who is told of alarms, and what could not be told yet."""
        return Messages(self.workspace, self.brief, utc_now, self._report)

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

    def label(
        self,
        labels: object,
        *,
        id_column: str = "id",
        target: str | None = None,
        time_column: str = "",
    ) -> LabelCount:
        """Join labels with the predictions of the same ids that the server logged.

        Parameters
        ----------
        labels
            A data frame or an address, with ids and labels.
        id_column, target
            Its columns; the target's name is the model's when none is given.
        time_column
            Its column that says when each label became known; now, where it has none.
        """
        return self._at_work(
            "label",
            lambda: self._care.label(
                labels, id_column=id_column, target=target, time_column=time_column
            ),
        )

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

    def now(self) -> datetime:
        """Return the present moment."""
        return utc_now()

    def report(self, room: str, sentence: str) -> None:
        """Tell whoever listens what happens in a room."""
        self._report(room, sentence)

    def read_again(self) -> None:
        """Take the brief as it is now: a person may have edited it."""
        self._take(read_brief(self.workspace))

    def _repr_html_(self) -> str:
        """Return the project as a notebook shows it."""
        from modelwright.report.dossier import Dossier
        from modelwright.report.notebook import show_project

        return show_project(self.workspace.path.resolve().name, Dossier.read_any(self.workspace))

    def _take(self, brief: Brief) -> None:
        self.brief = brief
        self._rooms = Rooms(self.workspace, brief, self._data, self._report, utc_now, self._staff)
        self._chain = Chain(self._rooms, self._archive)

    @property
    def _care(self) -> Care:
        return Care(self._rooms, self._archive, self.alarms, self.messages)

    def _start(self, budget: str | float | None, *, began: float | None = None) -> Budget:
        seconds = self.brief.budget_s if budget is None else parse_duration(budget)
        return Budget.start(seconds, began=began)


def _begun(budget: str | float | None) -> Budget | None:
    return None if budget is None else Budget.start(parse_duration(budget))
