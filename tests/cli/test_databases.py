"""The kinds of database from the command line, and passwords that are never shown."""

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import throwaway_postgresql
from example_bundle import REGRESSION, make_bundle
from modelwright.data.contracts.contract import Contract
from modelwright.data.odcs.writer import write_contract
from modelwright.predictor.bundle_folder import write_bundle
from orders_example import TARGET, orders


def statements(rows=300):
    frame = orders(rows, seed=1)
    values = ", ".join(map(str, frame.rows()))
    columns = "order_id varchar(9), amount float, country varchar(2), items int, returned char(3)"
    return f"CREATE TABLE orders ({columns})", f"INSERT INTO orders VALUES {values}"


@contextmanager
def sqlite_shop():
    with closing(sqlite3.connect("shop.db")) as connection, connection:
        for statement in statements():
            connection.execute(statement)
    yield "sqlite:///shop.db", "", ""


@contextmanager
def duckdb_shop():
    with duckdb.connect("shop.duckdb") as connection:
        for statement in statements():
            connection.execute(statement)
    yield "duckdb:///shop.duckdb", "", ""


@contextmanager
def postgresql_shop():
    with throwaway_postgresql.run_server() as server:
        server.execute("CREATE DATABASE shop")
        server.execute(*statements(), database="shop")
        yield replace(server, password="").url("shop"), "PGPASSWORD", server.password


@contextmanager
def mysql_shop():
    pytest.importorskip("pymysql")
    from throwaway_mariadb import run_server

    with run_server() as server:
        server.execute("CREATE DATABASE shop")
        server.execute(*statements(), database="shop")
        yield replace(server, password="").url("shop"), "MYSQL_PWD", server.password


@pytest.mark.parametrize("shop", [sqlite_shop, duckdb_shop, postgresql_shop, mysql_shop])
def test_a_plan_from_a_table_of_a_database(folder, call, monkeypatch, shop):
    with shop() as (address, variable, password):
        if variable:
            monkeypatch.setenv(variable, password)
        address = address.replace(":@", "@")
        given = ("--table", "orders", "--target", TARGET, "--workspace", "w", "--budget", "20s")
        done = call("plan", address, *given, "--json")
    assert (done.code, done.json["table"]["rows"]) == (0, 300), done.err
    assert done.json["table"]["address"] == address
    assert "Read the table 'orders'." in str(done.json)
    assert_hidden(password or "no password", done, folder)


def test_a_plan_from_a_sample(folder, call):
    with sqlite_shop() as (address, _, _):
        given = ("--target", TARGET, "--workspace", "w", "--budget", "20s", "--json", "-q")
        done = call("plan", address, *given, "--sample", "100")
        assert done.json["table"]["rows"] == 100
        assert "Read 100 of 300 rows, drawn at random." in done.json["table"]["facts"]
        assert "sample = 100" in Path("w/modelwright.toml").read_text()
        done = call("plan", "--workspace", "w", "--sample", "0", "--json", "-q")
        assert done.json["table"]["rows"] == 300


def test_a_plan_from_a_sample_of_a_file(folder, call):
    orders(300, seed=1).write_csv("orders.csv")
    given = ("--target", TARGET, "--workspace", "w", "--budget", "20s", "--json", "-q")
    done = call("plan", "orders.csv", *given, "--sample", "100")
    assert "Read 100 of 300 rows, drawn at random." in done.json["table"]["facts"]
    done = call("plan", "orders.csv", *given, "--sample", "0", "--memory", "2GB")
    assert done.json["table"]["rows"] == 300
    done = call("plan", "orders.csv", *given, "--memory", "much")
    assert (done.code, "no size above zero" in done.sentence) == (2, True)


def test_a_database_is_checked_by_nobody_else(folder, call):
    contract = write_contract(Contract(id="orders", title="Orders"))
    (folder / "contract.yaml").write_text(contract, encoding="utf-8")
    with sqlite_shop() as (address, _, _):
        given = ("--table", "orders", "--contract", "contract.yaml", "--compute", "ray")
        done = call("check", address, *given)
    assert done.code == 2
    assert "Leave out --compute." in done.sentence


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
@pytest.mark.parametrize("command", ["plan", "run", "predict", "check", "maintain", "label"])
def test_a_password_is_never_shown(folder, call, scheme, command):
    if scheme == "mysql":
        pytest.importorskip("pymysql")
    write_bundle(make_bundle(REGRESSION), folder / "bundle")
    address = f"{scheme}://me:hush-hush@127.0.0.1:1/shop"
    arguments = {
        "plan": (address, "--target", TARGET),
        "run": (address, "--target", TARGET),
        "predict": ("bundle", address, "--table", "t"),
        "check": (address, "--table", "t", "--contract", "contract.yaml"),
        "maintain": ("--data", address),
        "label": (address, "--id", "order_id"),
    }[command]
    done = call(command, *arguments)
    assert done.code == 2
    assert_hidden("hush-hush", done, folder)


def assert_hidden(password: str, done, folder: Path) -> None:
    assert password not in done.out + done.err
    for path in folder.rglob("*"):
        if path.is_file():
            assert password.encode() not in path.read_bytes(), path
