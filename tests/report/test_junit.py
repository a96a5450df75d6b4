import xml.etree.ElementTree as ET

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.checks.base import CheckResult
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Range
from modelwright.data.contracts.contract import CheckReport, Contract, ContractColumn, check_table
from modelwright.data.schema import Column, Kind
from modelwright.report.junit import junit_of


def checked(values, **contract):
    age = ContractColumn(
        column=Column(name="age", kind=Kind.NUMERIC),
        checks=(
            Range(column="age", maximum=110),
            NotMissing(column="age", severity="warning"),
        ),
    )
    rules = Contract(id="x", title="people", columns=(age,), **contract)
    return check_table(pl.DataFrame({"age": values}), rules)


def test_each_rule_is_a_case_and_broken_errors_are_failures():
    root = ET.fromstring(junit_of(checked([39, 200, None]), name="people.csv", seconds=0.25))
    (suite,) = root
    assert suite.attrib == {
        "name": "people.csv",
        "tests": "4",
        "failures": "1",
        "errors": "0",
        "skipped": "0",
        "time": "0.250",
    }
    assert {case.get("classname") for case in suite} == {"age"}
    (failure,) = suite.iter("failure")
    assert failure.text == "row 2: '200.0'"
    assert failure.get("message").startswith("Column 'age' is at most 110: not so in 1 of 3 rows")
    (told,) = suite.iter("system-out")
    assert told.text.startswith("warning: ")


def test_rules_that_nothing_can_check_are_skipped():
    root = ET.fromstring(junit_of(checked([1], unchecked=("A rule in SQL",)), name="t", seconds=1))
    assert root.get("skipped") == "1"
    assert len(list(root.iter("skipped"))) == 1


@given(st.text(), st.text(), st.text())
def test_whatever_the_data_holds_is_xml(name, rule, value):
    result = CheckResult(
        check=rule,
        column=name,
        dimension="accuracy",
        severity="error",
        passed=False,
        failed_rows=1,
        checked_rows=1,
        examples=((1, value),),
        sentence=f"{rule}: not so",
    )
    text = junit_of(CheckReport(rows=1, results=(result,)), name=name, seconds=0.0)
    assert ET.fromstring(text.encode("utf-8")).get("failures") == "1"
