"""The state of a watch, as it is kept in the workspace between two runs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

import msgspec

from modelwright.documents import Cause
from modelwright.errors import WorkspaceError
from modelwright.maintain.action import Action
from modelwright.maintain.look.past import StoredWindow, restore_window, store_window
from modelwright.maintain.watch.creep import Creep
from modelwright.maintain.watch.known import Known
from modelwright.maintain.watch.verdict import Verdict
from modelwright.maintain.watch.watch import Watch
from modelwright.predictor.bundle import Bundle
from modelwright.tasks.metrics import Metric
from modelwright.workspace.folder import Workspace

_FILE = "watch.json"
_FORMAT = 1


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What a window was alarmed for.

    Parameters
    ----------
    action, sentence
        What to do, and why.
    causes
        The likeliest first.
    """

    action: Action
    sentence: str
    causes: tuple[Cause, ...]

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """Return what a verdict has to tell."""
        return cls(action=verdict.action, sentence=verdict.sentence, causes=verdict.causes)

    @property
    def again(self) -> Self:
        """The same, told once more of the same rows: nothing has grown worse since."""
        causes = tuple(msgspec.structs.replace(each, is_worse=False) for each in self.causes)
        return msgspec.structs.replace(self, causes=causes)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the last run that saw windows told: it stands until another one sees some.

    Parameters
    ----------
    news
        What was new, a window each.
    is_first
        Whether there was no past before.
    """

    news: tuple[News, ...] = ()
    is_first: bool = False


NOTHING = Told()


class WatchState(msgspec.Struct, frozen=True, kw_only=True):
    """What the windows so far have shown; a bundle's own, and small: a few thousand rows at most.

    Parameters
    ----------
    bundle_hash
        The model that was watched; another one starts anew.
    until
        The moment up to which logged rows were judged: ISO 8601 in UTC.
    past
        The windows that were accepted.
    known
        What was alarmed and lasts.
    creep, anchors
        The losses, and the first windows, since the world last changed.
    told
        What the last windows were alarmed for.
    """

    format: int = _FORMAT
    bundle_hash: str
    until: str
    past: tuple[StoredWindow, ...]
    known: tuple[Known, ...] = ()
    creep: Creep = Creep()
    anchors: tuple[StoredWindow, ...] = ()
    told: Told = Told()


def read_watch(
    workspace: Workspace, bundle: Bundle, metric: Metric
) -> tuple[Watch, datetime | None]:
    """Return the watch of a bundle and up to when it has judged; a new one where there is none.

    A state that is damaged, of another bundle, or of a newer form is as good as none: the watch
    then learns its past anew.

    Parameters
    ----------
    workspace
        Where `write_watch` wrote.
    bundle, metric
        The model, and by what it was chosen.
    """
    # A log is judged whenever somebody runs: labels of its last rows have not come yet.
    fresh = Watch(bundle, metric, ages_alike=False)
    if not workspace.has(_FILE):
        return fresh, None
    try:
        state = msgspec.json.decode(workspace.read_bytes(_FILE), type=WatchState)
        if state.format > _FORMAT or state.bundle_hash != bundle.hash:
            return fresh, None
        past, anchors = (
            tuple(restore_window(each, bundle.schema) for each in windows)
            for windows in (state.past, state.anchors)
        )
        until = datetime.fromisoformat(state.until).astimezone(UTC)
    except (msgspec.DecodeError, KeyError, ValueError):
        return fresh, None
    watch = replace(fresh, past=past, known=state.known, creep=state.creep, anchors=anchors)
    return watch, until


def erase_watched(workspace: Workspace, ids: Iterable[str] = (), *, before: int = 0) -> None:
    """Erase rows from what the watch keeps of the past.

    What cannot be read is erased whole: the watch then learns its past anew.

    Parameters
    ----------
    workspace
        Where `write_watch` wrote, if it did; locked for as long as this takes.
    ids
        Under which the rows were logged.
    before
        Rows that were logged earlier are erased too; microseconds since 1970 in UTC.

    Raises
    ------
    WorkspaceError
        When another command works in the workspace.
    """
    with workspace.lock():
        if workspace.has(_FILE):
            state = _without(workspace.read_bytes(_FILE), frozenset(ids), before)
            workspace.write_bytes(_FILE, state)


def _without(data: bytes, erased: frozenset[str], before: int) -> bytes:
    try:
        state = msgspec.json.decode(data, type=WatchState)
        past, anchors = (
            tuple(filter(None, (each.without(erased, before=before) for each in windows)))
            for windows in (state.past, state.anchors)
        )
    except (msgspec.DecodeError, IndexError, ValueError):
        return b"{}"
    return msgspec.json.encode(msgspec.structs.replace(state, past=past, anchors=anchors))


def read_told(workspace: Workspace, bundle: Bundle) -> Told:
    """Return what the last run that saw windows of a bundle told; nothing where there was none."""
    try:
        state = msgspec.json.decode(workspace.read_bytes(_FILE), type=WatchState)
    except (WorkspaceError, msgspec.DecodeError):
        return Told()
    return state.told if state.bundle_hash == bundle.hash else Told()


def write_watch(
    workspace: Workspace, watch: Watch, *, until: datetime, told: Told = NOTHING
) -> None:
    """Keep a watch and what it told, whole or not at all."""
    state = WatchState(
        bundle_hash=watch.bundle.hash,
        until=until.isoformat(),
        past=tuple(store_window(each) for each in watch.past),
        known=watch.known,
        creep=watch.creep,
        anchors=tuple(store_window(each) for each in watch.anchors),
        told=told,
    )
    workspace.write_bytes(_FILE, msgspec.json.encode(state))
