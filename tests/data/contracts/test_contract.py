import polars as pl
import pytest

from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.shape import NotConstant, RowCount
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract, ContractColumn, check_table
from modelwright.data.schema import Column, Kind
from modelwright.errors import InputError, SchemaError

AGE = ContractColumn(
    column=Column(name="age", kind=Kind.NUMERIC, missing_tokens=("x",)),
    checks=(Range(column="age", minimum=0), NotMissing(column="age", allowed_fraction=0.5)),
)
WORD = ContractColumn(
    column=Column(name="word", kind=Kind.CATEGORICAL),
    checks=(
        Levels(column="word", levels=("a", "b")),
        NotConstant(column="word", severity="warning"),
    ),
)
CONTRACT = Contract(
    id="t",
    title="t",
    columns=(AGE, WORD),
    checks=(RowCount(minimum=1), Unique(column="age", together_with=("word",))),
)


@pytest.mark.parametrize(
    "table",
    [
        pl.DataFrame({"word": ["a", "b", "b"], "age": ["1", "x", "3"], "other": [0, 0, 0]}),
        pl.DataFrame({"word": ["a", "b", "b"], "age": [1, None, 3]}),
    ],
)
def test_an_honest_table_passes_raw_or_typed(table):
    report = check_table(table, CONTRACT)
    assert report.passed
    assert report.broken == ()
    assert report.rows == 3


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        ({"word": ["a"], "age": ["old"]}, "Column 'age' can be read as a number"),
        ({"word": ["a"], "age": ["-1"]}, "Column 'age' is at least 0"),
        ({"word": ["c"], "age": ["1"]}, "Column 'word' is one of 'a', 'b'"),
        ({"word": ["a"], "age": [None]}, "Column 'age' has a value"),
        ({"age": ["1"]}, "Column 'word' is there"),
        ({"word": [], "age": []}, "The table has at least 1 row"),
        ({"word": ["a", "a"], "age": ["1", "1"]}, "No two rows agree in 'age', 'word'"),
    ],
)
def test_a_broken_error_fails_the_table(table, rule):
    report = check_table(pl.DataFrame(table), CONTRACT)
    assert not report.passed
    assert rule in [result.check for result in report.broken]


def test_a_broken_warning_does_not_fail_the_table():
    report = check_table(pl.DataFrame({"word": ["a", "a"], "age": [1, 2]}), CONTRACT)
    assert report.passed
    assert [result.severity for result in report.broken] == ["warning"]


def test_presence_and_type_go_without_saying_unless_the_type_is_said():
    assert [type(check).__name__ for check in WORD.every_check[:2]] == ["Present", "Levels"]
    assert Parses(column="age", kind="number") in AGE.every_check
    lenient = Parses(column="age", kind="number", allowed_fraction=0.5)
    age = ContractColumn(column=AGE.column, checks=(lenient,))
    assert [check for check in age.every_check if isinstance(check, Parses)] == [lenient]


def test_the_order_of_a_columns_checks_does_not_matter():
    turned = ContractColumn(column=AGE.column, checks=AGE.checks[::-1])
    assert turned == AGE


@pytest.mark.parametrize(
    "make",
    [
        lambda: ContractColumn(column=AGE.column, checks=WORD.checks),
        lambda: ContractColumn(column=AGE.column, checks=(Range(column="age"),) * 2),
        lambda: ContractColumn(
            column=AGE.column, checks=(Unique(column="age", together_with=("word",)),)
        ),
        lambda: Contract(id="t", title="t", columns=(AGE, AGE)),
        lambda: Contract(id="", title="t"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused(make):
    with pytest.raises(InputError):
        make()


def test_a_contract_can_do_without_a_column():
    features = CONTRACT.without("age")
    assert features.schema.names == ("word",)
    assert features.checks == (RowCount(minimum=1),)
    assert check_table(pl.DataFrame({"word": ["a", "b"]}), features).passed
    with pytest.raises(SchemaError, match="Did you mean 'age'"):
        CONTRACT.without("agee")
