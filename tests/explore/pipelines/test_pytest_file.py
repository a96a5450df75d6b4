import os
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from modelwright.explore.pipelines.examination import Facts, list_checks
from modelwright.explore.pipelines.pipeline import first_output, pipeline_of, read_inputs
from modelwright.explore.pipelines.pytest_file import write_tests
from pipeline_examples import KNOWS_THE_FUTURE

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def write(named, shop, facts, *, inputs=("customers", "orders")):
    pipeline = pipeline_of(str(named), {name: str(shop / f"{name}.csv") for name in inputs})
    tables = read_inputs(pipeline)
    output = first_output(pipeline, tables)
    made = [each.make() for each in list_checks(pipeline.run, tables, output, facts, now=NOW)]
    folder = shop / "tests"
    write_tests(pipeline, tables, facts, made, folder=folder, day=date(2024, 6, 1))
    return made, folder


def run_pytest(folder):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    # Plugins of the tests' own environment are none of the pipeline's.
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=alone)
    return done.returncode, done.stdout


@pytest.fixture
def leaky(shop):
    (shop / "leaky.sql").write_text(KNOWS_THE_FUTURE, encoding="utf-8")
    return shop / "leaky.sql"


def test_what_was_wrong_is_marked_and_seen_when_it_is_mended(shop, leaky):
    facts = Facts(key="order_id", moment="ordered", times={"orders": "ordered"})
    made, folder = write(leaky, shop, facts, inputs=("orders",))
    wrong = [outcome for outcome in made if outcome.verdict != "passed"]
    code, said = run_pytest(folder)
    assert code == 0, said
    assert f"{len(made) - len(wrong)} passed, {len(wrong)} xfailed" in said
    text = KNOWS_THE_FUTURE.replace("USING (customer_id)", "USING (customer_id, ordered)")
    leaky.write_text(text, encoding="utf-8")
    code, said = run_pytest(folder)
    assert code == 1
    assert "test_knows_only_the_past" in said


def test_the_files_need_no_modelwright(shop):
    _, folder = write(shop / "right.sql", shop, Facts(key="customer_id", main="customers"))
    assert sorted(path.name for path in folder.iterdir()) == [
        "pipeline_checks.py",
        "pipeline_runners.py",
        "test_pipeline.py",
    ]
    assert not any("import modelwright" in path.read_text() for path in folder.iterdir())
    assert "from modelwright" not in (folder / "test_pipeline.py").read_text()


@pytest.mark.parametrize("kind", ["function", "folder", "command"])
def test_every_kind_of_pipeline_can_be_kept(shop, kind):
    (shop / "etl.py").write_text(
        "import polars as pl\n"
        "def build(orders):\n"
        "    return orders.group_by('customer_id').agg(pl.col('amount').sum())\n"
    )
    # It is run for each check, so it loads nothing that takes long.
    (shop / "sums.py").write_text(
        "import collections, csv, sys\n"
        "sums = collections.Counter()\n"
        "for row in csv.DictReader(open(sys.argv[1])):\n"
        "    sums[row['customer_id']] += float(row['amount'] or 0)\n"
        "with open(sys.argv[2], 'w', newline='') as out:\n"
        "    csv.writer(out).writerows([('customer_id', 'amount'), *sums.items()])\n"
    )
    (shop / "models").mkdir()
    (shop / "models" / "m.sql").write_text("select customer_id from orders group by 1")
    named = {
        "function": f"{shop / 'etl.py'}:build",
        "folder": shop / "models",
        "command": f"{sys.executable} {shop / 'sums.py'} {{orders}} {{output}}",
    }[kind]
    _, folder = write(named, shop, Facts(key="customer_id"), inputs=("orders",))
    code, said = run_pytest(folder)
    assert code == 0, said


def test_an_input_of_a_database_is_written_beside_the_tests(shop, inputs):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(shop / "shop.db")) as database, database:
        database.execute("create table customers as select 1 as customer_id, 'Bonn' as city")
        database.execute("insert into customers values (2, 'Ulm')")
    (shop / "all.sql").write_text("select * from customers")
    pipeline = pipeline_of(str(shop / "all.sql"), {"customers": f"sqlite:///{shop / 'shop.db'}"})
    tables = read_inputs(pipeline)
    folder = shop / "tests"
    write_tests(pipeline, tables, Facts(), [], folder=folder, day=date(2024, 6, 1))
    assert (folder / "customers.parquet").is_file()
    assert '"customers": "customers.parquet"' in (folder / "test_pipeline.py").read_text()
