from datetime import datetime

import msgspec
import pytest

from example_bundle import REGRESSION, ROWS, SCHEMA, make_program
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import SchemaError
from modelwright.predictor.bundle import Case
from modelwright.predictor.cases import recorded_cases


def test_cases_hold_the_edges():
    cases = recorded_cases(make_program(), ROWS, SCHEMA)
    assert [case.name for case in cases[:6]] == [
        *(f"row {number}" for number in (1, 2, 3, 4)),
        "all missing",
        "no field",
    ]
    assert cases[4].expected == cases[5].expected == cases[2].expected
    sent = msgspec.json.decode(msgspec.json.encode(cases), type=tuple[Case, ...])
    assert sent == cases


def test_cases_take_what_tables_hold():
    row = {"age": float("nan"), "member": 1, "job": "x", "seen": datetime(2024, 3, 1)}  # noqa: DTZ001
    case, *_ = recorded_cases(make_program(), [{**row, "left": "yes"}], SCHEMA)
    assert case.record == {"age": None, "member": 1, "job": "x", "seen": "2024-03-01T00:00:00"}


def test_infinity_is_a_text_in_json():
    cases = recorded_cases(make_program(), [{"age": float("inf")}, {"age": -float("inf")}], SCHEMA)
    assert [case.record["age"] for case in cases[:2]] == ["Infinity", "-Infinity"]


def test_cases_refuse_a_value_of_the_wrong_type():
    with pytest.raises(SchemaError, match="'age'"):
        recorded_cases(make_program(), [{"age": "old"}], SCHEMA)


def test_a_wide_table_has_few_cases():
    columns = tuple(Column(name=f"c{number}", kind=Kind.NUMERIC) for number in range(500))
    program = make_program(REGRESSION)
    wide = Schema(columns=(*SCHEMA.columns, *columns))
    assert len(recorded_cases(program, ROWS, wide)) < 100
