from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS
from modelwright.predictor.labels import label_text
from modelwright.serving.app import create_app
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.writer import LedgerWriter

INFER = "/v2/models/left/infer"
TYPES = {"age": "FP64", "member": "BOOL", "job": "BYTES", "seen": "BYTES"}
INPUTS = [
    {"name": name, "datatype": kind, "shape": [len(ROWS)], "data": [row[name] for row in ROWS]}
    for name, kind in TYPES.items()
]
TASKS = pytest.mark.parametrize(
    "task", [BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind
)


@pytest.fixture
def client_for(read):
    return lambda task: TestClient(create_app(read(task, covered=True)))


def stated(bundle, rows, level: float) -> list[Any]:
    """Return what the program itself states of recorded rows."""
    answers = np.array([case.expected for case in bundle.cases[: len(rows)]])
    if bundle.program.task.is_classification:
        return [list(each) for each in bundle.program.sets(answers, level)]
    return bundle.program.ranges(answers, level).tolist()


@TASKS
@pytest.mark.parametrize("asked", [{}, {"coverage": None}, {"coverage": 0.8}])
def test_a_row_has_what_the_program_states_bit_for_bit(read, task, asked):
    bundle = read(task, covered=True)
    answered = TestClient(create_app(bundle)).post("/predict", json={"rows": ROWS} | asked).json()
    level = asked.get("coverage") or 0.9
    field = "set" if task.is_classification else "range"
    assert [one[field] for one in answered["predictions"]] == stated(bundle, ROWS, level)
    assert {one["coverage"] for one in answered["predictions"]} == {level}


@TASKS
def test_a_single_row_gets_the_usual_level(client_for, task):
    (one,) = client_for(task).post("/predict", json=ROWS[0]).json()["predictions"]
    assert one["coverage"] == 0.9
    if task.is_classification:
        assert one["answer"] in one["set"]
    else:
        low, high = one["range"]
        assert low <= one["answer"] <= high


@TASKS
def test_without_coverage_an_answer_is_what_it_was(read, task):
    client = TestClient(create_app(read(task)))
    (one,) = client.post("/predict", json=ROWS[0]).json()["predictions"]
    assert set(one) <= {"id", "answer", "probabilities"}
    refused = client.post("/predict", json={"rows": ROWS, "coverage": 0.9})
    assert (refused.status_code, "no coverage" in refused.json()["error"]) == (422, True)


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (0.85, "at 0.8, 0.9, not at 0.85. Ask for 0.8."),
        (9, "Ask for 0.9."),
        (10**300, "Ask for 0.9."),
        (True, "'coverage' is True, no number. Send a share such as 0.9."),
        ("0.9", "no number"),
        ([0.9], "no number"),
    ],
)
def test_another_level_is_refused_with_a_sentence(client_for, level, words):
    client = client_for(REGRESSION)
    plain = client.post("/predict", json={"rows": ROWS, "coverage": level})
    output = {"name": "range", "parameters": {"coverage": level}}
    infer = client.post(INFER, json={"inputs": INPUTS, "outputs": [output]})
    assert (plain.status_code, infer.status_code) == (422, 400)
    assert words in plain.json()["error"]
    assert words in infer.json()["error"]


@TASKS
def test_the_protocol_sends_the_tensor_when_it_is_asked_for(read, task):
    bundle = read(task, covered=True)
    client = TestClient(create_app(bundle))
    name = "set" if task.is_classification else "range"
    usual = client.post(INFER, json={"inputs": INPUTS}).json()["outputs"]
    assert name not in [tensor["name"] for tensor in usual]
    outputs = [{"name": "answer"}, {"name": name, "parameters": {"coverage": 0.8}}]
    asked = client.post(INFER, json={"inputs": INPUTS, "outputs": outputs}).json()["outputs"]
    assert asked[0] == usual[0]
    expected = stated(bundle, ROWS, 0.8)
    width = task.n_outputs if task.is_classification else 2
    assert asked[1]["shape"] == [len(ROWS), width]
    if task.is_classification:
        flat = [label in each for each in expected for label in task.classes]
        assert (asked[1]["datatype"], asked[1]["data"]) == ("BOOL", flat)
    else:
        flat = [end for each in expected for end in each]
        assert (asked[1]["datatype"], asked[1]["data"]) == ("FP64", flat)


@TASKS
def test_the_metadata_lists_the_tensor_with_its_levels(client_for, task):
    *_, last = client_for(task).get("/v2/models/left").json()["outputs"]
    assert last["name"] == ("set" if task.is_classification else "range")
    assert last["parameters"]["coverage"] == 0.9
    assert last["parameters"]["levels"] == [0.8, 0.9]
    assert last["parameters"].get("classes", []) == list(task.classes)


def test_without_coverage_the_protocol_has_no_such_tensor(read):
    client = TestClient(create_app(read(REGRESSION)))
    asked = {"inputs": INPUTS, "outputs": [{"name": "range"}]}
    refused = client.post(INFER, json=asked)
    assert (refused.status_code, "no output 'range'" in refused.json()["error"]) == (400, True)
    assert len(client.get("/v2/models/left").json()["outputs"]) == 1


@TASKS
def test_the_description_has_the_fields(read, task):
    schemas = create_app(read(task, covered=True))
    described = TestClient(schemas).get("/openapi.json").json()["components"]["schemas"]
    fields = described["Prediction"]
    (one,) = TestClient(schemas).post("/predict", json=ROWS[0]).json()["predictions"]
    assert set(fields["required"]) == set(one)
    stated = {"type": ["number", "null"], "description": "One of 0.8, 0.9"}
    assert described["Rows"]["properties"]["coverage"] == stated


def test_what_is_stated_is_logged(read, tmp_path):
    bundle = read(MULTICLASS, covered=True)
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        with LedgerWriter(ledger) as writer:
            client = TestClient(create_app(bundle, ledger_writer=writer))
            (one,) = client.post("/predict", json=ROWS[0]).json()["predictions"]
        (logged,) = ledger.read_window()
    assert logged.output == one
    assert set(map(label_text, one["set"])) <= set(one["probabilities"])
