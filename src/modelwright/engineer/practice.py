"""The released model, looked after."""

import threading
from collections.abc import Iterator
from datetime import timedelta

from modelwright.compute.budget import Budget, parse_duration
from modelwright.documents import Health, Release, Retraining
from modelwright.engineer.care.against import Against
from modelwright.engineer.care.alarms import Alarms
from modelwright.engineer.care.care import Care
from modelwright.engineer.care.messages import Messages
from modelwright.engineer.care.watching import Watching
from modelwright.engineer.office import Office
from modelwright.engineer.who import whoever_asks
from modelwright.errors import InputError
from modelwright.maintain.log.due import Rhythm
from modelwright.maintain.log.window import Window
from modelwright.workspace.journal import utc_now
from modelwright.workspace.ledger.ledger import LabelCount


class Practice(Office):
    """Where a released model is judged and mended, and people are told."""

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

    @property
    def alarms(self) -> Alarms:
        """The alarms about the live model, and the judgements that raised them."""
        return Alarms(self.workspace, utc_now)

    @property
    def messages(self) -> Messages:
        """Who is told of alarms, and what could not be told yet."""
        return Messages(self.workspace, self.brief, utc_now, self._report)

    @property
    def _care(self) -> Care:
        return Care(self._rooms, self._archive, self.alarms, self.messages)


def _begun(budget: str | float | None) -> Budget | None:
    return None if budget is None else Budget.start(parse_duration(budget))
