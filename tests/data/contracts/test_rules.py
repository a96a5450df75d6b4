import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import check_table
from modelwright.data.contracts.rules import LEAST_ROWS, allowed_fraction, contract_from
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.errors import InputError, SchemaError

SCHEMA = Schema(
    columns=(
        Column(name="id", kind=Kind.ID, role=Role.ID),
        Column(name="heavy", kind=Kind.NUMERIC),
        Column(name="whole", kind=Kind.NUMERIC),
        Column(name="rare", kind=Kind.NUMERIC),
        Column(name="level", kind=Kind.CATEGORICAL),
        Column(name="when", kind=Kind.DATETIME),
        Column(name="note", kind=Kind.TEXT),
        Column(name="same", kind=Kind.CONSTANT),
        Column(name="skipped", kind=Kind.NUMERIC, role=Role.IGNORED),
        Column(name="late", kind=Kind.BOOLEAN, role=Role.TARGET),
    )
)


def honest(rows: int, seed: int) -> pl.DataFrame:
    """Rows of one distribution: heavy tails, rare values, rare levels, missing and odd values."""
    rng = np.random.default_rng(seed)
    levels = np.minimum(rng.zipf(1.5, rows), 40).astype(str)
    whole = np.where(rng.random(rows) < 0.01, "odd", rng.poisson(3, rows).astype(str))
    return pl.DataFrame(
        {
            "id": [f"{seed}-{row}" for row in range(rows)],
            "heavy": rng.standard_cauchy(rows),
            "whole": whole,
            "rare": np.where(rng.random(rows) < 0.999, 0.0, rng.lognormal(3, 3, rows)),
            "level": np.where(rng.random(rows) < 0.3, "?", levels),
            "when": pl.from_epoch(pl.Series(rng.integers(1.3e9, 1.4e9, rows))),
            "note": ["word " * count for count in rng.geometric(0.2, rows)],
            "same": ["x"] * rows,
            "skipped": ["y"] * rows,
            "late": rng.choice(["yes", "no"], rows, p=[0.01, 0.99]),
        }
    )


TRAINING = honest(5_000, seed=0)


def test_honest_tables_rarely_break_a_rule():
    sizes, alarms = (500, 700, 4_000), 0
    for seed in range(1, 81):
        contract = contract_from(honest(2_000, seed + 10_000), SCHEMA, title="t")
        alarms += bool(check_table(honest(sizes[seed % 3], seed), contract).broken)
    # 80 tables at 0.001: two alarms would happen once in 300 runs.
    assert alarms <= 1


@given(st.integers(0, 300), st.integers(300, 100_000), st.sampled_from([1e-3, 1e-4, 1e-6]))
def test_the_promise_holds_for_every_number_of_rows(breaking, rows, alpha):
    fraction = allowed_fraction(breaking, rows, alpha=alpha)
    share = 1.0 if breaking == rows else stats.beta.isf(alpha / 2, breaking + 1, rows - breaking)
    sizes = np.arange(LEAST_ROWS, 20 * LEAST_ROWS)
    allowed = np.floor(fraction * sizes + 1e-9)
    assert stats.binom.sf(allowed, sizes, share).max() <= alpha / 2


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("heavy", pl.lit(1e12)),
        ("whole", pl.lit("odd")),
        ("whole", pl.lit(None)),
        ("whole", pl.lit("-1")),
        ("level", pl.lit("never seen")),
        ("when", pl.lit("1970-01-01")),
        ("late", pl.lit("maybe")),
        ("id", pl.lit("0-0")),
    ],
)
def test_a_broken_table_is_caught(column, values):
    contract = contract_from(TRAINING, SCHEMA, title="t")
    table = honest(500, seed=1).with_columns(values.alias(column))
    report = check_table(table, contract)
    assert not report.passed
    assert {result.column for result in report.broken if result.severity == "error"} == {column}


def test_a_column_that_is_stuck_is_a_warning():
    contract = contract_from(TRAINING, SCHEMA, title="t")
    report = check_table(honest(500, seed=1).with_columns(heavy=0.0), contract)
    assert report.passed
    assert [result.check for result in report.broken] == ["Column 'heavy' has more than one value"]


def test_every_column_that_is_not_ignored_gets_rules():
    contract = contract_from(TRAINING, SCHEMA, title="Some Table", exclude=("heavy",))
    assert contract.schema.names == tuple(
        name for name in SCHEMA.names if name not in ("heavy", "skipped")
    )
    assert contract.id == "some-table"
    assert "5,000 rows" in contract.limitations


def test_a_contract_is_the_same_each_time():
    first, second = (contract_from(TRAINING, SCHEMA, title="t") for _ in range(2))
    assert first == second


def checks_of(kind: Kind, values: list[object], role: Role = Role.FEATURE) -> dict:
    schema = Schema(columns=(Column(name="x", kind=kind, role=role),))
    contract = contract_from(pl.DataFrame({"x": values}, strict=False), schema, title="t")
    return {type(check): check for check in contract.columns[0].checks}


@pytest.mark.parametrize(
    ("values", "bounds"),
    [
        ([0.0, 10.0], (0, 15)),
        ([-1.0, 1.0], (-2, 2)),
        ([-10.0, -5.0], (-12.5, -2.5)),
        ([1e9, 1e9 + 10], (999999995, 1000000015)),
        ([-1e308, 1.5e308], (None, None)),
        ([0.0, 5e-324, 1.0], (0, 1.5)),
        ([1.0, 2.0, float("inf")], (0.5, 2.5)),
    ],
)
def test_a_range_is_widened_by_half_but_not_across_zero(values, bounds):
    check = checks_of(Kind.NUMERIC, values * 1000)[Range]
    assert (check.minimum, check.maximum) == bounds


def test_time_has_no_upper_bound():
    check = checks_of(Kind.NUMERIC, list(range(1000)), role=Role.TIME)[Range]
    assert check.maximum is None


def test_missing_and_unreadable_values_are_counted_apart():
    found = checks_of(Kind.NUMERIC, ["1", "2", "3", "4", "old", "?", "?", "?", "?", "?"] * 1000)
    assert 0.5 < found[NotMissing].allowed_fraction < 0.7
    assert 0.1 < found[Parses].allowed_fraction < 0.2


def test_only_ids_that_are_unique_must_be():
    assert Unique in checks_of(Kind.ID, list(range(100)))
    assert Unique not in checks_of(Kind.ID, [1, 1, 2])


def test_many_levels_are_not_listed():
    assert checks_of(Kind.CATEGORICAL, ["a", "b"] * 500)[Levels].levels == ("a", "b")
    assert Levels not in checks_of(Kind.CATEGORICAL, [str(level) for level in range(51)] * 20)


@pytest.mark.parametrize("values", [[None, None], ["?"], [1], ["x"], [math.nan, math.inf]])
@pytest.mark.parametrize("kind", list(Kind))
def test_poor_columns_get_what_rules_they_can(kind, values):
    found = checks_of(kind, values)
    assert all(getattr(check, "allowed_fraction", 0) < 1 for check in found.values())


def test_what_cannot_be_derived_is_told():
    with pytest.raises(SchemaError, match="no column 'heavy'"):
        contract_from(TRAINING.drop("heavy"), SCHEMA, title="t")
    with pytest.raises(SchemaError, match="Did you mean 'heavy'"):
        contract_from(TRAINING, SCHEMA, title="t", exclude=("heavvy",))
    with pytest.raises(InputError, match="no rows"):
        contract_from(TRAINING.clear(), SCHEMA, title="t")
