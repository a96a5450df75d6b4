import polars as pl
import pytest

from modelwright.data.checks.base import Check, RowCheck
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing, Present
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.run import run_checks
from modelwright.data.checks.shape import NotConstant, RowCount
from modelwright.data.checks.uniqueness import Unique

TABLE = pl.DataFrame({"age": [float(age) for age in range(100)], "word": ["x"] * 100})


def test_results_come_in_the_order_of_the_checks():
    checks = [RowCount(minimum=1), Range(column="age"), Present(column="no"), Unique(column="word")]
    assert [result.check for result in run_checks(TABLE, checks)] == [
        check.rule for check in checks
    ]


def test_the_same_check_may_be_asked_twice():
    check = Range(column="age", maximum=50)
    first, second = run_checks(TABLE, [check, check])
    assert first == second


@pytest.mark.parametrize(
    ("allowance", "passed"),
    [
        ({}, False),
        ({"allowed_fraction": 0.09}, False),
        ({"allowed_fraction": 0.1}, True),
        ({"allowed_rows": 9}, False),
        ({"allowed_rows": 10}, True),
    ],
)
def test_as_many_rows_may_fail_as_are_allowed(allowance, passed):
    (result,) = run_checks(TABLE, [Range(column="age", maximum=89, **allowance)])
    assert (result.passed, result.failed_rows, result.checked_rows) == (passed, 10, 100)


def test_a_missing_column_is_a_failed_check_that_offers_the_nearest_name():
    checks = [Present(column="agge"), NotMissing(column="agge"), NotConstant(column="agge")]
    for result in run_checks(TABLE, checks):
        assert not result.passed
        assert "no column 'agge'. Did you mean 'age'?" in result.sentence


def test_a_key_with_one_missing_column_has_failed():
    (result,) = run_checks(TABLE, [Unique(column="age", together_with=("day",))])
    assert not result.passed
    assert "'day'" in result.sentence


def test_a_failure_is_told_with_its_extent_and_an_example():
    (result,) = run_checks(TABLE, [Range(column="age", maximum=97, allowed_rows=1)])
    assert result.sentence == (
        "Column 'age' is at most 97: not so in 2 of 100 rows (2 %), such as row 99 ('98.0');"
        " 1 row may differ."
    )


def test_examples_are_few_and_short():
    table = pl.DataFrame({"word": ["x" * 1000] * 1000})
    (result,) = run_checks(table, [Levels(column="word", levels=())])
    assert [row for row, _ in result.examples] == [1, 2, 3, 4, 5]
    assert all(len(value) <= 80 for _, value in result.examples)


@pytest.mark.parametrize("table", [pl.DataFrame(), TABLE.clear()])
def test_an_empty_table_is_checked_too(table):
    checks = [RowCount(minimum=1), NotMissing(column="age"), Parses(column="age", kind="number")]
    count, *others = run_checks(table, checks)
    assert not count.passed
    assert all(result.passed is ("age" in table.columns) for result in others)


def test_no_checks_find_nothing():
    assert run_checks(TABLE, []) == ()


class Even(RowCheck, frozen=True, kw_only=True, tag="even"):
    dimension = "accuracy"

    @property
    def rule(self) -> str:
        return f"Column {self.column!r} is even"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        return pl.col(self.column) % 2 != 0


class SumIsPositive(Check, frozen=True, kw_only=True, tag="sumIsPositive"):
    dimension = "accuracy"
    column: str

    @property
    def rule(self) -> str:
        return f"The sum of {self.column!r} is positive"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        return pl.col(self.column).sum() <= 0


def test_a_check_of_ones_own_runs_beside_the_others():
    even, total = run_checks(TABLE, [Even(column="age"), SumIsPositive(column="age")])
    assert (even.failed_rows, even.examples[0]) == (50, (2, "1.0"))
    assert total.passed
