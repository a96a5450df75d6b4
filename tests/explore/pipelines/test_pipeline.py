import sqlite3

import pytest

from modelwright.errors import InputError, SourceError
from modelwright.explore.pipelines.pipeline import first_output, pipeline_of, read_inputs


def addresses(shop):
    return {name: str(shop / f"{name}.csv") for name in ("customers", "orders")}


def test_what_is_named_is_known_by_its_form(shop):
    (shop / "features.py").write_text("def build(customers, orders):\n    return customers\n")
    (shop / "models").mkdir()
    (shop / "models" / "one.sql").write_text("select * from {{ ref('two') }}")
    (shop / "models" / "two.sql").write_text("select * from orders")
    kinds = {
        str(shop / "right.sql"): "query",
        f"{shop / 'features.py'}:build": "function",
        str(shop / "models"): "folder",
        "python etl.py {orders} {output}": "command",
    }
    for named, kind in kinds.items():
        assert pipeline_of(named, addresses(shop)).kind == kind
    assert pipeline_of(str(shop / "models"), addresses(shop)).output == "one"
    assert pipeline_of(str(shop / "models"), {}, output="two").output == "two"


@pytest.mark.parametrize(
    ("named", "output", "said"),
    [
        ("nothing.sql", "", r"'nothing\.sql' is no pipeline that is there\. Name a function"),
        ("nothing.py:build", "", r"There is no file nothing\.py"),
        ("bad.py:build", "", r"bad\.py is no valid Python"),
        ("good.py:bild", "", r"no function 'bild'\. Did you mean 'build'"),
        ("good.py:build", "", r"'sales\.orders' is no name of an argument of 'build'"),
        ("empty", "", r"empty has no \.sql file"),
        ("two", "", "two ends in 2 models: a, b. Name one"),
        ("two", "aa", "no model 'aa'"),
        ("x {output}", ".xls", r"A command cannot write '\.xls'"),
    ],
)
def test_what_is_no_pipeline_is_told(named, output, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.py").write_text("def build(:\n")
    (tmp_path / "good.py").write_text("def build(): ...\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "two").mkdir()
    for name in ("a", "b"):
        (tmp_path / "two" / f"{name}.sql").write_text("select 1")
    with pytest.raises(InputError, match=said):
        pipeline_of(named, {"sales.orders": "orders.csv"}, output=output)


@pytest.mark.parametrize("schema", ["temp", "Memory", "information_schema"])
def test_a_schema_that_is_taken_is_told(shop, schema):
    with pytest.raises(InputError, match=f"'{schema}' of the input '{schema}.orders' is a name"):
        pipeline_of(str(shop / "right.sql"), {f"{schema}.orders": "orders.csv"})


def test_the_first_run_must_end_well_with_rows(shop):
    pipeline = pipeline_of(str(shop / "right.sql"), addresses(shop))
    inputs = read_inputs(pipeline)
    assert len(first_output(pipeline, inputs)) == 40
    with pytest.raises(InputError, match="does not run on its inputs: CatalogException"):
        first_output(pipeline, {})
    (shop / "none.sql").write_text("select * from orders where false")
    with pytest.raises(InputError, match="gives no row"):
        first_output(pipeline_of(str(shop / "none.sql"), {}), inputs)


def test_inputs_that_cannot_be_read_are_told(shop):
    pipeline = pipeline_of(str(shop / "right.sql"), {"orders": str(shop / "order.csv")})
    with pytest.raises(SourceError, match="Did you mean"):
        read_inputs(pipeline)
    (shop / "ragged.csv").write_text("a,b\n1\n1,2,3,4\n")
    pipeline = pipeline_of(str(shop / "right.sql"), {"orders": str(shop / "ragged.csv")})
    with pytest.raises(SourceError, match="cannot be read"):
        read_inputs(pipeline)


def test_a_table_of_a_database_stands_behind_its_address(tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute('CREATE TABLE "the orders" (n)')
        connection.execute("CREATE TABLE other (m)")
        connection.execute('INSERT INTO "the orders" VALUES (7)')
    connection.close()
    (tmp_path / "all.sql").write_text("SELECT * FROM orders")
    address = f"{tmp_path / 'shop.db'}#the orders"
    inputs = read_inputs(pipeline_of(str(tmp_path / "all.sql"), {"orders": address}))
    assert inputs["orders"]["n"].to_list() == [7]
