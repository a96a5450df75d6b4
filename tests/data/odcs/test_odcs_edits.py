from datetime import datetime

import polars as pl
import pytest

from modelwright.data.checks.levels import Levels
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.shape import RowCount
from modelwright.data.checks.texts import TextLength
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract, ContractColumn, check_table
from modelwright.data.odcs.reader import read_contract
from modelwright.data.odcs.writer import write_contract
from modelwright.data.schema import Column, Kind, Role
from modelwright.errors import InputError

moment = datetime.fromisoformat

HEAD = """\
apiVersion: v3.1.0
kind: DataContract
id: people
version: 1.0.0
status: active
name: people
schema:
- name: people
  properties:
"""


def checks_of(properties: str) -> tuple:
    (column,) = read_contract(HEAD + properties).columns
    return column.checks


@pytest.fixture
def written() -> str:
    age = Column(name="age", kind=Kind.NUMERIC, role=Role.TARGET)
    rules = (
        NotMissing(column="age", allowed_fraction=0.05),
        Range(column="age", minimum=0, maximum=110, allowed_fraction=0.01),
    )
    return write_contract(
        Contract(
            id="people",
            title="people",
            columns=(ContractColumn(column=age, checks=rules),),
            checks=(RowCount(minimum=1),),
        )
    )


def test_a_changed_bound_is_honoured(written):
    edited = read_contract(written.replace("maximum: 110", "maximum: 90"))
    assert not check_table(pl.DataFrame({"age": [100.0]}), edited).passed
    assert check_table(pl.DataFrame({"age": [100.0]}), read_contract(written)).passed


def test_a_changed_percentage_is_honoured(written):
    edited = read_contract(written.replace("mustBeLessOrEqualTo: 5", "mustBeLessThan: 20"))
    (check,) = (check for check in edited.columns[0].checks if isinstance(check, NotMissing))
    assert 0.1999 < check.allowed_fraction < 0.2


def test_a_removed_rule_is_gone(written):
    start, end = written.index("    - metric: nullValues"), written.index("    - type: custom")
    edited = read_contract(written[:start] + written[end:])
    assert check_table(pl.DataFrame({"age": [None]}, schema={"age": pl.Float64}), edited).passed


def test_removed_bounds_are_gone_even_if_their_tolerance_stays(written):
    start, end = written.index("    logicalTypeOptions"), written.index("    customProperties")
    edited = read_contract(written[:start] + written[end:])
    assert check_table(pl.DataFrame({"age": [1e9]}), edited).passed


def test_a_changed_type_is_honoured(written):
    text = written.replace("logicalType: number", "logicalType: string")
    column = read_contract(text).columns[0].column
    assert (column.kind, column.role) == (Kind.CATEGORICAL, Role.TARGET)


@pytest.mark.parametrize(
    ("logical", "kind"),
    [
        ("integer", Kind.NUMERIC),
        ("boolean", Kind.BOOLEAN),
        ("date", Kind.DATETIME),
        ("time", Kind.CATEGORICAL),
        ("string", Kind.CATEGORICAL),
    ],
)
def test_a_contract_that_others_wrote_has_kinds_by_its_types(logical, kind):
    text = f"{HEAD}  - name: x\n    logicalType: {logical}\n"
    assert read_contract(text).columns[0].column.kind == kind


@pytest.mark.parametrize(
    ("rule", "check"),
    [
        ("{metric: nullValues, mustBe: 0}", NotMissing(column="x")),
        ("{metric: nullValues, mustBeLessThan: 10}", NotMissing(column="x", allowed_rows=9)),
        (
            "{metric: nullValues, mustBeLessOrEqualTo: 10, unit: percent, severity: warning}",
            NotMissing(column="x", allowed_fraction=0.1, severity="warning"),
        ),
        (
            "{metric: duplicateValues, mustBeLessOrEqualTo: 3, unit: rows}",
            Unique(column="x", allowed_rows=3),
        ),
        (
            "{metric: invalidValues, mustBe: 0, arguments: {validValues: [no, 007, 1.10, null]}}",
            Levels(column="x", levels=("no", "007", "1.10")),
        ),
    ],
)
def test_rules_of_the_library_are_understood(rule, check):
    assert checks_of(f"  - name: x\n    quality: [{rule}]\n") == (check,)


@pytest.mark.parametrize(
    ("logical", "options", "check"),
    [
        ("integer", "{minimum: 1, maximum: 2}", Range(column="x", minimum=1, maximum=2)),
        (
            "number",
            "{exclusiveMinimum: 0, exclusiveMaximum: 1}",
            Range(column="x", minimum=5e-324, maximum=0.9999999999999999),
        ),
        ("date", "{minimum: 2013-01-01}", Period(column="x", minimum=moment("2013-01-01"))),
        (
            "timestamp",
            "{exclusiveMaximum: '2013-01-01T02:00:00+02:00', format: any}",
            Period(column="x", maximum=moment("2012-12-31T23:59:59.999999")),
        ),
        ("string", "{maxLength: 8}", TextLength(column="x", max_length=8)),
    ],
)
def test_options_of_a_type_are_understood(logical, options, check):
    text = f"  - name: x\n    logicalType: {logical}\n    logicalTypeOptions: {options}\n"
    assert checks_of(text) == (check,)


def test_a_required_column_needs_no_second_rule():
    text = "  - name: x\n    required: true\n    quality: [{metric: nullValues, mustBe: 0}]\n"
    assert checks_of(text) == (NotMissing(column="x"),)


def test_values_that_a_rule_calls_missing_are_missing():
    rule = "{metric: missingValues, mustBe: 0, arguments: {missingValues: [null, '', none]}}"
    contract = read_contract(f"{HEAD}  - name: x\n    quality: [{rule}]\n")
    assert contract.columns[0].column.missing_tokens == ("", "none")
    assert not check_table(pl.DataFrame({"x": ["none"]}), contract).passed


@pytest.mark.parametrize(
    ("operator", "check"),
    [
        ("mustBe: 5", RowCount(minimum=5, maximum=5)),
        ("mustBeGreaterThan: 5", RowCount(minimum=6)),
        ("mustBeGreaterOrEqualTo: 5", RowCount(minimum=5)),
        ("mustBeLessThan: 5", RowCount(maximum=4)),
        ("mustBeLessOrEqualTo: 5", RowCount(maximum=5)),
        ("mustBeBetween: [5, 9]", RowCount(minimum=5, maximum=9)),
    ],
)
def test_every_operator_counts_rows(operator, check):
    text = HEAD.replace("  properties:\n", f"  quality: [{{metric: rowCount, {operator}}}]\n")
    assert read_contract(text).checks == (check,)


def test_keys_that_say_nothing_about_the_rules_are_passed_over():
    text = (
        f"tenant: acme\ntags: [a, b]\nteam: {{name: x, members: []}}\n{HEAD}"
        "  - name: x\n    classification: restricted\n    businessName: The X\n"
        "    quality: [{type: text, description: It is good.}]\n"
    )
    contract = read_contract(text)
    assert contract.schema.names == ("x",)
    assert contract.unchecked == ()


def test_rules_that_nothing_here_checks_are_named():
    text = (
        f"{HEAD}  - name: x\n    logicalType: string\n    logicalTypeOptions: {{pattern: a+}}\n"
        "    quality:\n"
        "    - {type: sql, query: SELECT 1, mustBe: 1}\n"
        "    - {type: custom, engine: soda, implementation: x, name: soda rule}\n"
        "    - {metric: invalidValues, mustBe: 0, arguments: {pattern: a+}}\n"
        "slaProperties: [{property: latency, value: 4, unit: d}]\n"
    )
    contract = read_contract(text)
    assert contract.unchecked == (
        "The rule 'sql' of column 'x' is not checked.",
        "The rule 'soda rule' of column 'x' is not checked.",
        "The rule 'invalidValues' of column 'x' is not checked.",
        "The option 'pattern' of column 'x' is not checked.",
        "The service level 'latency' is not checked.",
    )
    assert check_table(pl.DataFrame({"x": ["a"]}), contract).unchecked == contract.unchecked


X = "  - name: x\n    logicalType: number\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("a: b: c", "no valid YAML: line 1, column 5"),
        ("just words", "line 1: There should be keys and values, but 'just words'"),
        ("[" * 200, "nested deeper"),
        # A newer PyYAML refuses this by itself, from a thousand levels on.
        ("[" * 100_000, "nested deeper|nesting depth"),
        (HEAD + X + "    description: &a x\n    tags: *a\n", "alias"),
        (HEAD.replace("v3.1.0", "v2.2.2"), r"line 1: .*'v2\.2\.2'.* Write v3\.1\.0"),
        (HEAD.replace("DataContract", "Dataset"), "line 2: The kind is 'Dataset'"),
        (HEAD.replace("id: people\n", ""), "'id' is missing"),
        (HEAD.replace("id: people", "version: 2"), "line 4: The key 'version' stands there twice"),
        (HEAD.replace("- name", "- name: a\n- name"), "2 tables"),
        (HEAD + X + X, "column 'x' 2 times"),
        (HEAD + "  - logicalType: number\n", "line 10: The key 'name' is missing"),
        (HEAD + X.replace("number", "array"), "line 11: The logical type is 'array'"),
        (HEAD + X + "    required: perhaps\n", "line 12: .*true or false.*'perhaps'"),
        (HEAD + X + "    logicalTypeOptions: {maximum: many}\n", "line 12: .*number.*'many'"),
        (HEAD + X + "    logicalTypeOptions: {maximum: .inf}\n", "line 12: .*number"),
        (HEAD + X + "    logicalTypeOptions: {minimum: 2, maximum: 1}\n", "line 10: .*bounds"),
        (HEAD + X + "    quality: {metric: nullValues}\n", "line 12: There should be a list"),
        (HEAD + X + "    quality: [{metric: nulValues}]\n", "Did you mean 'nullValues'"),
        (HEAD + X + "    quality: [{metric: nullValues}]\n", "no operator"),
        (HEAD + X + "    quality: [{metric: nullValues, mustBe: 3}]\n", "mustBe: 0"),
        (
            HEAD + X + "    quality: [{metric: nullValues, mustBeGreaterThan: 3}]\n",
            "'mustBeGreaterThan'",
        ),
        (
            HEAD + X + "    quality: [{metric: nullValues, mustBeLessThan: 0}]\n",
            "line 12: .*-1 rows",
        ),
        (
            HEAD + X + "    quality: [{metric: nullValues, mustBeLessThan: 120, unit: percent}]\n",
            "fraction from 0 to 1",
        ),
        (
            HEAD
            + X
            + "    quality:\n    - type: custom\n      engine: modelwright\n"
            + "      implementation: {check: rnge}\n",
            "line 15: There is no check 'rnge'. Did you mean 'range'",
        ),
        (
            HEAD
            + X
            + "    quality:\n    - type: custom\n      engine: modelwright\n"
            + "      implementation: {check: notConstant, alowed: 1}\n",
            "line 15: .*alowed",
        ),
        (
            HEAD + X + "    customProperties: [{property: kind, value: numeral}]\n",
            "line 12: There is no kind 'numeral'. Did you mean 'numeric'",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(text, message):
    with pytest.raises(InputError, match=message):
        read_contract(text)


def test_no_tag_is_constructed():
    text = HEAD.replace("name: people\n", "name: !!python/object/apply:os.getcwd []\n", 1)
    with pytest.raises(InputError, match="one value, but a list"):
        read_contract(text + X)
