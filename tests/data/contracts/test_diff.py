import numpy as np
import polars as pl
import pytest
from msgspec.structs import replace

from modelwright.data.contracts.contract import Contract, weigh_columns
from modelwright.data.contracts.diff import compare_contracts
from modelwright.data.contracts.rules import contract_as, contract_from
from modelwright.data.inference.infer import infer_schema
from modelwright.data.odcs.reader import read_contract
from modelwright.data.odcs.writer import write_contract

N = 3_000


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    return pl.DataFrame(
        {
            "price": rng.uniform(10, 90, N).round(2),
            "plan": rng.choice(["basic", "gold", "silver"], N),
            "day": rng.integers(0, 900, N).astype("datetime64[D]"),
            "age": rng.integers(18, 80, N),
            "useless": rng.normal(size=N),
        }
    )


@pytest.fixture
def old(table):
    contract = contract_from(table, infer_schema(table), title="orders")
    losses = {"price": 0.03, "plan": 0.02, "day": 0.001, "age": 0.01, "useless": -0.0002}
    return weigh_columns(contract, losses, metric="roc_auc")


def changes(old, table):
    return {
        (change.column, change.severity): change.sentence
        for change in compare_contracts(old, contract_as(table, old))
    }


def test_the_same_rows_change_nothing(old, table):
    assert compare_contracts(old, old) == ()
    assert changes(old, table) == {}
    assert changes(old, table.sample(1_000, seed=1)) == {}


def test_the_importance_survives_the_file(old):
    again = read_contract(write_contract(old))
    assert again == old
    assert again.metric == "roc_auc"
    assert [entry.importance for entry in again.columns] == [0.03, 0.02, 0.001, 0.01, 0.0]


def test_what_was_not_measured_is_not_said_to_be_needless(old, table):
    unknown = weigh_columns(old, {"price": None}, metric="roc_auc")
    (gone,) = compare_contracts(unknown, contract_as(table.drop("price"), unknown))
    assert (gone.severity, gone.loss) == ("breaking", None)


def test_what_is_gone_or_renamed_breaks_what_depends_on_it(old, table):
    found = changes(old, table.drop("price", "useless").rename({"plan": "tariff"}))
    assert found["price", "breaking"] == "Column 'price' is gone"
    assert found["plan", "breaking"].endswith("'tariff' looks like it under another name")
    assert found["useless", "warning"] == "Column 'useless' is gone"


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (100, "in hundredths (cents, per cent)"),
        (1_000, "in thousandths"),
        (0.01, "in what hundredths (cents, per cent) were before"),
        (2.2046, "in pounds for kilograms"),
    ],
)
def test_another_unit_is_seen_by_the_range(old, table, factor, words):
    found = changes(old, table.with_columns(pl.col("price") * factor))
    assert found["price", "breaking"] == f"Column 'price' seems to come {words}"


def test_values_that_the_model_never_saw_are_told(old, table):
    wider = table.with_columns(
        pl.when(pl.col("age") > 60).then(pl.col("age") * 4).otherwise("age").alias("age"),
        pl.col("plan").replace("gold", "platinum"),
    )
    found = changes(old, wider)
    assert "no longer" in found["age", "warning"]
    assert found["plan", "warning"].endswith("never saw: 'platinum'")


def test_another_kind_breaks(old, table):
    found = changes(old, table.with_columns(age=pl.lit("about ") + pl.col("age").cast(pl.String)))
    assert found["age", "breaking"] == "Column 'age' was numeric and is categorical"


def test_what_is_missing_more_often_is_told_by_how_much(old, table):
    third = table.with_columns(price=pl.when(pl.col("age") > 40).then("price"))
    found = changes(old, third)
    assert "price" in {column for column, _ in found}
    assert any("Column 'price' has a value in all but" in said for said in found.values())


def test_promises_come_and_go(old):
    price = old.columns[0]
    fewer = replace(price, checks=price.checks[:-1])
    weaker = replace(old, columns=(fewer, *old.columns[1:]), checks=())
    told = [change.sentence for change in compare_contracts(old, weaker)]
    assert told[0] == f"No longer promised: {price.checks[-1].rule}"
    assert "No longer promised: The table has at least 1 row" in told
    (back,) = [change for change in compare_contracts(weaker, old) if change.column == "price"]
    assert (back.severity, back.sentence.split(":")[0]) == ("note", "Newly promised")


def test_the_worst_for_the_model_comes_first(old):
    found = compare_contracts(old, Contract(id="x", title="orders"))
    losses = [change.loss for change in found if change.severity == "breaking"]
    assert losses == sorted(losses, reverse=True)
    assert found[0].column == "price"
