import polars as pl

from orders_example import orders

WORKSPACE = ("-w", "orders-model")


def test_proposals_are_shown_and_applied(finished, call):
    table = orders(800, seed=5)
    cents = pl.when(pl.int_range(pl.len()) > 399).then(pl.col("amount") * 100).otherwise("amount")
    table.with_columns(amount=cents).write_csv("live.csv")
    none = call("remedy", *WORKSPACE, "--json")
    assert none.code == 2
    assert "health.json" in none.sentence

    done = call("maintain", "live.csv", "--propose", *WORKSPACE, "-q")
    assert done.code == 1
    assert "✓ fix units" in done.out
    shown = call("remedy", *WORKSPACE)
    assert (shown.code, shown.err) == (0, "")
    assert "Read 'amount' / 100." in shown.out
    one = call("remedy", "fix units", *WORKSPACE, "--json")
    assert [each["remedy"] for each in one.json] == ["fix units"]

    unnamed = call("remedy", "--apply", *WORKSPACE)
    assert unnamed.code == 2
    assert "Name the remedy to apply" in unnamed.sentence
    applied = call("remedy", "fix units", "--apply", *WORKSPACE, "-q")
    assert applied.code == 0
    assert "the past speaks for the remedy" in applied.out


def test_retraining_is_tried_on_the_past(finished, call):
    orders(800, seed=5).write_csv("live.csv")
    done = call("retraining", "live.csv", "--rows", "200", *WORKSPACE, "-q", "--json")
    assert done.code == (0 if any(each["recommended"] for each in done.json["policies"]) else 1)
    assert done.json["windows"] == 4
    assert (finished / "orders-model/reports/retraining.svg").read_text().startswith("<svg")
    assert (finished / "orders-model/retraining.json").exists()
