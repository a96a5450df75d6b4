"""MySQL, against a real MariaDB server: types, snapshots, read-only, passwords."""

import datetime as dt
import sys
import traceback
from dataclasses import replace

import polars as pl
import pytest

from modelwright.data.sources import mysql
from modelwright.data.sources.mysql_address import parse_address
from modelwright.data.sources.open import SCHEMES, open_source
from modelwright.data.sources.selection import Selection
from modelwright.errors import MissingDependencyError, SchemaError, SourceError
from modelwright.testing import check_source
from throwaway_mariadb import Server


@pytest.fixture(scope="module")
def filled(mariadb: Server) -> Server:
    mariadb.execute(*(f"CREATE DATABASE {name}" for name in ("filled", "single", "bare")))
    mariadb.execute("CREATE TABLE only_one (a int)", database="single")
    mariadb.execute(
        "CREATE TABLE flights (id int, late bool, carrier text)",
        "INSERT INTO flights SELECT seq, seq % 2 = 0, 'UA' FROM seq_1_to_5000",
        "CREATE VIEW late AS SELECT * FROM flights WHERE late",
        'CREATE TABLE `Odd ``na"me. é` (`a ``b"` int)',
        "CREATE SEQUENCE counter",
        database="filled",
    )
    return mariadb


def read(server: Server, query: str) -> pl.DataFrame:
    return open_source(server.url("filled"), query=query).read()


def test_a_database_keeps_its_contract(filled: Server) -> None:
    check_source(
        SCHEMES["mysql"],
        filled.url("filled"),
        nowhere=filled.url("nothing"),
        selection=Selection(table="flights"),
        secret=filled.password,
    )


def test_a_table(filled: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mysql, "_CHUNK_ROWS", 1000)
    source = open_source(filled.url("filled"), table="flights")
    frame = source.read()
    assert frame.schema == {"id": pl.Int64, "late": pl.Int64, "carrier": pl.String}
    assert frame["id"].to_list() == list(range(1, 5001))
    assert source.facts == ("Read the table 'flights'.",)


@pytest.mark.parametrize(
    ("database", "table"),
    [
        ("filled", "late"),
        ("filled", "filled.late"),
        ("filled", 'Odd `na"me. é'),
        ("", "filled.late"),
        ("", "single.only_one"),
    ],
)
def test_views_and_databases(filled: Server, database: str, table: str) -> None:
    assert open_source(filled.url(database), table=table).read().width >= 1


@pytest.mark.parametrize("scheme", ["mysql", "mariadb", "mysql+pymysql"])
def test_schemes_and_the_only_table(filled: Server, scheme: str) -> None:
    source = open_source(filled.url("single", scheme))
    assert source.read().schema == {"a": pl.Int64}
    assert source.address.startswith(f"{scheme.partition('+')[0]}://modelwright@")


def test_the_password_from_the_environment(filled: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYSQL_PWD", filled.password)
    assert open_source(replace(filled, password="").url("single")).read().width == 1


def test_a_password_that_is_not_escaped(filled: Server) -> None:
    address = f"mysql://modelwright:{filled.password}@127.0.0.1:{filled.port}/single"
    assert open_source(address).read().width == 1


def test_a_socket(filled: Server) -> None:
    assert open_source(filled.url("single") + f"?unix_socket={filled.socket}").read().width == 1


def test_numbers(filled: Server) -> None:
    filled.execute(
        "CREATE TABLE numbers (t tinyint, u bigint unsigned, b bit(12), d decimal(20, 4),"
        " f float, g double, y year)",
        "INSERT INTO numbers VALUES"
        " (-128, 18446744073709551615, b'101', -1.5, 0.1, 0.1, 2024),"
        " (0, 0, 0, 12345678901234.5678, 16777217, 1e300, 1999),"
        " (NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        database="filled",
    )
    frame = open_source(filled.url("filled"), table="numbers").read()
    whole, real = pl.Int64, pl.Float64
    assert frame.dtypes == [whole, pl.UInt64, whole, real, pl.Float32, real, whole]
    assert frame.row(0)[1:4] == (2**64 - 1, 5, -1.5)
    assert frame["f"][:2].to_list() == pl.Series([0.1, 16777216], dtype=pl.Float32).to_list()
    assert frame.row(1)[3] == 12345678901234.5678
    assert frame.row(2) == (None,) * 7


def test_a_late_number_that_is_too_large(filled: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mysql, "_CHUNK_ROWS", 2)
    filled.execute(
        "CREATE TABLE large (a bigint unsigned)",
        "INSERT INTO large VALUES (1), (2), (18446744073709551615)",
        database="filled",
    )
    assert read(filled, "SELECT * FROM large")["a"].to_list() == [1, 2, 2**64 - 1]


def test_times(filled: Server) -> None:
    filled.execute(
        "SET time_zone = '+05:00'",
        "SET sql_mode = ''",
        "CREATE TABLE times (d date, t datetime(6), m timestamp(3) NULL, s time(1))",
        "INSERT INTO times VALUES"
        " ('2024-01-31', '2024-01-31 12:00:00.000001', '2024-01-31 12:00:00.5', '-838:59:58.5'),"
        " ('0000-00-00', '0000-00-00 00:00:00', '2024-07-01 00:00:00', '00:01:30'),"
        " ('2024-00-00', '9999-12-31 23:59:59.999999', NULL, NULL),"
        " (NULL, NULL, '0000-00-00 00:00:00', NULL)",
        database="filled",
    )
    source = open_source(filled.url("filled"), table="times")
    frame = source.read()
    assert frame.dtypes == [
        pl.Date,
        pl.Datetime("us"),
        pl.Datetime("us", "UTC"),
        pl.Float64,
    ]
    assert frame["d"].to_list() == [dt.date(2024, 1, 31), None, None, None]
    assert frame["t"].null_count() == 2
    assert frame["t"][0] == dt.datetime.fromisoformat("2024-01-31 12:00:00.000001")
    assert frame["m"][0] == dt.datetime(2024, 1, 31, 7, microsecond=500_000, tzinfo=dt.UTC)
    assert frame["s"].to_list() == [-(838 * 3600 + 59 * 60 + 58.5), 90.0, None, None]
    assert source.facts[1:] == (
        "2 values of 'd' are no dates, such as '0000-00-00', and were read as missing.",
        "1 value of 't' is no date, such as '0000-00-00', and was read as missing.",
        "1 value of 'm' is no date, such as '0000-00-00', and was read as missing.",
        "Timestamps in 'm' were read in UTC.",
    )


def test_texts(filled: Server) -> None:
    filled.execute(
        "CREATE TABLE texts (j json, e enum('a', 'b'), s set('x', 'y'), u uuid,"
        " c char(3) CHARACTER SET latin1, p point, t longtext CHARACTER SET utf8mb4)",
        """INSERT INTO texts VALUES ('{"a": [1]}', 'b', 'x,y',
           '00000000-0000-0000-0000-000000000001', 'ü', POINT(1, 2), '🙂 \\0')""",
        database="filled",
    )
    assert open_source(filled.url("filled"), table="texts").read().rows() == [
        (
            '{"a": [1]}',
            "b",
            "x,y",
            "00000000-0000-0000-0000-000000000001",
            "ü",
            "POINT(1 2)",
            "🙂 \0",
        )
    ]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 'it\\'s; \"' AS a",
        'SELECT "a;b" AS `odd;name` # ; done',
        "-- first\nWITH a AS (SELECT 1 AS b) SELECT * FROM a;",
        "(SELECT 1 AS a) UNION (SELECT 2)",
        "SELECT NULL AS nothing",
        "SELECT 5--1 AS a",
    ],
)
def test_queries(filled: Server, query: str) -> None:
    assert read(filled, query).width == 1


def test_an_order_is_kept(filled: Server) -> None:
    query = "SELECT id, 0.5e0 AS f FROM flights ORDER BY id DESC"
    assert read(filled, query)["id"].to_list() == list(range(5000, 0, -1))


def test_all_rows_are_of_one_moment(filled: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.execute(
        "CREATE TABLE growing (a int)",
        "INSERT INTO growing SELECT seq FROM seq_1_to_10",
        database="filled",
    )
    statement = mysql._statement

    def slow(*args: object) -> tuple[str, str]:
        filled.execute("DELETE FROM filled.growing WHERE a > 5")
        return statement(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(mysql, "_statement", slow)
    assert open_source(filled.url("filled"), table="growing").read().height == 10
    assert open_source(filled.url("filled"), table="growing").read().height == 5


def test_a_connection_that_ends_is_no_fault_of_the_query() -> None:
    lost = Exception(2013, "Lost connection to MySQL server during query")
    told = mysql.refusal(parse_address("mysql://me@host/shop"), lost)
    assert "ended the connection: Lost connection to MySQL server" in told.found
    assert told.remedy == "Run the command again."


@pytest.mark.parametrize(
    ("selection", "error", "expected"),
    [
        ({}, SourceError, "tables: 'flights', "),
        ({"table": "fligths"}, SourceError, "Did you mean 'flights'?"),
        ({"table": "counter"}, SourceError, "has no table 'counter'"),
        ({"query": "SELECT nope FROM flights"}, SourceError, "Unknown column 'nope'"),
        ({"query": "SELECT (SELECT id FROM flights) AS a"}, SourceError, "more than 1 row"),
        ({"query": "UPDATE flights SET id = 1"}, SourceError, "begins with 'UPDATE'"),
        ({"query": "SELECT 1; DELETE FROM flights"}, SourceError, "more than one statement"),
        ({"query": "SELECT NEXTVAL(counter) AS a"}, SourceError, "refused"),
        ({"query": "SELECT 1 INTO OUTFILE '{}/out'"}, SourceError, "refused"),
        ({"query": "SELECT 1 /*!50000 INTO OUTFILE '{}/out' */"}, SourceError, "refused"),
        ({"query": "SELECT 1 AS a, 2 AS a"}, SchemaError, "'a' occurs more than once"),
        ({"query": "SELECT UNHEX('00ff') AS b"}, SchemaError, "'b' holds values of type Binary"),
    ],
)
def test_what_is_refused(
    filled: Server, selection: dict[str, str], error: type[Exception], expected: str
) -> None:
    given = {name: text.format(filled.folder) for name, text in selection.items()}
    with pytest.raises(error) as caught:
        open_source(filled.url("filled"), **given).read()
    assert expected in str(caught.value)
    assert open_source(filled.url("filled"), table="flights").read().height == 5000
    assert not (filled.folder / "out").exists()


@pytest.mark.parametrize(
    ("password", "database", "expected", "remedy"),
    [
        ("wrong-secret", "filled", "Access denied for user 'modelwright'", "MYSQL_PWD"),
        ("", "filled", "using password: NO", "MYSQL_PWD"),
        (None, "nowhere", "Unknown database 'nowhere'", "Correct the name"),
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
    monkeypatch.delenv("MYSQL_PWD", raising=False)
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
        ("[::1]:1/db", "onnect"),
        ("no-such-host.invalid/db", "no-such-host.invalid"),
        ("127.0.0.1:x1/db", "malformed"),
        ("127.0.0.1:1/db?ssl_cap=1", "Did you mean 'ssl_ca'?"),
        ("127.0.0.1:1/db?connect_timeout=soon", "is no number"),
    ],
)
@pytest.mark.parametrize("password", ["hidden", "hid@den", "hid/den", "hid#den?", "hid:den%"])
def test_a_server_that_does_not_answer(place: str, expected: str, password: str) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(f"mysql://ann:{password}@{place}").read()
    assert expected in str(caught.value)
    shown = "".join(traceback.format_exception(caught.value))
    assert "hid" not in shown
    assert "den" not in shown


def test_a_source_shows_no_password() -> None:
    source = open_source("mysql://ann:hush@h/d?ssl_key=k")
    assert source.address == "mysql://ann@h/d"
    assert "hush" not in repr(source)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'modelwright\[mysql\]'"):
        open_source("mysql://ann@h/d").read()
