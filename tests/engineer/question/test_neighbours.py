"""A question of a database looks around in it, once, and says what it found."""

import sqlite3
from pathlib import Path

import pytest

from modelwright.data.sources.catalogue import Catalogue, ForeignKey
from modelwright.documents import Brief
from modelwright.engineer.project import Project
from modelwright.engineer.question.brief_file import brief_of
from modelwright.engineer.question.neighbours import look_around
from modelwright.errors import BriefError


@pytest.fixture
def shop(tmp_path: Path) -> str:
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.executescript(
        """
        CREATE TABLE customers (id INTEGER PRIMARY KEY, country TEXT);
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY, who INTEGER REFERENCES customers, late INTEGER);
        CREATE TABLE empty (order_id INTEGER REFERENCES orders);
        INSERT INTO customers VALUES (1, 'DE');
        """
    )
    connection.close()
    return str(tmp_path / "shop.db")


def _asked(shop: str, **more: object) -> dict[str, object]:
    return {"data": shop, "table": "orders", "target": "late", **more}


def _look(asked: dict[str, object], standing: Brief | None = None) -> tuple[object, list[str]]:
    told: list[str] = []
    keys = look_around(asked, standing, Path(), report=lambda _, sentence: told.append(sentence))
    return keys.get("related"), told


def test_the_tables_that_belong_to_the_rows_become_related(shop: str) -> None:
    related, (told,) = _look(_asked(shop))
    assert related == {"customers": {"data": shop, "table": "customers", "key": ("who = id",)}}
    assert "customers by who = id" in told
    assert "--related none" in told


@pytest.mark.parametrize(("scheme", "its"), [("postgresql", "agents"), ("mysql", "customers")])
def test_only_mysql_names_its_own_database_before_a_table(
    monkeypatch: pytest.MonkeyPatch, scheme: str, its: str
) -> None:
    agents = {"sales.orders": ("id", "agent_id"), "agents": ("id",)}
    tables = {"orders": ("id", "customer_id"), "customers": ("id",)}
    keys = (
        ForeignKey("orders", ("customer_id",), "customers", ("id",)),
        ForeignKey("sales.orders", ("agent_id",), "agents", ("id",)),
    )
    catalogue = (
        Catalogue(tables, keys[:1]) if scheme == "mysql" else Catalogue(tables | agents, keys)
    )
    module = "modelwright.engineer.question.neighbours"
    monkeypatch.setattr(f"{module}.read_catalogue", lambda _: catalogue)
    monkeypatch.setattr(f"{module}._fits", lambda *_: True)
    asked = {"data": f"{scheme}://me@host/sales", "table": "sales.orders", "target": "late"}
    related, _ = _look(asked)
    assert isinstance(related, dict)
    assert [*related] == [its]


def test_a_table_that_is_gone_is_told_as_such(shop: str) -> None:
    with sqlite3.connect(shop) as connection:
        connection.execute("ALTER TABLE orders ADD COLUMN gone REFERENCES lost (id)")
    connection.close()
    related, told = _look(_asked(shop))
    assert isinstance(related, dict)
    assert [*related] == ["customers"]
    assert "'lost' is left out: it is not there, or this user may not read it." in told


def test_what_a_person_says_of_related_tables_stands(shop: str) -> None:
    assert _look(_asked(shop, related={})) == ({}, [])
    standing = brief_of(_asked(shop))
    assert _look({"data": shop, "table": "orders", "seed": 1}, standing) == (None, [])
    assert _look({"table": "orders", "target": "who"}, standing)[0], "another question"


def test_a_table_of_too_many_rows_is_left_to_the_person(
    shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelwright.engineer.question.neighbours._MOST_ROWS", 0)
    related, (told,) = _look(_asked(shop))
    assert related is None
    assert "'customers' is left out" in told


def test_only_a_table_of_a_database_has_neighbours(shop: str) -> None:
    assert _look({"data": shop, "query": "select 1 as late", "target": "late"}) == (None, [])
    assert _look({"data": "orders.csv", "table": "orders", "target": "late"}) == (None, [])


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    related, (told,) = _look(_asked(str(tmp_path / "none.db")))
    assert related is None
    assert "not looked for" in told


def test_a_password_is_refused_before_it_is_used() -> None:
    with pytest.raises(BriefError, match="holds a password"):
        _look(_asked("postgresql://me:secret@127.0.0.1:1/shop"))


def test_the_brief_keeps_them_as_it_keeps_the_rows(shop: str, tmp_path: Path) -> None:
    Project.ask(tmp_path / "model", _asked(shop))
    said = (tmp_path / "model" / "modelwright.toml").read_text()
    assert "[related.customers]" in said


def test_a_key_that_the_values_have_to_tell_is_left_out_of_the_brief(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "sent.db") as connection:
        for table in ("orders", "sent"):
            connection.execute(f"CREATE TABLE {table} (order_id INTEGER, line_no INTEGER, late)")
        connection.execute("INSERT INTO sent VALUES (1, 1, 0)")
    connection.close()
    address = str(tmp_path / "sent.db")
    related, (told,) = _look(_asked(address))
    assert related == {"sent": {"data": address, "table": "sent"}}
    assert "sent by order_id and line_no (by name)" in told


def test_a_view_leads_to_tables_but_not_to_those_that_it_is_made_of(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "crm.db") as connection:
        connection.executescript(
            """
            CREATE TABLE orders ("Order Id" INTEGER, "client id" TEXT, state TEXT);
            CREATE TABLE calls ("client id" TEXT, at TEXT);
            INSERT INTO orders VALUES (1, 'a', 'late'), (2, 'a', 'fine'), (3, NULL, 'fine');
            INSERT INTO calls VALUES ('a', '2024-01-01');
            CREATE VIEW asked AS SELECT "Order Id", "client id", state = 'late' AS late FROM orders;
            """
        )
    connection.close()
    address = str(tmp_path / "crm.db")
    with sqlite3.connect(address) as connection:
        connection.execute('CREATE VIEW once AS SELECT "Order Id", late FROM asked')
    connection.close()
    related, _ = _look(_asked(address, table="asked"))
    assert isinstance(related, dict)
    assert "calls" in related
    assert related["calls"]["key"] == ("client id",)
    related, (said,) = _look(_asked(address, table="once"))
    assert related is None
    assert "'orders' is left out: 'Order Id' names each row of 'once'" in said
