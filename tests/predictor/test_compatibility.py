from dataclasses import replace

import msgspec
import pytest

from example_bundle import BINARY, MULTICLASS, ROWS, SCHEMA, make_bundle, make_covered_bundle
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.compatibility import compare_clients, compare_schemas
from rival_bundles import another, wider


def _age(**told) -> Schema:
    return Schema(columns=(Column(name="age", **{"kind": Kind.NUMERIC, **told}),))


def test_the_same_columns_and_answers_are_no_change():
    found = compare_clients(make_bundle(), another(), requests=ROWS)
    assert (found.changes, found.is_compatible, found.refused) == ((), True, 0)
    assert found.replayed == len(ROWS) + len(make_bundle().cases)


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        (_age(), _age(kind=Kind.CATEGORICAL), "changed"),
        (_age(kind=Kind.TEXT), _age(), "refused"),
        (_age(), _age(kind=Kind.BOOLEAN), "refused"),
        (_age(kind=Kind.DATETIME), _age(kind=Kind.DATETIME, datetime_format="%d.%m.%Y"), "refused"),
        (_age(missing_tokens=("?",)), _age(), "refused"),
        (
            _age(kind=Kind.TEXT, missing_tokens=("?",)),
            _age(kind=Kind.TEXT, missing_tokens=("-",)),
            "changed",
        ),
    ],
)
def test_a_column_that_must_be_sent_otherwise(old, new, severity):
    (change,) = compare_schemas(old, new)
    assert (change.severity, change.column) == (severity, "age")


def test_another_kind_that_is_sent_alike_is_no_change():
    assert not [*compare_schemas(_age(kind=Kind.TEXT), _age(kind=Kind.CODED))]


def test_a_column_more_costs_nobody_a_request_and_one_less_does():
    more = compare_clients(make_bundle(), wider())
    assert ([each.severity for each in more.changes], more.is_compatible) == (["note"], True)
    less = compare_clients(wider(), make_bundle(), requests=[{"age": 1, "income": 2}])
    assert less.changes[0].severity == "refused"
    assert (less.refused, less.is_compatible) == (1, False)
    assert less.first_refusal.startswith("There is no field 'income'.")


def test_what_is_answered_otherwise_is_told():
    found = compare_clients(make_covered_bundle(BINARY), make_bundle(MULTICLASS))
    assert [(each.severity, each.column) for each in found.changes] == [
        ("refused", ""),
        ("changed", ""),
    ]
    assert "0.8, 0.9" in found.changes[0].sentence


def test_recorded_cases_of_the_old_one_are_tried():
    job = msgspec.structs.replace(SCHEMA["job"], kind=Kind.NUMERIC)
    others = tuple(column for column in SCHEMA if column.name != "job")
    numeric = replace(make_bundle(), schema=Schema(columns=(*others, job)))
    found = compare_clients(make_bundle(), numeric)
    assert found.refused > 0
    assert "'job'" in found.first_refusal
