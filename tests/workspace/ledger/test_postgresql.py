from pathlib import Path

import pytest

from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.rows import Entry
from modelwright.workspace.ledger.writer import LedgerWriter
from modelwright.workspace.spool.spool import Spool


def entry(number: int) -> Entry:
    return Entry(id=f"p{number}", at=number, version="a", inputs={}, output=1, latency_s=0.0)


def test_several_servers_write_one(postgresql: str) -> None:
    with (
        Ledger.open(postgresql) as one,
        Ledger.open(postgresql) as other,
        LedgerWriter(one, wait_s=0.001) as first,
        LedgerWriter(other, wait_s=0.001) as second,
    ):
        for number in range(300):
            first.put([entry(number)])
            second.put([entry(number + 150)])
        assert first.flush()
        assert second.flush()
        assert one.count() == 450
        assert first.repeated + second.repeated == 150


def test_a_text_that_it_cannot_hold_stops_no_other(postgresql: str) -> None:
    with Ledger.open(postgresql) as ledger, LedgerWriter(ledger) as writer:
        writer.put([entry(1), Entry(id="a\0", at=2, version="a", inputs={}, output=1, latency_s=0)])
        writer.flush()
        assert (writer.dropped, ledger.count()) == (1, 1)


def test_answers_wait_while_it_is_away(postgresql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "wrong-s3cret")
    with Ledger.open(postgresql) as ledger:
        with pytest.raises(WorkspaceError, match=r"password.*PGPASSWORD") as caught:
            ledger.check()
        assert "wrong-s3cret" not in str(caught.value)
        with LedgerWriter(ledger, retry_s=0.01) as writer:
            writer.put([entry(1)])
            assert not writer.flush(0.05)


def test_what_waited_comes_into_it_later(postgresql: str) -> None:
    with Ledger.open(postgresql) as ledger:
        spool = Spool(ledger.spool_folder)
        spool.put([entry(1)])
        spool.close()
    with Ledger.open(postgresql) as again:
        assert [row.id for row in again.read_window()] == ["p1"]
        assert not any(again.spool_folder.iterdir())


def test_a_password_in_a_file(
    postgresql: str, server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text(f"{server.password}\n")
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("MODELWRIGHT_LEDGER_PASSWORD_FILE", str(tmp_path / "secret"))
    with Ledger.open(postgresql) as ledger:
        assert ledger.count() == 0


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://me:s3cret@host/shop", "holds a password"),
        ("postgresql://me@host/shop?password=s3cret", "holds a password"),
        ("postgresql://me@host", "malformed"),
        ("mysql://me:s3cret@host/shop", "malformed"),
        ("postgresql://me@host/shop?schema=a;drop", "schema"),
    ],
)
def test_addresses_that_are_none(address: str, told: str) -> None:
    with pytest.raises(WorkspaceError, match=told) as caught:
        Ledger.open(address)
    assert "s3cret" not in str(caught.value)
