import tomllib
from pathlib import Path

import pytest

from modelwright.cli.question import folder_of
from modelwright.cli.run import command
from modelwright.engineer.question.brief_file import APART, KEYS
from orders_example import TARGET, orders

MANY_VALUED = {"kinds", "roles", "costs", *APART}
"""Keys that only the file can say."""


@pytest.fixture
def data(folder) -> Path:
    orders(120, seed=0).write_csv("orders.csv")
    return Path("orders.csv")


def _brief(workspace: str) -> dict[str, object]:
    return tomllib.loads(Path(workspace, "modelwright.toml").read_text())


def test_every_key_of_the_brief_has_an_option():
    names = {parameter.name for parameter in command.params}
    assert set(KEYS) - MANY_VALUED <= names


@pytest.mark.parametrize(
    ("data", "asked", "name"),
    [
        ("orders.csv", {}, "orders"),
        ("/data/2024/orders.csv.gz", {}, "orders"),
        ("data/2024/*.parquet", {}, "2024"),
        ("data/2024/", {}, "2024"),
        ("*.parquet", {}, "table"),
        ("postgresql://me@host:5432/shop", {}, "shop"),
        ("postgresql://me@host/shop?sslmode=require", {"table": "orders"}, "orders"),
        ("shop.duckdb", {"query": "select 1", "target": "is late?"}, "is-late"),
    ],
)
def test_a_workspace_is_named_after_its_rows(data, asked, name):
    assert folder_of(data, **asked) == Path(f"{name}-model")


@pytest.mark.parametrize("room", ["plan", "explore"])
def test_a_room_alone_begins_from_a_file(room, data, call):
    done = call(room, data, "--target", TARGET, "--budget", "10s", "--json")
    assert done.code == 0
    assert _brief("orders-model") == {"data": "../orders.csv", "target": TARGET, "budget": "10s"}
    assert Path("orders-model/plan.json").exists()
    again = call(room, "--workspace", "orders-model", "--json", "--quiet")
    assert (again.code, again.err) == (0, "")


def test_options_are_keys_of_the_brief(data, call):
    options = {
        "question": "Will it come back?",
        "task": "binary",
        "metric": "log_loss",
        "positive": "yes",
        "group": "country",
        "weight": "items",
        "exclude": "order_id",
        "keep": "amount",
        "seed": "3",
    }
    arguments = [word for key, value in options.items() for word in (f"--{key}", value)]
    done = call("plan", data, "--target", TARGET, *arguments, "-w", "w", "--json", "-q")
    assert done.code == 0
    plan = done.json
    assert (plan["question"], plan["metric"], plan["seed"]) == (options["question"], "log_loss", 3)
    assert plan["split"]["kind"] == "group"
    assert _brief("w")["exclude"] == ["order_id"]


def test_a_target_may_be_left_out_where_the_brief_has_one(data, call):
    call("plan", data, "--target", TARGET, "-w", "w", "-q")
    orders(150, seed=1).write_csv("later.csv")
    done = call("plan", "later.csv", "-w", "w", "--json")
    assert done.json["table"]["rows"] == 150
    assert "modelwright.toml now says data = '../later.csv', not '../orders.csv'" in done.err


def test_options_without_data_change_the_brief(data, call):
    call("plan", data, "--target", TARGET, "-w", "w", "-q")
    done = call("plan", "-w", "w", "--metric", "brier", "--json")
    assert done.json["metric"] == "brier"
    assert "modelwright.toml now says metric = 'brier'" in done.err
    assert _brief("w")["target"] == TARGET


def test_an_edited_brief_is_honoured(data, call):
    call("plan", data, "--target", TARGET, "-w", "w", "-q")
    toml = Path("w/modelwright.toml")
    toml.write_text(toml.read_text() + '[kinds]\nitems = "coded categorical"\n')
    for arguments in (["-w", "w"], [data, "--target", TARGET, "-w", "w"]):
        columns = call("plan", *arguments, "--json", "-q").json["schema"]["columns"]
        assert {"coded categorical"} == {c["kind"] for c in columns if c["name"] == "items"}


def test_another_target_is_told_with_all_that_it_drops(data, call):
    call("plan", data, "--target", TARGET, "-w", "w", "-q", "--positive", "no")
    done = call("plan", data, "--target", "amount", "-w", "w", "--json")
    assert done.json["task"]["kind"] == "regression"
    assert "now says target = 'amount', not 'returned'" in done.err
    assert "positive = 'no' is dropped" in done.err


def test_the_command_works_inside_the_workspace(data, call, monkeypatch):
    call("plan", data, "--target", TARGET, "-q")
    monkeypatch.chdir("orders-model")
    done = call("plan", "--json", "-q")
    assert done.json["table"]["address"] == "../orders.csv"


def test_a_misspelt_column_does_not_stay_in_the_brief(data, call):
    first = call("plan", data, "--target", TARGET, "--time", "wehn", "-w", "w")
    assert first.code == 2
    assert "There is no column 'wehn' (`time`)" in first.err
    assert "`time` is taken back" in first.err
    assert set(_brief("w")) == {"data", "target"}
    assert call("plan", data, "--target", TARGET, "-w", "w", "--json").code == 0
    assert call("plan", "-w", "w", "--group", "contry", "--seed", "3").code == 2
    assert (_brief("w").get("group"), _brief("w")["seed"]) == (None, 3)


def test_a_misspelt_target_does_not_drop_what_was_said_of_the_one_before(data, call):
    call("plan", data, "--target", TARGET, "--positive", "no", "-w", "w", "-q")
    before = _brief("w")
    assert call("plan", "-w", "w", "--target", "retruned").code == 2
    assert _brief("w") == before


@pytest.mark.parametrize(
    ("key", "value"), [("metric", "rocauc_"), ("goal", "auk >= 0.8"), ("task", "bynary")]
)
def test_a_misspelt_value_does_not_stay_in_the_brief(data, call, key, value):
    done = call("plan", data, "--target", TARGET, f"--{key}", value, "-w", "w")
    assert done.code == 2
    assert f"`{key}` is taken back" in done.err
    assert set(_brief("w")) == {"data", "target"}


def test_a_metric_that_another_task_takes_stays_in_the_brief(data, call):
    done = call("plan", data, "--target", TARGET, "--metric", "rmse", "-w", "w")
    assert (done.code, _brief("w")["metric"]) == (2, "rmse")
    assert "taken back" not in done.err


def test_what_a_person_wrote_into_the_brief_is_not_taken_back(data, call):
    call("plan", data, "--target", TARGET, "-w", "w", "-q")
    toml = Path("w/modelwright.toml")
    toml.write_text(toml.read_text() + 'group = "contry"\n')
    assert call("plan", "-w", "w", "--seed", "3").code == 2
    assert _brief("w")["group"] == "contry"
