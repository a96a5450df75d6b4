from datetime import datetime

import msgspec
import polars as pl
import pytest

from modelwright.data.checks.base import Check, RowCheck
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing, Present
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.readable import readable
from modelwright.data.checks.registry import all_checks, family_of
from modelwright.data.checks.run import run_checks
from modelwright.data.checks.shape import NotConstant, RowCount
from modelwright.data.checks.texts import TextLength
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import InputError

moment = datetime.fromisoformat

KINDS = {
    "number": Kind.NUMERIC,
    "truth": Kind.BOOLEAN,
    "moment": Kind.DATETIME,
    "word": Kind.CATEGORICAL,
    "code": Kind.CODED,
}
SCHEMA = Schema(columns=tuple(Column(name=name, kind=kind) for name, kind in KINDS.items()))


def failed_rows(check: Check, **columns: list[object]) -> list[int]:
    """Return the numbers of the rows that fail, at most five."""
    (result,) = run_checks(readable(pl.DataFrame(columns, strict=False), SCHEMA), [check])
    assert len(result.examples) == min(5, result.failed_rows)
    assert not result.passed or not result.failed_rows
    return [row for row, _ in result.examples]


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ([1, None, 3], [2]),
        ([1.0, float("nan"), float("inf")], [2]),
        (["1", "?", "", "  ", "NA", "old"], [2, 3, 4, 5]),
        (["old", "older"], []),
    ],
)
def test_missing_values_are_not_those_that_cannot_be_read(values, rows):
    assert failed_rows(NotMissing(column="number"), number=values) == rows


@pytest.mark.parametrize(
    ("name", "values", "rows"),
    [
        ("number", ["1", "1e5", "$1,000", " 7 ", "NA", None], []),
        ("number", ["1", "old", "1,23"], [2, 3]),
        ("number", [1.0, float("nan")], []),
        ("truth", ["yes", "no", "T", "0", "maybe", "2"], [5, 6]),
        ("truth", [0, 1, 2, None], [3]),
        ("moment", ["2013-01-31", "2013-02-31", "soon", ""], [2, 3]),
    ],
)
def test_what_cannot_be_read_fails(name, values, rows):
    check = Parses(column=name, kind="number")
    assert failed_rows(check, **{name: values}) == rows


def test_an_unreadable_value_is_shown_as_it_was_written():
    table = readable(pl.DataFrame({"number": ["1", None, "old"]}), SCHEMA)
    (result,) = run_checks(table, [Parses(column="number", kind="number")])
    assert result.examples == ((3, "old"),)


@pytest.mark.parametrize(
    ("minimum", "maximum", "rows"),
    [(0, 10, [1, 4]), (None, 10, [4]), (0, None, [1]), (None, None, []), (-1, 11, [])],
)
def test_bounds_of_numbers_are_included(minimum, maximum, rows):
    check = Range(column="number", minimum=minimum, maximum=maximum)
    assert failed_rows(check, number=["-1", "0", "10", "11", "old", None]) == rows


def test_a_sentinel_that_stands_for_missing_is_not_out_of_range():
    schema = Schema(columns=(Column(name="n", kind=Kind.NUMERIC, missing_tokens=("-999",)),))
    for values in ([1.0, -999.0], ["1", "-999.0"]):
        table = readable(pl.DataFrame({"n": values}), schema)
        results = run_checks(
            table, [Range(column="n", minimum=0), Parses(column="n", kind="number")]
        )
        assert all(result.passed for result in results)


@pytest.mark.parametrize(
    "values",
    [
        ["2012-12-31", "2013-01-01", "2014-01-02", None],
        [moment("2012-12-31"), moment("2013-01-01"), moment("2014-01-02"), None],
    ],
)
def test_bounds_of_moments_are_included(values):
    check = Period(column="moment", minimum=moment("2013-01-01"), maximum=moment("2014-01-01"))
    assert failed_rows(check, moment=values) == [1, 3]


def test_only_known_levels_pass():
    check = Levels(column="word", levels=("blue", "red"))
    assert failed_rows(check, word=["red", " blue ", "Red", None, "?", "green"]) == [3, 6]


def test_codes_are_compared_without_a_point():
    assert failed_rows(Levels(column="code", levels=("1", "2")), code=[1.0, 2.0, 3.0]) == [3]


def test_no_level_is_known_when_none_is_listed():
    assert failed_rows(Levels(column="word", levels=()), word=["a", None]) == [1]


def test_a_row_that_repeats_an_earlier_one_is_not_unique():
    assert failed_rows(Unique(column="word"), word=["a", "b", "a", None, None, "a"]) == [3, 6]


def test_a_key_is_unique_if_its_columns_together_are():
    key = Unique(column="word", together_with=("number",))
    rows = failed_rows(key, word=["a", "a", "a", "b", None, None], number=[1, 2, 1, 1, 1, 1])
    assert rows == [3]


@pytest.mark.parametrize(
    ("least", "most", "rows"), [(1, 3, [1]), (None, 2, [1, 3]), (3, None, [2]), (None, None, [])]
)
def test_lengths_are_counted_in_characters(least, most, rows):
    check = TextLength(column="word", min_length=least, max_length=most)
    assert failed_rows(check, word=["häää", "éé", "äöü", None]) == rows


@pytest.mark.parametrize(
    ("check", "passed"),
    [
        (RowCount(minimum=3), True),
        (RowCount(minimum=4), False),
        (RowCount(maximum=2), False),
        (RowCount(minimum=3, maximum=3), True),
        (NotConstant(column="word"), False),
        (NotConstant(column="number"), True),
        (NotConstant(column="truth"), True),
        (Present(column="word"), True),
        (Present(column="moment"), False),
    ],
)
def test_checks_of_the_whole_table(check, passed):
    table = pl.DataFrame(
        {"word": ["a", None, "a"], "number": [1, 2, 1], "truth": [None, None, 1.0]}
    )
    (result,) = run_checks(readable(table, SCHEMA), [check])
    assert result.passed is passed
    assert result.examples == ()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Range(column="x", minimum=2, maximum=1),
        lambda: Range(column="x", maximum=float("inf")),
        lambda: Range(column="x", allowed_fraction=1.5),
        lambda: Range(column="x", allowed_rows=-1),
        lambda: Range(column="x", allowed_rows=1, allowed_fraction=0.1),
        lambda: Period(column="x", minimum=moment("2014-01-01"), maximum=moment("2013-01-01")),
        lambda: TextLength(column="x", min_length=-1),
        lambda: TextLength(column="x", min_length=2, max_length=1),
        lambda: RowCount(minimum=2, maximum=1),
        lambda: RowCount(minimum=-1),
    ],
)
def test_a_check_that_contradicts_itself_is_refused(make):
    with pytest.raises(InputError):
        make()


@pytest.mark.parametrize("family", all_checks().values())
def test_every_family_tells_its_rule_and_travels_as_json(family):
    values = {"column": "x", "kind": "number", "levels": ("a",)}
    check = family(**{name: values[name] for name in family.__struct_fields__ if name in values})
    assert check.rule
    assert not check.rule.endswith(".")
    assert all_checks()[family_of(check)] is family
    assert msgspec.json.decode(msgspec.json.encode(check), type=family) == check
    assert isinstance(check, RowCheck) == hasattr(check, "allowed_fraction")
