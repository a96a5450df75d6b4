from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from modelwright.documents import Health, LossShare, LossSplit, ProvingRow
from modelwright.documents.health import Record
from modelwright.maintain.watch.erasure import erase_kept, without_rows
from modelwright.tasks.interval import Interval
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.ledger import microseconds
from modelwright.workspace.logbook import LOGBOOK, Logbook

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def proof(*ids: str, at: datetime = NOON) -> tuple[ProvingRow, ...]:
    return tuple(
        ProvingRow(
            place=place,
            at=at.isoformat(),
            values={"name": f"secret-{name}"},
            loss=2.0,
            usual=0.1,
            id=name,
        )
        for place, name in enumerate(ids)
    )


def health(rows: tuple[ProvingRow, ...], *, record: Record | None) -> bytes:
    some = Interval(value=0.1, low=0.05, high=0.2, method="bootstrap")
    share = LossShare(kind="unit change", sentence="", growth=some, proof=rows)
    made = Health(
        bundle_hash="b",
        target="late",
        metric="roc_auc",
        since="",
        until="",
        rows=3,
        labelled=3,
        contract_passed=True,
        broken_rules=(),
        drift=(),
        false_alarm_rate=0.01,
        realised=None,
        expected=None,
        healthy=False,
        action="fix input",
        sentence="",
        record=record,
        split=LossSplit(growth=some, before=3, now=3, shares=(share,), sentence=""),
    )
    return msgspec.json.encode(made)


LOGGED = Record(answers=3)


def left(document: bytes) -> list[str]:
    split = msgspec.json.decode(document, type=Health).split
    assert split is not None
    return [row.id for row in split.shares[0].proof]


def test_only_rows_that_are_erased_go() -> None:
    document = health(proof("a", "b", "c"), record=LOGGED)
    assert left(without_rows(document, {"b"})) == ["a", "c"]
    assert without_rows(document, {"d"}) == document


def test_a_logged_row_that_nobody_can_name_goes_and_one_of_a_table_stays() -> None:
    assert left(without_rows(health(proof("", "a"), record=LOGGED), set())) == ["a"]
    assert left(without_rows(health(proof("", ""), record=None), {"b"})) == ["", ""]


def test_rows_that_are_too_old_go() -> None:
    document = health(proof("a"), record=LOGGED)
    assert left(without_rows(document, (), before=microseconds(NOON))) == ["a"]
    assert left(without_rows(document, (), before=microseconds(NOON) + 1)) == []


@pytest.mark.parametrize("document", [b"{}", b"{", b'"text"'])
def test_what_is_no_health_stays(document: bytes) -> None:
    assert without_rows(document, {"a"}, before=1) == document


def test_no_file_of_the_workspace_holds_an_erased_row(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "flights")
    document = health(proof("a", "b"), record=LOGGED)
    workspace.write_bytes(Health.file_name, document)
    with Logbook.open(workspace.path / LOGBOOK) as logbook:
        logbook.record(document, (), at=NOON)
    erase_kept(workspace, ["a"])
    held = b"".join(file.read_bytes() for file in workspace.path.iterdir() if file.is_file())
    assert b"secret-a" not in held
    assert b"secret-b" in held
