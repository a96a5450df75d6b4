from datetime import UTC, datetime, timedelta
from functools import partial

import polars as pl
import pytest

from modelwright.errors import InputError
from modelwright.explore.pipelines import checks
from modelwright.explore.pipelines.examination import Facts, find_unsteady, list_checks
from modelwright.explore.pipelines.runners import run_query
from modelwright.explore.pipelines.words import _TITLES, describe_outcomes
from pipeline_examples import KNOWS_THE_FUTURE, RIGHT

NOW = datetime(2024, 6, 1, tzinfo=UTC)
ALL = Facts(
    key="order_id",
    main="orders",
    moment="ordered",
    times={"orders": "ordered"},
    most_age=timedelta(days=3),
)


def examine(text, inputs, facts):
    run = partial(run_query, text)
    output = run(inputs)
    return output, [each.make() for each in list_checks(run, inputs, output, facts, now=NOW)]


def test_every_check_is_made_where_everything_is_known(inputs):
    _, outcomes = examine(KNOWS_THE_FUTURE, inputs, ALL)
    made = {outcome.check for outcome in outcomes}
    assert made == set(_TITLES)
    assert all(callable(getattr(checks, name)) for name in made)
    failed = {outcome.check for outcome in outcomes if outcome.verdict == "failed"}
    assert {"knows_only_the_past", "is_fresh"} <= failed


def test_a_right_pipeline_has_no_fault_and_is_told_its_weak_places(inputs):
    output, outcomes = examine(RIGHT, inputs, Facts(key="customer_id", main="customers"))
    assert not [outcome for outcome in outcomes if outcome.verdict == "failed"]
    told = {outcome.check for outcome in outcomes if outcome.verdict == "told"}
    assert told == {"ignores_repeated_rows", "notices_another_unit"}
    text = describe_outcomes("right.sql", output, outcomes)
    assert "✓ 0 faults in" in text
    assert "! orders.amount: not so: “another unit is noticed”" in text


def test_names_of_rows_have_no_unit(inputs):
    _, outcomes = examine(RIGHT, inputs, Facts())
    columns = {each.column for each in outcomes if each.check == "notices_another_unit"}
    assert columns == {"amount"}


def test_without_facts_only_what_needs_none_is_tested(inputs):
    _, outcomes = examine(RIGHT, inputs, Facts())
    assert "has_unique_keys" not in {outcome.check for outcome in outcomes}


def test_a_run_that_ends_is_an_outcome(inputs):
    def once(tables, runs=[]):  # noqa: B006 - it shall remember
        runs.append(1)
        if len(runs) > 1:
            raise RuntimeError("only once")
        return tables["orders"]

    output = once(inputs)
    outcomes = [each.make() for each in list_checks(once, inputs, output, Facts(), now=NOW)]
    assert outcomes[0].sentence == "it ends: RuntimeError: only once"
    assert outcomes[0].verdict == "failed"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(key="custmer_id"), "The output has no column 'custmer_id'. Did you mean"),
        (Facts(key="city", main="customer"), "no input 'customer'. Did you mean 'customers'"),
        (Facts(times={"orders": "order"}), "input 'orders' has no column 'order'"),
        (Facts(key="spent", main="customers"), "has no column 'spent' to compare keys by"),
        (Facts(main="customers"), "Name the key that both have"),
        (Facts(times={"orders": "amount"}, most_age=timedelta(1)), "is Float64 and tells no age"),
        (Facts(times={"orders": "ordered"}, moment="city"), "cannot be compared with 'city'"),
    ],
)
def test_facts_about_what_is_not_there_are_refused(inputs, facts, said):
    with pytest.raises(InputError, match=said):
        examine(RIGHT, inputs, facts)


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ([timedelta(days=2)], False),
        ([NOW.time()], False),
        ([[1, 2]], False),
        ([True], False),
        ([1.5], False),
        (["01.11.2026"], False),
        (["2026-11-01"], True),
        ([20261101], True),
        ([NOW.date()], True),
        ([NOW], True),
        ([None], True),
    ],
)
def test_only_moments_tell_an_age(time, told):
    inputs = {"t": pl.DataFrame({"time": time})}
    facts = Facts(times={"t": "time"}, most_age=timedelta(days=1))
    if told:
        assert list_checks(lambda tables: tables["t"], inputs, inputs["t"], facts, now=NOW)
        return
    with pytest.raises(InputError, match=r"'time' of the input 't' is .* and tells no age"):
        list_checks(lambda tables: tables["t"], inputs, inputs["t"], facts, now=NOW)


def test_a_column_that_differs_anyway_is_one_fault_and_hides_no_other(inputs):
    runs = []

    def timed(tables):
        runs.append(1)
        orders = tables["orders"].drop_nulls("amount")
        return orders.select("order_id", "amount", made=pl.lit(len(runs)))

    facts = find_unsteady(timed, inputs, timed(inputs), Facts(key="order_id"))
    assert facts.unsteady == ("made",)
    outcomes = [
        each.make() for each in list_checks(timed, inputs, inputs["orders"], facts, now=NOW)
    ]
    failed = {each.check: each for each in outcomes if each.verdict == "failed"}
    assert set(failed) <= {"repeats_itself", "survives_missing_values", "refuses_numbers_as_text"}
    assert "'made' differs" in failed["repeats_itself"].sentence
    assert failed["survives_missing_values"].column == "amount"


def test_a_pipeline_that_cannot_run_twice_has_no_unsteady_columns(inputs):
    def ends(tables):
        raise RuntimeError("only once")

    assert find_unsteady(ends, inputs, inputs["orders"], Facts()) == Facts()
