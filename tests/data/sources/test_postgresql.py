"""PostgreSQL, against a real server: types, read-only, passwords, and servers that are down."""

import datetime as dt
import traceback
from dataclasses import replace
from urllib.parse import quote

import polars as pl
import pytest

from modelwright.data.sources.open import SCHEMES, open_source
from modelwright.data.sources.postgresql_address import POSTGRESQL
from modelwright.data.sources.selection import Selection
from modelwright.data.sources.url import DatabaseUrl
from modelwright.errors import SchemaError, SourceError
from modelwright.testing import check_source
from throwaway_postgresql import Server


@pytest.fixture(scope="module")
def filled(server: Server) -> Server:
    server.execute("CREATE DATABASE filled", "CREATE DATABASE single", "CREATE DATABASE bare")
    server.execute(
        "CREATE TABLE flights (id int, late bool, carrier text)",
        "INSERT INTO flights SELECT i, i % 2 = 0, 'UA' FROM generate_series(1, 5000) AS i",
        "CREATE VIEW late AS SELECT * FROM flights WHERE late",
        'CREATE SCHEMA more; CREATE TABLE more."Odd ""name" (a int)',
        "CREATE SEQUENCE counter",
        database="filled",
    )
    server.execute("CREATE TABLE only_one (a int)", database="single")
    return server


def test_a_database_keeps_its_contract(filled: Server) -> None:
    check_source(
        SCHEMES["postgresql"],
        filled.url("filled"),
        nowhere=filled.url("nothing"),
        selection=Selection(table="flights"),
        secret=filled.password,
    )


def test_a_table(filled: Server) -> None:
    source = open_source(filled.url("filled"), table="flights")
    frame = source.read()
    assert frame.schema == {"id": pl.Int32, "late": pl.Boolean, "carrier": pl.String}
    assert frame["id"].to_list() == list(range(1, 5001))
    assert source.facts == ("Read the table 'flights'.",)


@pytest.mark.parametrize("table", ["late", "public.late", 'more.Odd "name'])
def test_views_and_schemas(filled: Server, table: str) -> None:
    assert open_source(filled.url("filled"), table=table).read().width >= 1


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_schemes_and_the_only_table(filled: Server, scheme: str) -> None:
    address = filled.url("single").replace("postgresql", scheme, 1)
    assert open_source(address).read().shape == (0, 1)


def test_the_password_from_the_environment(filled: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", filled.password)
    assert open_source(replace(filled, password="").url("single")).read().width == 1


def test_a_password_that_is_not_escaped(filled: Server) -> None:
    address = f"postgresql://modelwright:{filled.password}@127.0.0.1:{filled.port}/single"
    assert open_source(address).read().width == 1


def test_spaces_in_an_address_are_as_typed(filled: Server) -> None:
    filled.execute('CREATE DATABASE "Shop 7"')
    filled.execute("CREATE TABLE one (a int)", database="Shop%207")
    address = filled.url("Shop 7")
    assert open_source(address).read().width == 1


def test_a_socket(filled: Server) -> None:
    account = f"modelwright:{quote(filled.password, safe='')}"
    address = f"postgresql://{account}@/single?host={filled.folder}&port={filled.port}"
    assert open_source(address).read().width == 1


def test_types(filled: Server) -> None:
    query = """
        SELECT 1.5::numeric AS n, 'NaN'::numeric AS nan, interval '90 s' AS i, true AS b,
               '00000000-0000-0000-0000-000000000001'::uuid AS u, '{"a": 1}'::jsonb AS j,
               '12.50'::money AS m, '127.0.0.1'::inet AS net, date '2024-01-31' AS d,
               timestamptz '2024-01-31 12:00+00' AS t, 'x'::char(3) AS c, NULL AS nothing,
               ARRAY['new', 'vip'] AS words
    """
    frame = open_source(filled.url("filled"), query=query).read()
    row = frame.row(0, named=True)
    assert (row["n"], row["i"], row["m"], row["b"]) == (1.5, 90.0, 12.5, True)
    assert row["u"] == "00000000-0000-0000-0000-000000000001"
    assert (row["j"], row["net"]) == ('{"a": 1}', "127.0.0.1/32")
    assert (row["d"], row["words"]) == (dt.date(2024, 1, 31), "new|vip")
    assert row["t"] == dt.datetime(2024, 1, 31, 12, tzinfo=dt.UTC)
    assert frame.select("n", "nan", "i", "m").dtypes == [pl.Float64] * 4


@pytest.mark.parametrize(
    ("selection", "error", "expected"),
    [
        ({}, SourceError, "holds 3 tables: 'more.Odd \"name', 'flights', 'late'"),
        ({"table": "fligths"}, SourceError, "Did you mean 'flights'?"),
        ({"query": "SELECT nope FROM flights"}, SourceError, 'column "nope" does not exist'),
        ({"query": "SELECT 1 / (id - 3000) FROM flights"}, SourceError, "division by zero"),
        ({"query": "UPDATE flights SET id = 1"}, SourceError, "begins with 'UPDATE'"),
        ({"query": "SELECT nextval('counter')"}, SourceError, "read-only transaction"),
        (
            {"query": "WITH d AS (DELETE FROM flights RETURNING id) SELECT * FROM d"},
            SourceError,
            "",
        ),
        ({"query": "SELECT 1 AS a, 2 AS a"}, SchemaError, "'a' occurs 2 times"),
        (
            {"query": "SELECT pg_terminate_backend(pg_backend_pid()) AS a"},
            SourceError,
            "ended the connection: terminating connection due to administrator command. Run the",
        ),
    ],
)
def test_what_is_refused(
    filled: Server, selection: dict[str, str], error: type[Exception], expected: str
) -> None:
    with pytest.raises(error) as caught:
        open_source(filled.url("filled"), **selection).read()
    assert expected in str(caught.value)
    assert open_source(filled.url("filled"), table="flights").read().height == 5000


@pytest.mark.parametrize(
    ("password", "database", "expected", "remedy"),
    [
        ("wrong-secret", "filled", "password authentication failed", "PGPASSWORD"),
        ("", "filled", "no password supplied", "PGPASSWORD"),
        (None, "nowhere", 'database "nowhere" does not exist', "Correct the name"),
        (None, "bare", "holds no tables", ""),
    ],
)
def test_what_the_server_refuses(
    filled: Server,
    monkeypatch: pytest.MonkeyPatch,
    password: str | None,
    database: str,
    expected: str,
    remedy: str,
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    given = filled if password is None else replace(filled, password=password)
    with pytest.raises(SourceError) as caught:
        open_source(given.url(database)).read()
    assert expected in str(caught.value)
    assert remedy in caught.value.remedy
    shown = "".join(traceback.format_exception(caught.value))
    assert "secret" not in shown
    assert filled.password not in shown


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("127.0.0.1:1/db", "Connection refused"),
        ("no-such-host.invalid/db", "no-such-host.invalid"),
        ("127.0.0.1:x1/db", "port"),
        ("127.0.0.1:1/db?nonsense=1", "nonsense"),
    ],
)
@pytest.mark.parametrize("password", ["hidden", "hid@den", "hid/den", "hid#den?", "hid:den%"])
def test_a_server_that_does_not_answer(place: str, expected: str, password: str) -> None:
    source = open_source(f"postgresql://ann:{password}@{place}")
    with pytest.raises(SourceError) as caught:
        source.read()
    assert expected in str(caught.value)
    shown = "".join(traceback.format_exception(caught.value)) + repr(source) + source.address
    assert "hid" not in shown
    assert "den" not in shown
    assert source.address.startswith("postgresql://ann@")


@pytest.mark.parametrize("address", ["postgresql:/x", "postgresql://ann:secret@h/d?options=a@b#c"])
def test_malformed_addresses_are_not_repeated(address: str) -> None:
    with pytest.raises(SourceError, match="malformed") as caught:
        DatabaseUrl.parse(address, POSTGRESQL)
    assert "secret" not in str(caught.value)
