from pathlib import Path

import polars as pl


def test_a_coming_table_is_compared_with_what_the_model_was_promised(finished, call):
    same = call("contract", "diff", "orders-model", "orders.csv")
    assert same.code == 0
    assert "✓ Nothing breaks the model" in same.out
    pl.read_csv("orders.csv").with_columns(pl.col("amount") * 100).write_csv("cents.csv")
    cents = call("contract", "diff", "orders-model", "cents.csv")
    assert cents.code == 1
    assert (
        "✗ Column 'amount' seems to come in hundredths (cents, per cent); without it" in cents.out
    )
    as_json = call("contract", "diff", "orders-model", "cents.csv", "--json").json
    assert as_json[0]["column"] == "amount"
    assert as_json[0]["loss"] > 0


def test_contract_files_are_compared_and_missing_ones_told(finished, call):
    file = Path("orders-model/contract.yaml")
    assert call("contract", "diff", file, file).code == 0
    assert "There is no contract at nowhere" in call("contract", "diff", "nowhere", file).sentence
    assert "There is no file" in call("contract", "diff", file, "nothing.csv").sentence
