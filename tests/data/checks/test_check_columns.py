"""Columns that are summed up are judged as their values are."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.data import conform
from modelwright.data.checks import sums
from modelwright.data.checks.base import Check
from modelwright.data.checks.columns import check_columns
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing, Present
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.readable import readable
from modelwright.data.checks.run import run_checks
from modelwright.data.checks.shape import NotConstant, RowCount
from modelwright.data.checks.texts import TextLength
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.schema import Column, Kind, Schema

INF, NAN = float("inf"), float("nan")
FLOATS = st.one_of(st.none(), st.sampled_from([-0.0, 0.0, 1.5, 9.0, INF, NAN]))
WHOLE = st.one_of(st.none(), st.sampled_from([-3, 0, 1, 9, 2**53, 2**53 + 1, -(2**60)]))
WORDS = st.one_of(st.none(), st.sampled_from(["a", " a", "b", "", "7", "07", "é"]))


def _rules(name: str, kind: Kind) -> list[Check]:
    rules: list[Check] = [
        Present(column=name),
        NotMissing(column=name),
        Unique(column=name),
        NotConstant(column=name),
    ]
    if kind in (Kind.NUMERIC, Kind.BOOLEAN):
        bounds = Range(column=name, minimum=0, maximum=5, allowed_fraction=0.5)
        return [*rules, bounds, Parses(column=name, kind="number")]
    if kind == Kind.ID:
        return rules
    return [*rules, Levels(column=name, levels=("a", "7")), TextLength(column=name, max_length=1)]


@pytest.fixture(autouse=True)
def few_rows_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conform, "_FIRST_ROWS", 2)
    monkeypatch.setattr(conform, "_FEW", 2)
    monkeypatch.setattr(sums, "_PART", 2)


@given(data=st.data(), rows=st.integers(0, 6))
@settings(max_examples=25)
def test_what_is_summed_up_is_judged_as_the_values_are(data: st.DataObject, rows: int) -> None:
    kinds = {
        "x": (FLOATS, pl.Float64, Kind.NUMERIC),
        "n": (WHOLE, pl.Int64, Kind.NUMERIC),
        "flag": (st.sampled_from([0, 1, 2]), pl.Int8, Kind.BOOLEAN),
        "id": (WHOLE, pl.Int64, Kind.ID),
        "word": (WORDS, pl.String, Kind.CATEGORICAL),
        "code": (WORDS, pl.String, Kind.CODED),
    }
    table = pl.DataFrame(
        {
            name: pl.Series(
                name, data.draw(st.lists(cells, min_size=rows, max_size=rows)), dtype=dtype
            )
            for name, (cells, dtype, _) in kinds.items()
        }
    )
    tokens = data.draw(st.sampled_from([(), ("9",)]))
    schema = Schema(
        columns=tuple(
            Column(name=name, kind=kind, missing_tokens=tokens)
            for name, (_, _, kind) in kinds.items()
        )
    )
    checks: list[Check] = [
        RowCount(minimum=2),
        Unique(column="n", together_with=("word",)),
        *(rule for name, (_, _, kind) in kinds.items() for rule in _rules(name, kind)),
    ]
    # What is asked of a column decides how it is summed up.
    passed_over = data.draw(
        st.sets(st.sampled_from(sorted({type(check).__name__ for check in checks})))
    )
    checks = [check for check in checks if type(check).__name__ not in passed_over]
    assert check_columns(table, schema, checks) == run_checks(readable(table, schema), checks)
