import json
from pathlib import Path

import polars as pl

from modelwright.maintain.gameday.faults.registry import FAULTS
from orders_example import orders


def test_a_drill_on_a_table(finished, call):
    orders(1_000, seed=5).write_csv("live.csv")
    named = ("--fault", "missing values", "--columns", "1", "-w", "orders-model", "-q")
    done = call("gameday", "live.csv", *named, "--json")
    assert done.err == ""
    outcomes = done.json["outcomes"]
    assert {each["fault"] for each in outcomes} == {"missing values"}
    assert done.json["traffic"] == "live.csv"
    unfound = [each for each in outcomes if each["harm"] == "harmful" and not each["found"]]
    assert done.code == (1 if unfound else 0)
    kept = json.loads(Path("orders-model", "gameday.json").read_text())
    assert kept["outcomes"] == outcomes
    assert call("gameday", "live.csv", *named).out.startswith("── Gameday")


def test_the_holdout_where_nothing_was_served_may_be_too_small(finished, call):
    done = call("gameday", "-w", "orders-model")
    assert done.code == 2
    assert "rows of traffic; a drill needs 800" in done.sentence


def test_an_unknown_fault(finished, call):
    pl.read_csv("later.csv").write_csv("live.csv")
    done = call("gameday", "live.csv", "--fault", "unit chance", "-w", "orders-model")
    assert done.code == 2
    assert "Did you mean 'unit change'?" in done.sentence


def test_the_help_names_every_fault(call):
    told = " ".join(call("gameday", "--help").out.split())
    assert [name for name in FAULTS if name not in told] == []
