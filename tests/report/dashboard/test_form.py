from datetime import datetime

import numpy as np

from modelwright.data.checks.levels import Levels
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.reference.reference import reference_of
from modelwright.report.dashboard.form import make_form, read_form
from modelwright.tasks.task import Task

SCHEMA = Schema(
    columns=(
        Column(name="<age>", kind=Kind.NUMERIC),
        Column(name="member", kind=Kind.BOOLEAN),
        Column(name="job", kind=Kind.CATEGORICAL),
        Column(name="seen", kind=Kind.DATETIME, datetime_format="%d.%m.%Y %H:%M"),
        Column(name="said", kind=Kind.TEXT),
    )
)
COLUMNS = {
    "<age>": np.array([30.0, 39.5, np.nan]),
    "member": np.array([1.0, 1.0, 0.0]),
    "job": np.array(["cook", "cook", "clerk"], dtype=object),
    "seen": np.array([86_400_000_000, 86_400_000_000, 172_800_000_000]),
    "said": np.array(["hello", "hello", "you"], dtype=object),
}
REFERENCE = reference_of(COLUMNS, SCHEMA, np.zeros((3, 1)), Task(kind="regression"))


def _fields(contract=None, given=None):
    form = make_form(SCHEMA, REFERENCE, contract, given=given)
    return {field.column: field for field in (*form.first, *form.others)}


def _contract(*entries: ContractColumn) -> Contract:
    return Contract(id="a", title="a", columns=entries)


def test_fields_have_the_shape_of_their_kind_and_usual_values():
    told = {name: (field.shape, field.value) for name, field in _fields().items()}
    assert told == {
        "<age>": ("number", "30"),
        "member": ("choice", "true"),
        "job": ("choice", "cook"),
        "seen": ("moment", "1970-01-02T00:00"),
        "said": ("long", ""),
    }


def test_the_contract_gives_hints_levels_and_the_order():
    contract = _contract(
        ContractColumn(column=SCHEMA["<age>"], checks=(Range(column="<age>", maximum=110),)),
        ContractColumn(
            column=SCHEMA["job"], checks=(Levels(column="job", levels=("a", "b")),), importance=0.2
        ),
        ContractColumn(
            column=SCHEMA["seen"],
            checks=(Period(column="seen", minimum=datetime(2013, 1, 1)),),  # noqa: DTZ001
            description="When the customer came last",
        ),
    )
    fields = _fields(contract)
    assert [*fields][0] == "job"  # noqa: RUF015
    assert fields["job"].options == ("a", "b", "cook")
    assert fields["<age>"].hint == "at most 110"
    assert fields["seen"].hint == "When the customer came last; at least 1 January 2013"


def test_what_a_person_filled_in_stays():
    fields = _fields(given={"c0": "12", "c2": "pilot"})
    assert (fields["<age>"].value, fields["said"].value) == ("12", "")
    assert fields["job"].options == ("cook", "clerk", "pilot")


def test_many_levels_are_proposed_and_many_columns_come_later():
    schema = Schema(
        columns=tuple(Column(name=f"c{place}", kind=Kind.CATEGORICAL) for place in range(20))
    )
    levels = np.array([str(each) for each in range(60)], dtype=object)
    answers, task = np.zeros((60, 1)), Task(kind="regression")
    reference = reference_of(dict.fromkeys(schema.names, levels), schema, answers, task)
    form = make_form(schema, reference, None)
    assert (len(form.first), len(form.others)) == (12, 8)
    assert form.first[0].shape == "open"
    assert len(form.first[0].options) == 60


def test_a_form_is_read_as_a_client_would_send_it():
    given = {"c0": "39", "c1": "true", "c2": "", "c3": "2024-03-01T10:00", "c4": " hi "}
    assert read_form(SCHEMA, given) == {
        "<age>": "39",
        "member": "true",
        "job": None,
        "seen": "01.03.2024 10:00",
        "said": " hi ",
    }
    assert read_form(SCHEMA, {"c3": "1.3.2024 10:00"})["seen"] == "1.3.2024 10:00"
