from datetime import UTC, datetime, timedelta
from functools import partial

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.explore.pipelines import checks
from modelwright.explore.pipelines.runners import run_query
from pipeline_examples import KNOWS_THE_FUTURE, KNOWS_THE_PAST, RIGHT

KEY = "customer_id"


def per_customer(orders: str = "orders") -> str:
    return f"SELECT customer_id, sum(amount) AS spent FROM {orders} GROUP BY ALL"


def test_chance_is_no_repetition(inputs):
    chance = partial(run_query, "SELECT customer_id, random() AS r FROM customers")
    assert "'r' differs in" in checks.repeats_itself(chance, inputs, KEY)
    assert checks.repeats_itself(partial(run_query, RIGHT), inputs, KEY) == ""


def test_inputs_changed_in_place_are_seen(inputs):
    def greedy(tables):
        tables["orders"].insert_column(0, pl.Series("new", range(300)))
        return tables["customers"]

    assert checks.leaves_inputs_alone(greedy, inputs) == "it changes its inputs in place: orders"
    assert checks.leaves_inputs_alone(partial(run_query, RIGHT), inputs) == ""
    assert inputs["orders"].width == 4


def test_keys_must_be_unique_and_there():
    table = pl.DataFrame({"k": [1, 1, None]})
    assert checks.has_unique_keys(table, "k") == "1 rows repeat a key and 1 have none, of 3"
    assert "the output has no column 'q'" in checks.has_unique_keys(table, "q")
    assert checks.has_unique_keys(pl.DataFrame({"k": [1, 2]}), "k") == ""


def test_lost_and_invented_keys_are_counted():
    given, made = pl.DataFrame({"k": [1, 2, 3]}), pl.DataFrame({"k": [2, 9]})
    told = checks.keeps_the_keys(made, given, "k")
    assert told == "2 of 3 keys are lost, such as 1; 1 of 3 keys are in no input, such as 9"


def test_an_aggregate_without_order_depends_on_the_order(inputs):
    first = partial(run_query, "SELECT customer_id, first(amount) AS a FROM orders GROUP BY ALL")
    assert "'a' differs" in checks.ignores_the_order(first, inputs, "orders", KEY)
    spent = partial(run_query, per_customer())
    assert checks.ignores_the_order(spent, inputs, "orders", KEY) == ""


def test_repeated_rows_count_twice_unless_they_are_taken_once(inputs):
    twice = partial(run_query, per_customer())
    once = partial(run_query, per_customer("(SELECT DISTINCT * FROM orders)"))
    assert "'spent' differs" in checks.ignores_repeated_rows(twice, inputs, "orders", KEY)
    assert checks.ignores_repeated_rows(once, inputs, "orders", KEY) == ""


def test_a_new_column_may_pass_through_and_change_nothing_else(inputs):
    through = partial(run_query, "SELECT * FROM customers")
    widths = partial(run_query, "SELECT count(*) AS n FROM (DESCRIBE customers)")
    assert checks.ignores_new_columns(through, inputs, "customers", KEY) == ""
    assert "'n' differs" in checks.ignores_new_columns(widths, inputs, "customers", KEY)


def test_missing_values_lose_rows_or_end_the_run(inputs):
    lossy = partial(run_query, "SELECT customer_id, city FROM customers WHERE city <> 'Rome'")
    told = checks.survives_missing_values(lossy, inputs, "customers", "city", KEY)
    assert told.startswith("where 2 values are missing, 2 of 40 keys are lost")

    def strict(tables):
        if tables["orders"]["amount"].null_count():
            raise ValueError("amount is missing\nsomewhere")
        return tables["orders"]

    told = checks.survives_missing_values(strict, inputs, "orders", "amount", "order_id")
    assert told == "it ends where 15 values are missing: ValueError: amount is missing"
    right = partial(run_query, RIGHT)
    assert checks.survives_missing_values(right, inputs, "orders", "amount", KEY) == ""


def test_a_lost_column_must_be_an_error(inputs):
    silent = partial(run_query, "SELECT * FROM customers")
    told = checks.refuses_a_lost_column(silent, inputs, "customers", "city", KEY)
    assert told == "no error comes, and columns are lost: ['city']"
    right = partial(run_query, RIGHT)
    assert checks.refuses_a_lost_column(right, inputs, "customers", "city", KEY) == ""
    assert checks.refuses_a_lost_column(right, inputs, "orders", "order_id", KEY) == ""


def test_numbers_as_text_must_be_an_error(inputs):
    silent = partial(run_query, "SELECT order_id, amount FROM orders")
    told = checks.refuses_numbers_as_text(silent, inputs, "orders", "amount", "order_id")
    assert told == "no error comes, and 'amount' was Float64 and is String"
    right = partial(run_query, RIGHT)
    assert checks.refuses_numbers_as_text(right, inputs, "orders", "amount", KEY) == ""


def test_another_unit_passes_unless_it_is_looked_for(inputs):
    careless = partial(run_query, per_customer())
    told = checks.notices_another_unit(careless, inputs, "orders", "amount", KEY)
    assert "'spent' differs in 40 of 40 rows" in told

    def careful(tables):
        assert tables["orders"]["amount"].max() < 10_000
        return careless(tables)

    assert checks.notices_another_unit(careful, inputs, "orders", "amount", KEY) == ""


@pytest.mark.parametrize(("text", "knows"), [(KNOWS_THE_FUTURE, True), (KNOWS_THE_PAST, False)])
def test_rows_that_know_the_future_are_found(inputs, text, knows):
    run = partial(run_query, text)
    told = checks.knows_only_the_past(
        run, inputs, "orders", "ordered", moment="ordered", key="order_id"
    )
    assert told.startswith("what happens after 2024-") == knows
    missing = checks.knows_only_the_past(run, inputs, "orders", "ordered", moment="m", key="")
    assert "no column 'm'" in missing


def test_late_rows_change_what_was_counted(inputs):
    told = checks.takes_late_rows(
        partial(run_query, per_customer()), inputs, "orders", "ordered", KEY
    )
    assert "'spent' differs in" in told


def test_old_rows_are_stale(inputs):
    now = datetime(2025, 1, 1, tzinfo=UTC)
    week, year = timedelta(days=7), timedelta(days=400)
    told = checks.is_fresh(inputs["orders"], "ordered", now=now, most=week)
    assert told.endswith("days old")
    assert checks.is_fresh(inputs["orders"], "ordered", now=now, most=year) == ""
    empty = pl.DataFrame({"t": [None]}, schema={"t": pl.Datetime})
    assert checks.is_fresh(empty, "t", now=now, most=week) == "'t' has no value"


@given(
    st.lists(
        st.tuples(
            st.integers(0, 5) | st.none(),
            st.floats(allow_nan=True) | st.none(),
            st.text(max_size=3) | st.none(),
        ),
        min_size=1,
        max_size=8,
    ),
    st.randoms(),
)
def test_a_table_differs_from_itself_in_no_order_of_rows(rows, random):
    schema = {"a": pl.Int64, "b": pl.Float64, "c": pl.String}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    shuffled = table[random.sample(range(len(table)), len(table))]
    assert checks.difference(table, shuffled, "a") == ""


def test_differences_are_said():
    one = pl.DataFrame({"k": [1, 2], "v": [1.0, 2.0]})
    assert checks.difference(one, one.head(1)) == "2 rows become 1"
    assert checks.difference(one, one.rename({"v": "w"})) == "columns are lost: ['v'], new: ['w']"
    assert (
        checks.difference(one, one.with_columns(v=pl.Series([1.0, 2.5])), "k")
        == "'v' differs in 1 of 2 rows, such as 2.0 and 2.5 where k is 2"
    )
    assert checks.difference(one, one.with_columns(v=pl.col("v") * (1 + 1e-12)), "k") == ""
