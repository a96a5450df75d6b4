from datetime import datetime

import polars as pl
import pytest

from modelwright.data.checks.base import UNREAD, Check, RowCheck
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing, Present
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.readable import readable
from modelwright.data.checks.registry import CHECKS, family_of
from modelwright.data.checks.run import run_checks
from modelwright.data.checks.shape import NotConstant, RowCount
from modelwright.data.checks.texts import TextLength
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import InputError
from modelwright.testing import check_check

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


_WORD = pl.DataFrame({"x": ["a", "b"]})
_NUMBER = pl.DataFrame({"x": [1.0, 2.0]})
_MOMENT = pl.DataFrame({"x": [moment("2013-01-01")]})
_EXAMPLES = {
    "present": (Present(column="x"), _WORD, _WORD.rename({"x": "y"})),
    "notMissing": (NotMissing(column="x"), _WORD, pl.DataFrame({"x": ["a", None]})),
    "parses": (
        Parses(column="x", kind="number"),
        _NUMBER,
        _NUMBER.with_columns(pl.Series(f"x{UNREAD}", [None, "old"])),
    ),
    "range": (Range(column="x", minimum=1), _NUMBER, _NUMBER * -1),
    "period": (
        Period(column="x", maximum=moment("2013-01-01")),
        _MOMENT,
        pl.DataFrame({"x": [moment("2014-01-01")]}),
    ),
    "levels": (Levels(column="x", levels=("a", "b")), _WORD, pl.DataFrame({"x": ["c"]})),
    "unique": (Unique(column="x"), _WORD, pl.concat([_WORD, _WORD])),
    "textLength": (TextLength(column="x", max_length=1), _WORD, pl.DataFrame({"x": ["ab"]})),
    "rowCount": (RowCount(minimum=1), _WORD, _WORD.clear()),
    "notConstant": (NotConstant(column="x"), _WORD, pl.DataFrame({"x": ["a", "a"]})),
}


@pytest.mark.parametrize("name", {**_EXAMPLES, **CHECKS})
def test_a_check_keeps_its_contract(name):
    check, kept, broken = _EXAMPLES[name]
    check_check(check, kept, broken)
    assert family_of(check) == name


class _Short(RowCheck, frozen=True, kw_only=True, tag="short"):
    """Every text has one letter."""

    dimension = "conformity"

    @property
    def rule(self):
        """What must be true."""
        return f"Column {self.column!r} has one letter"

    def failing(self, table_schema):
        """Return the rows that do not."""
        return pl.col(self.column).str.len_chars() > 1


class _Stopped(_Short, frozen=True, kw_only=True, tag="stopped"):
    rule = "So it is."


class _Counted(_Short, frozen=True, kw_only=True, tag="counted"):
    def failures(self, table_schema):
        return pl.len()


class _OfAnother(_Short, frozen=True, kw_only=True, tag="ofAnother"):
    def failing(self, table_schema):
        return pl.col("x").str.len_chars() > pl.col("most")


class _OfNumbers(_Short, frozen=True, kw_only=True, tag="ofNumbers"):
    def failing(self, table_schema):
        return (pl.col("x").str.len_chars() - 1).clip(0)


@pytest.mark.parametrize(
    ("family", "words"),
    [
        (_Stopped, "'stopped' ends its rule with a full stop"),
        (_Counted, "fails what keeps it"),
        (_OfAnother, "'ofAnother' cannot judge 2 rows"),
        (_OfNumbers, "'ofNumbers' cannot judge 2 rows"),
    ],
)
def test_the_contract_sees_what_is_broken(family, words):
    kept = _WORD.with_columns(most=pl.lit(1.0))
    broken = pl.DataFrame({"x": ["a", "bc"], "most": [1.0, 1.0]})
    check_check(_Short(column="x"), kept, broken)
    with pytest.raises(AssertionError, match=words):
        check_check(family(column="x"), kept, broken)
