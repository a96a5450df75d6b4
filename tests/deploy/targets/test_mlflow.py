import json
from dataclasses import replace
from importlib.metadata import requires

import msgspec
import pytest
import yaml

from example_bundle import BINARY, MULTICLASS, REGRESSION, make_bundle
from modelwright.data.schema import Kind, Schema
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.mlflow import TARGET
from modelwright.deploy.targets.mlmodel import NEEDS, signature_of
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.operations.categories import Codes

LOADER = "its loader answers the recorded rows, bit for bit"


def _seen(folder) -> dict:
    return {each.name: each for each in TARGET.validate(folder)}


@pytest.mark.parametrize("task", [MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def test_the_loader_answers_recorded_rows(task, tmp_path):
    write_bundle(make_bundle(task), tmp_path / "source")
    TARGET.write(Delivery.of(tmp_path / "source"), tmp_path / "out")
    assert _seen(tmp_path / "out")[LOADER].passed


def test_another_answer_is_a_fault(tmp_path):
    bundle = make_bundle(REGRESSION)
    first = msgspec.structs.replace(bundle.cases[0], expected=(7.0,))
    write_bundle(replace(bundle, cases=(first, *bundle.cases[1:])), tmp_path / "source")
    TARGET.write(Delivery.of(tmp_path / "source"), tmp_path / "out")
    assert _seen(tmp_path / "out")[LOADER].evidence == "the row 'row 1' has another answer"


def test_a_loader_that_cannot_be_imported_is_a_fault(delivery, out):
    TARGET.write(delivery, out)
    (out / "runtime/modelwright/predictor/pyfunc.py").write_text("import nowhere\n")
    found = _seen(out)[LOADER]
    assert (found.passed, found.evidence) == (
        False,
        "ModuleNotFoundError: No module named 'nowhere'",
    )


def test_what_mlflow_reads_names_the_bundle(delivery, out):
    TARGET.write(delivery, out)
    model = yaml.safe_load((out / "MLmodel").read_text())
    assert model["flavors"]["modelwright"]["bundle"] == delivery.bundle.hash
    assert model["utc_time_created"] == delivery.bundle.facts.made_at
    assert [each["type"] for each in json.loads(model["signature"]["inputs"])] == [
        "any",
        "boolean",
        "string",
        "any",
    ]
    example = json.loads((out / "input_example.json").read_text())
    assert example["columns"] == list(delivery.bundle.schema.names)
    assert len(example["data"][0]) == len(example["columns"])


@pytest.mark.parametrize(
    ("source_type", "kind"),
    [("Float64", "double"), ("DOUBLE PRECISION", "double"), ("Int64", "any"), ("String", "any")],
)
def test_a_column_of_fractions_is_double(source_type, kind):
    bundle = make_bundle(BINARY)
    columns = tuple(
        msgspec.structs.replace(each, source_type=source_type) for each in bundle.schema
    )
    signature = signature_of(replace(bundle, schema=Schema(columns=columns)))
    kinds = dict(zip(bundle.schema.names, bundle.schema, strict=True))
    numbers = [each for each in signature["inputs"] if kinds[each["name"]].kind == Kind.NUMERIC]
    assert {each["type"] for each in numbers} == {kind}


def test_what_may_be_written_in_two_ways_is_any():
    bundle = make_bundle(BINARY)
    steps = tuple(
        msgspec.structs.replace(each, levels=tuple(map(str, range(len(each.levels)))), rare=())
        if isinstance(each, Codes)
        else each
        for each in bundle.program.steps
    )
    columns = tuple(msgspec.structs.replace(each, source_type="String") for each in bundle.schema)
    program = msgspec.structs.replace(bundle.program, steps=steps)
    told = signature_of(replace(bundle, program=program, schema=Schema(columns=columns)))
    assert {each["type"] for each in told["inputs"]} == {"any"}


@pytest.mark.parametrize(
    ("task", "kind"), [(BINARY, "string"), (MULTICLASS, "long"), (REGRESSION, "double")]
)
def test_the_signature_says_what_is_answered(task, kind):
    signature = signature_of(make_bundle(task))
    assert [each["type"] for each in signature["outputs"]] == [kind]
    assert bool(signature["params"]) == task.is_classification


def test_the_loader_needs_what_modelwright_does():
    assert set(NEEDS) <= set(requires("modelwright"))
