"""Answers into the tables of databases, each once by its key."""

import sqlite3
from contextlib import closing

import polars as pl
import pytest

from batch_examples import Killed, kill_after, make_rows
from modelwright.data.pieces.base import Held, Mark
from modelwright.data.pieces.open import open_pieces
from modelwright.data.sources.open import open_source
from modelwright.engineer.batch.answers import predict_table
from modelwright.engineer.batch.ask import Asked, predict_all
from modelwright.engineer.batch.job import run_job
from modelwright.engineer.batch.recipe import Recipe
from modelwright.engineer.batch.tables.open import open_door
from modelwright.engineer.batch.tables.table import PROGRESS, Table
from modelwright.engineer.batch.worker import Worker
from modelwright.errors import InputError, SourceError, WorkspaceError
from modelwright.predictor.bundle_folder import read_bundle
from throwaway_postgresql import run_server


@pytest.fixture(scope="session")
def postgresql():
    with run_server() as running:
        yield running.url()


@pytest.fixture(scope="session")
def mysql():
    pytest.importorskip("pymysql")
    from throwaway_mariadb import run_server as run_mariadb

    with run_mariadb() as server:
        server.execute("CREATE DATABASE shop")
        yield server.url("shop")


@pytest.fixture(params=["sqlite", "duckdb", "postgresql", "mysql"])
def database(request, tmp_path):
    """The address of a database with no tables of ours."""
    if request.param in ("sqlite", "duckdb"):
        return f"{request.param}:///{tmp_path}/shop.db"
    address = request.getfixturevalue(request.param)
    with closing(open_door(address)) as door, door.transaction():
        for table in ("orders", "answers", "answers_quarantine", PROGRESS):
            door.execute(f"DROP TABLE IF EXISTS {table}")
    return address


def fill(address, rows, name="orders", key="id"):
    with closing(open_door(address)) as door, door.transaction():
        columns = ", ".join(
            f"{door.quote(column)} {door.type_of(dtype, is_key=column == key)}"
            for column, dtype in rows.schema.items()
        )
        door.execute(f"DROP TABLE IF EXISTS {name}")
        door.execute(f"CREATE TABLE {name} ({columns})")
        door.insert(door.quote(name), rows, key="", existing="keep")


def read(address, table="answers"):
    return open_source(address, table=table).read().sort(pl.first())


def answers_of(address):
    return Table(open_door(address), "answers", key="id")


def ask(address, bundle, policy="warn", jobs=1, **asked):
    return predict_all(
        Recipe(bundle, policy=policy, key="id"),
        Asked(source=address, table="orders", to=address, to_table="answers", rows=4, **asked),
        jobs=jobs,
    )


def test_a_table_in_and_a_table_out(database, bundle):
    rows = make_rows(25, wrong=(7,)).sample(fraction=1, shuffle=True, seed=1)
    fill(database, rows)
    outcome = ask(database, bundle, policy="quarantine")
    assert (outcome.rows, outcome.set_aside) == (25, 1)
    expected = predict_table(read_bundle(bundle), make_rows(25)).filter(pl.col("id") != 7)
    found = read(database)
    assert found.columns == ["id", "prediction", "probability_yes"]
    assert found["id"].to_list() == expected["id"].to_list()
    assert found["prediction"].to_list() == expected["prediction"].to_list()
    assert found["probability_yes"].to_list() == pytest.approx(expected["probability_yes"])
    aside = read(database, "answers_quarantine")
    assert (aside["piece"].item(), '"id":7' in aside["record"].item()) == (2, True)


@pytest.mark.parametrize("name", ["our own.answers", '"our own"."answers"'])
def test_all_tables_of_a_job_stand_in_the_schema_of_the_answers(tmp_path, name):
    with closing(open_door(f"duckdb:///{tmp_path}/shop.db")) as door:
        with door.transaction():
            door.execute('CREATE SCHEMA "our own"')
        table = Table(door, name, key="id")
        table.finish(table.begin("job").at_end())
        assert table.begin("job").pieces == 0
        made = door.rows("SELECT table_schema, table_name FROM information_schema.tables")
    assert set(made) == {("our own", "answers_quarantine"), ("our own", PROGRESS)}


def test_a_job_whose_tables_were_dropped_begins_again(database, bundle):
    fill(database, make_rows(25))
    ask(database, bundle)
    with closing(open_door(database)) as door, door.transaction():
        for table in ("answers", "answers_quarantine"):
            door.execute(f"DROP TABLE {table}")
    assert ask(database, bundle).rows == 25
    assert read(database).height == 25


def test_a_killed_job_goes_on_and_a_second_one_updates(database, bundle):
    fill(database, make_rows(25))
    recipe = Recipe(bundle, key="id", columns=("id",))
    pieces = open_pieces(database, table="orders", key="id", size=4)
    with closing(answers_of(database)) as table, pytest.raises(Killed):
        run_job(recipe, pieces, kill_after(table, 3), asked="t")
    assert read(database).height == 12
    with closing(answers_of(database)) as table:
        assert run_job(recipe, pieces, table, asked="t").resumed_at == 12
    assert read(database)["id"].to_list() == list(range(25))
    fill(database, make_rows(30).with_columns(age=pl.lit(90.0)))
    assert ask(database, bundle).rows == 30
    first = read(database)["probability_yes"]
    fill(database, make_rows(30))
    ask(database, bundle, existing="keep")
    assert read(database)["probability_yes"].to_list() == first.to_list()
    ask(database, bundle)
    assert read(database)["probability_yes"].to_list() != first.to_list()


def test_texts_and_moments_reach_a_table(database, bundle, tmp_path):
    rows = make_rows(6).with_columns(
        id=pl.Series(["a", "A", "it's", 'say "x"', "\\", "%s"]),
        when=pl.Series(["2024-02-29T12:30:00.25"] * 6).str.to_datetime(time_unit="us"),
        day=pl.Series(["2024-02-29"] * 6).str.to_date(),
    )
    rows.write_parquet(tmp_path / "rows.parquet")
    recipe = Recipe(bundle, key="id", columns=("id", "when", "day", "member", "age"))
    source = str(tmp_path / "rows.parquet")
    asked = Asked(source=source, to=database, to_table="answers", rows=4)
    predict_all(recipe, asked, jobs=1)
    found = read(database)
    assert sorted(found["id"]) == sorted(rows["id"])
    assert set(found["when"].cast(pl.String).str.slice(0, 10)) == {"2024-02-29"}
    again = texts_by_key(database)
    assert sorted(again) == sorted(rows["id"])


def texts_by_key(address):
    pieces = open_pieces(address, table="answers", key="id", size=1)
    return [piece.read()["id"].item() for piece in pieces.after(Mark())]


def test_a_table_needs_a_name_and_a_key(bundle, tmp_path):
    asked = Asked(source="rows.csv", to=f"{tmp_path}/a.db")
    with pytest.raises(InputError, match="--to-table"):
        predict_all(Recipe(bundle), asked)
    asked = Asked(source="rows.csv", to=f"{tmp_path}/a.db", to_table="answers")
    with pytest.raises(InputError, match="--key"):
        predict_all(Recipe(bundle), asked)
    with pytest.raises(InputError, match="is no database"):
        predict_all(Recipe(bundle), Asked(source="rows.csv", to="a.csv", to_table="answers"))


def test_two_of_the_same_job_do_not_write_over_each_other(bundle, tmp_path):
    answers = Worker(Recipe(bundle, key="id", columns=("id",))).answer(1, Held(make_rows(3)))
    with closing(answers_of(f"{tmp_path}/a.db")) as table:
        progress = table.begin("job")
        table.take(answers, progress.after(answers))
        with pytest.raises(WorkspaceError, match="Another process"):
            table.take(answers, progress.after(answers))


def test_what_is_refused_leaves_no_tables(bundle, tmp_path):
    make_rows(25, wrong=(1,)).write_csv(tmp_path / "rows.csv")
    asked = Asked(source=f"{tmp_path}/rows.csv", to=f"{tmp_path}/a.db", to_table="answers")
    assert predict_all(Recipe(bundle, key="id", policy="refuse"), asked).refused
    with closing(open_door(asked.to)) as door:
        assert not door.rows("SELECT name FROM sqlite_master")


def test_a_table_that_does_not_fit_is_told(bundle, tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE TABLE answers (id INTEGER)")
    make_rows(3).write_csv(tmp_path / "rows.csv")
    asked = Asked(source=f"{tmp_path}/rows.csv", to=f"{tmp_path}/a.db", to_table="answers")
    with pytest.raises(SourceError, match="refused to be written"):
        predict_all(Recipe(bundle, key="id"), asked)
