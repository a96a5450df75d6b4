from pathlib import Path

import polars as pl
import pytest


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = pl.DataFrame({"id": range(60), "amount": [float(i % 9) for i in range(60)]})
    table.write_csv("orders.csv")
    Path("good.sql").write_text("select id, sum(amount) as a from shop.orders group by id")
    Path("bad.sql").write_text("select id, amount, random() as r from orders")
    return tmp_path


def test_a_good_pipeline_leaves_with_0_and_its_tests(shop, call):
    done = call(
        "pipeline",
        "good.sql",
        "--input",
        "shop.orders=orders.csv",
        "--key",
        "id",
        "--write",
        "tests",
    )
    assert done.code == 0
    assert "✓ 0 faults in" in done.out
    assert "The tests are in tests/test_pipeline.py. Run them: pytest tests" in done.err
    assert Path("tests/test_pipeline.py").is_file()


def test_a_bad_one_leaves_with_1(shop, call):
    done = call("pipeline", "bad.sql", "--input", "orders=orders.csv", "--key", "id", "--json")
    assert (done.code, done.err) == (1, "")
    failed = {each["check"] for each in done.json if each["verdict"] == "failed"}
    assert "repeats_itself" in failed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nope.sql", "--input", "orders=orders.csv"), "is no pipeline that is there"),
        (("good.sql", "--input", "orders"), "is not of the form NAME=VALUE"),
        (("good.sql", "--input", "or/ders=orders.csv"), "is not of the form NAME=VALUE"),
        (("good.sql", "--input", "orders=order.csv"), "Did you mean"),
        (("good.sql", "--input", "orders=orders.csv", "--max-age", "old"), "is no duration"),
        (("bad.sql", "--input", "orders=orders.csv", "--time", "orders=day"), "no column 'day'"),
    ],
)
def test_bad_input_is_told(shop, call, arguments, said):
    done = call("pipeline", *arguments)
    assert done.code == 2
    assert said in done.sentence
