"""The rollout of a workspace: who may change it, and what the journal remembers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from modelwright.deploy import rollout
from modelwright.engineer.champion import bundle_folder
from modelwright.engineer.question.brief_file import read_brief
from modelwright.engineer.rollout.backfill import backfill_from
from modelwright.engineer.rollout.contest import contest_in
from modelwright.engineer.rollout.departures import (
    Beside,
    at_once,
    in_a_thread,
    tell_gone,
    tell_should_go,
)
from modelwright.engineer.tracking.following import follow_aside
from modelwright.engineer.who import whoever_asks
from modelwright.errors import InputError, WorkspaceError
from modelwright.maintain.contest.contest import Contest
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.workspace.aliases import Aliases, Change
from modelwright.workspace.folder import Workspace
from modelwright.workspace.journal import JOURNAL, Journal
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.rollout_policy import RolloutPolicy
from modelwright.workspace.trial import Trial


class Promoted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a wish to promote.

    Parameters
    ----------
    champion
        The hash of the champion now.
    sentence
        Why.
    acted
        Whether anything was changed.
    gone
        The hash of whoever is champion, or on trial, no longer; empty where nobody is.
    """

    champion: str
    sentence: str
    acted: bool
    gone: str = ""


@dataclass(frozen=True)
class Rollout:
    """Champion and challenger of a workspace.

    Every change is remembered with its moment, who made it and why, in the same step in which it
    is made; nothing of that is ever overwritten.

    Parameters
    ----------
    workspace
        The folder.
    clock
        Tells the time, with its zone.
    who
        Says who asks.
    after
        Called when something was decided.
    beside
        How messages are sent: at once, or beside what may not wait.
    """

    workspace: Workspace
    clock: Callable[[], datetime]
    who: Callable[[], str] = whoever_asks
    after: Callable[[Workspace], None] = follow_aside
    beside: Beside = at_once

    def compare(self) -> Contest:
        """Compare champion and challenger on what has been labelled so far.

        Raises
        ------
        WorkspaceError
            When there is no challenger, or nothing was logged.
        """
        return contest_in(self.workspace)

    def act(self, contest: Contest) -> Promoted:
        """Do what the brief leaves to modelwright, and say what that was.

        Parameters
        ----------
        contest
            What `compare` returned.
        """
        acting = replace(self, who=lambda: "modelwright compare")
        try:
            return acting._act(contest)
        except rollout.DepartedError:
            champion = Aliases.read(self.workspace).bundle("champion") or ""
            return Promoted(champion=champion, sentence=contest.sentence, acted=False)

    def _act(self, contest: Contest) -> Promoted:
        policy = read_brief(self.workspace).rollout
        trial, why = contest.trial, contest.sentence
        if contest.verdict == "promote" and trial.former and policy.roll_back == "automatic":
            champion = self.roll_back(why=why, only=contest.champion)
            self._tell_gone(contest.champion, why)
            return Promoted(champion=champion, sentence=why, acted=True, gone=contest.champion)
        if contest.verdict == "promote" and _may_take_over(trial, policy):
            return Promoted(
                champion=self._promoted(why), sentence=why, acted=True, gone=contest.champion
            )
        if contest.verdict == "give up" and (trial.former or _answers_clients(trial, policy)):
            self.withdraw(why=f"the champion stays: {why}", only=contest.challenger)
            if trial.role == "canary":
                self._tell_gone(contest.challenger, why)
            return Promoted(
                champion=contest.champion, sentence=why, acted=True, gone=contest.challenger
            )
        if contest.verdict == "promote" and trial.former:
            self._tell_should_go(contest.champion, why)
        return Promoted(champion=contest.champion, sentence=why, acted=False)

    def challenge(self, bundle: str | Path, *, trial: Trial, why: str) -> str:
        """Let a bundle be tried beside the champion; return its hash.

        Parameters
        ----------
        bundle
            A folder; another workspace, whose champion it is; or the hash of a bundle of this one.
        trial
            How. Without a moment, rows count that were answered after both bundles were built: of
            earlier ones, with their labels, one of them may have learned.
        why
            What is remembered of it.
        """
        named = bundle_folder(Path(bundle)) if Path(bundle).is_dir() else bundle
        with self._noted("challenge", locked=True):
            return rollout.challenge(
                self.workspace, named, trial=trial, at=self.clock(), who=self.who(), why=why
            )

    def backfill(self, table: object, *, on: str) -> int:
        """Let the challenger answer logged rows with columns of a table; return how many.

        Parameters
        ----------
        table
            A data frame or an address, with the columns that clients do not send yet.
        on
            The key: a column of the table and of requests, or ``id`` for the id of an answer.

        Raises
        ------
        WorkspaceError
            When there is no challenger that waits for tables.
        """
        change = Aliases.read(self.workspace).challenge
        if change is None or change.trial is None or change.trial.live:
            raise WorkspaceError(
                "No challenger waits for a table.",
                "Name one: modelwright challenge BUNDLE --shadow --backfill TABLE --on KEY",
            )
        from modelwright.serving.trials.shadow import Shadow

        bundle = read_bundle(rollout.folder_of(self.workspace, change.bundle or ""))
        with Ledger.open(ledger_of(self.workspace.path)) as ledger:
            fill = backfill_from(table, on=on)
            return Shadow(bundle, ledger, since=change.trial.since, fill=fill).catch_up()

    def withdraw(self, *, why: str, only: str | None = None) -> str:
        """Try the challenger no longer, where it is the one that is meant; return its hash."""
        with self._noted("challenge"):
            return rollout.withdraw(
                self.workspace, at=self.clock(), who=self.who(), why=why, only=only
            )

    def promote(self, *, why: str = "", force: bool = False) -> Promoted:
        """Make the challenger the champion, when it has proven better.

        Parameters
        ----------
        why
            What is remembered of it, beside what the comparison says.
        force
            Whether it is done though nothing says that it is better; then `why` must be told.

        Raises
        ------
        InputError
            When it is forced without a reason.
        WorkspaceError
            When there is no challenger.
        """
        if force:
            if not why:
                raise InputError("A promotion by force needs a reason.", 'Say it: --why "…"')
            before = Aliases.read(self.workspace).bundle("champion") or ""
            champion = self._promoted(f"forced: {why}")
            return Promoted(champion=champion, sentence=why, acted=True, gone=before)
        contest = self.compare()
        if contest.verdict != "promote":
            return Promoted(champion=contest.champion, sentence=contest.sentence, acted=False)
        said = f"{why}: {contest.sentence}" if why else contest.sentence
        champion, before = self._promoted(said), contest.champion
        return Promoted(champion=champion, sentence=contest.sentence, acted=True, gone=before)

    def _promoted(self, why: str) -> str:
        with self._noted("promote"):
            return rollout.promote(self.workspace, at=self.clock(), who=self.who(), why=why)

    def roll_back(self, *, why: str, only: str | None = None) -> str:
        """Make the champion before the champion again; return its hash.

        Parameters
        ----------
        why
            What is remembered of it.
        only
            The champion that must be meant; None for any.
        """
        with self._noted("rollback"):
            return rollout.roll_back(
                self.workspace, clock=self.clock, who=self.who(), why=why, only=only
            )

    def send_away(self, digest: str, why: str) -> bool:
        """End the trial of a challenger, or roll back a champion, and tell people of it.

        Parameters
        ----------
        digest
            The bundle that must go; whoever comes second finds it gone.
        why
            What it did.

        Returns
        -------
        bool
            Whether it is gone: a champion stays where the brief leaves it to people, who are told.
        """
        is_champion = Aliases.read(self.workspace).bundle("champion") == digest
        if is_champion and read_brief(self.workspace).rollout.roll_back == "ask":
            self._tell_should_go(digest, why)
            return False
        # Each worker of a server may find it out: the first one acts, and tells people.
        with suppress(rollout.DepartedError):
            (self.roll_back if is_champion else self.withdraw)(why=why, only=digest)
            self._tell_gone(digest, why)
        return True

    def _tell_gone(self, digest: str, why: str) -> None:
        said = f"{digest[:12]} was sent away by {self.who()}: {why}"
        tell_gone(self.workspace, _sentence(said), clock=self.clock, beside=self.beside)

    def _tell_should_go(self, digest: str, why: str) -> None:
        said = (
            f"{digest[:12]}, the champion, should go: {_sentence(why)} Nothing was done, as "
            'roll_back = "ask" says in modelwright.toml. To go back: modelwright rollback'
        )
        tell_should_go(self.workspace, said, clock=self.clock, beside=self.beside)

    def releases(self) -> tuple[Change, ...]:
        """Return every change of champion and challenger, the earliest first."""
        return Aliases.read(self.workspace).history

    @contextmanager
    def _noted(self, command: str, *, locked: bool = False) -> Iterator[None]:
        """Write the run into the journal however it ends."""
        if locked:
            with self.workspace.lock(command), self._noted(command):
                yield
            return
        with Journal.open(self.workspace.path / JOURNAL) as journal:
            run = journal.start_run(command)
            exit_code = 2
            try:
                yield
                exit_code = 0
            finally:
                journal.end_run(run, exit_code=exit_code)
        self.after(self.workspace)


def _may_take_over(trial: Trial, policy: RolloutPolicy) -> bool:
    # By tables it was asked with columns that no client sends yet: it would answer without them.
    return trial.live and not trial.former and policy.promote == "automatic"


def _answers_clients(trial: Trial, policy: RolloutPolicy) -> bool:
    """Return whether a challenger answers clients, and may be stopped without asking."""
    return trial.role == "canary" and policy.roll_back == "automatic"


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def sends_away(path: Path) -> Callable[[str, str], bool]:
    """Return what ends a trial in the workspace at a path; what a server does by itself."""

    def act(digest: str, why: str) -> bool:
        acting = Rollout(
            Workspace.open(path),
            lambda: datetime.now(UTC),
            who=lambda: "modelwright serve",
            beside=in_a_thread,
        )
        return acting.send_away(digest, why)

    return act
