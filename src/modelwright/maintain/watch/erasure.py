"""What is erased from the ledger is erased where maintain kept some of it too."""

from collections.abc import Callable, Container, Iterable
from datetime import datetime

import msgspec

from modelwright.documents import (
    ColumnSkew,
    Health,
    LossShare,
    LossSplit,
    ProvingRow,
    Skew,
    SkewedRow,
)
from modelwright.maintain.watch.state import erase_watched
from modelwright.workspace.folder import Workspace
from modelwright.workspace.logbook import LOGBOOK, Logbook


def erase_kept(workspace: Workspace, ids: Iterable[str] = (), *, before: int = 0) -> None:
    """Erase rows from the past of the watch, from the health and from earlier judgements.

    Parameters
    ----------
    workspace
        Locked for as long as this takes.
    ids
        Under which the rows were logged.
    before
        Rows that were logged earlier are erased too; microseconds since 1970 in UTC.

    Raises
    ------
    WorkspaceError
        When another command works in the workspace, or a file is damaged.
    """
    erased = frozenset(ids)
    erase_watched(workspace, erased, before=before)
    with workspace.lock():
        if workspace.has(Health.file_name):
            data = workspace.read_bytes(Health.file_name)
            workspace.write_bytes(Health.file_name, without_rows(data, erased, before=before))
        if workspace.has(LOGBOOK):
            with Logbook.open(workspace.path / LOGBOOK) as logbook:
                logbook.rewrite(lambda old: without_rows(old, erased, before=before))


def without_rows(data: bytes, erased: Container[str], *, before: int = 0) -> bytes:
    """Return a health without the rows that prove its causes or skew, where these are to be erased.

    A logged row that nobody can name goes too; one of a table stays. What is no health has no such
    rows and stays as it is.

    Parameters
    ----------
    data
        A document as JSON.
    erased
        Ids.
    before
        As for `erase_kept`.

    Examples
    --------
    >>> without_rows(b"{}", {"7"})
    b'{}'
    """
    try:
        health = msgspec.json.decode(data, type=Health)
    except msgspec.DecodeError:
        return data
    is_logged = health.record is not None

    def stays(row: ProvingRow) -> bool:
        if not row.id:
            return not is_logged
        return row.id not in erased and (not before or _moment(row) >= before)

    kept = msgspec.structs.replace(
        health, split=_split_of(health.split, stays), skew=_skew_of(health.skew, erased, before)
    )
    return data if kept == health else msgspec.json.encode(kept)


def _split_of(split: LossSplit | None, stays: Callable[[ProvingRow], bool]) -> LossSplit | None:
    if split is None:
        return None
    shares = tuple(_only(share, stays) for share in split.shares)
    return msgspec.structs.replace(split, shares=shares)


def _skew_of(skew: Skew | None, erased: Container[str], before: int) -> Skew | None:
    if skew is None:
        return None

    def kept(column: ColumnSkew) -> ColumnSkew:
        rows = (row for row in column.examples if row.id not in erased)
        shown = tuple(row for row in rows if not before or _moment(row) >= before)
        return msgspec.structs.replace(column, examples=shown)

    return msgspec.structs.replace(skew, columns=tuple(map(kept, skew.columns)))


def _only(share: LossShare, stays: Callable[[ProvingRow], bool]) -> LossShare:
    return msgspec.structs.replace(share, proof=tuple(row for row in share.proof if stays(row)))


def _moment(row: ProvingRow | SkewedRow) -> int:
    """Return when a row came, in microseconds; what is not known is long ago."""
    return round(datetime.fromisoformat(row.at).timestamp() * 1e6) if row.at else 0
