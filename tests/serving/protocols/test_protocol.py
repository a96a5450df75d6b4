from typing import Any

import pytest
from starlette.testclient import TestClient

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS
from modelwright.serving.app import create_app

INFER = "/v2/models/left/infer"


def _tensors(rows: list[dict[str, Any]], shape: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    types = {"age": "FP64", "member": "BOOL", "job": "BYTES", "seen": "BYTES"}
    return [
        {
            "name": name,
            "datatype": datatype,
            "shape": [len(rows), *shape],
            "data": [row.get(name) for row in rows],
        }
        for name, datatype in types.items()
    ]


@pytest.mark.parametrize("path", ["/v2/health/live", "/v2/health/ready"])
def test_health_has_both_fields(client, path):
    assert client.get(path).json() == {"live": True, "ready": True}


@pytest.mark.parametrize("path", ["/v2", "/v2/"])
def test_the_server_describes_itself_with_and_without_a_slash(client, path):
    response = client.get(path, follow_redirects=False)
    assert response.status_code == 200
    assert response.json()["name"] == "modelwright"
    assert response.json()["extensions"] == ["binary_tensor_data"]


def test_the_model_describes_itself(bundle, client):
    version = bundle.hash[:12]
    metadata = client.get("/v2/models/left").json()
    assert metadata == client.get(f"/v2/models/left/versions/{version}").json()
    assert metadata["versions"] == [version]
    assert metadata["inputs"][0] == {"name": "age", "datatype": "FP64", "shape": [-1]}
    assert [tensor["datatype"] for tensor in metadata["inputs"]] == [
        "FP64",
        "BOOL",
        "BYTES",
        "BYTES",
    ]
    assert metadata["outputs"] == [
        {"name": "answer", "datatype": "BYTES", "shape": [-1]},
        {
            "name": "probabilities",
            "datatype": "FP64",
            "shape": [-1, 2],
            "parameters": {"classes": ["no", "yes"]},
        },
    ]
    for base in ("/v2/models/left", f"/v2/models/left/versions/{bundle.hash}"):
        assert client.get(f"{base}/ready").json() == {"name": "left", "ready": True}


@pytest.mark.parametrize("task", [BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind)
@pytest.mark.parametrize("shape", [(), (1,)])
def test_infer_answers_as_predict_does(read, task, shape):
    client = TestClient(create_app(read(task)))
    plain = client.post("/predict", json={"rows": ROWS}).json()["predictions"]
    inferred = client.post(INFER, json={"id": "q", "inputs": _tensors(ROWS, shape)}).json()
    assert inferred["id"] == "q"
    answer, *rest = inferred["outputs"]
    assert answer["data"] == [
        str(one["answer"]) if answer["datatype"] == "BYTES" else one["answer"] for one in plain
    ]
    if task == REGRESSION:
        assert not rest
    else:
        (probabilities,) = rest
        assert probabilities["shape"] == [len(ROWS), task.n_outputs]
        flat = [p for one in plain for p in one["probabilities"].values()]
        assert probabilities["data"] == flat


def test_nested_data_and_other_number_types_are_read(client):
    expected = client.post(INFER, json={"inputs": _tensors(ROWS[:1])}).json()["outputs"]
    age, member, job, seen = _tensors(ROWS[:1])
    age.update(datatype="INT32", data=[[39]], shape=[1, 1])
    member.update(datatype="UINT8", data=[1])
    asked = {"inputs": [seen, job, member, age]}
    assert client.post(INFER, json=asked).json()["outputs"] == expected


def test_outputs_can_be_chosen(client):
    for names in (["answer"], ["probabilities"], ["probabilities", "answer"]):
        asked = {"inputs": _tensors(ROWS), "outputs": [{"name": name} for name in names]}
        outputs = client.post(INFER, json=asked).json()["outputs"]
        assert [output["name"] for output in outputs] == names


def test_the_body_is_json_whatever_its_content_type(client):
    asked = client.build_request("POST", INFER, json={"inputs": _tensors(ROWS)})
    for content_type in ("application/octet-stream", "text/plain", ""):
        sent = client.post(INFER, content=asked.content, headers={"content-type": content_type})
        assert sent.status_code == 200


def _changed(**changes: Any) -> dict[str, Any]:
    age, *others = _tensors(ROWS)
    return {"inputs": [{**age, **changes}, *others]}


def _asking(*outputs: dict[str, Any]) -> dict[str, Any]:
    return {"inputs": _tensors(ROWS), "outputs": list(outputs)}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"inputs": []}, "'age' is missing"),
        ({}, "inputs"),
        ({"inputs": 3}, "array"),
        (_changed(name="agee"), "Did you mean 'age'"),
        ({"inputs": [*_tensors(ROWS), _tensors(ROWS)[0]]}, "given twice"),
        ({"inputs": _tensors(ROWS)[:3]}, "'seen' is missing"),
        (_changed(shape=[4, 2]), "shape [4, 2]"),
        (_changed(shape=[]), "shape []"),
        (_changed(shape=[3]), "4 values and 3 rows"),
        (_changed(shape=[3], data=[1, 2, 3]), "differ in their numbers of rows"),
        (_changed(shape=[-1]), "-1 rows"),
        (_changed(datatype="FLOAT"), "datatype 'FLOAT'"),
        (_changed(data=[1, 2, 3, "4"]), "'4', no FP64"),
        (_changed(data=[1, 2, 3, True]), "True, no FP64"),
        (_changed(datatype="INT8", data=[1, 2, 3, 128]), "128, no INT8"),
        (_changed(datatype="BYTES", data=["1", "2", "3", "old"]), "In row 4: The field 'age'"),
        (_changed(data=[[1], 2, 3, 4]), "no FP64"),
        ({"inputs": _tensors([])}, "no rows"),
        (_changed(data=None), "'age' has no data"),
        (_changed(datatype="BOOL"), "declares 'FP64'. Send FP64"),
        (_changed(shape=[4] * 100), "[n] or [n, 1]"),
        (_asking({"name": "probability"}), "'probabilities'"),
        (_asking({"name": "answer"}, {"name": "answer"}), "'answer' is asked for twice"),
        (_asking({"name": "answer", "parameters": {"binary_data": 1}}), "Send true or false"),
        ({**_asking(), "parameters": {"binary_data_output": "yes"}}, "Send true or false"),
        ({**_asking(), "id": "q" * 201}, "more than 200 characters"),
    ],
)
def test_a_wrong_request_is_refused_with_a_sentence(client, body, words):
    response = client.post(INFER, json=body)
    assert response.status_code == 400
    assert list(response.json()) == ["error"]
    assert words in response.json()["error"]


def test_an_output_that_is_not_there_is_refused_before_anything_is_counted(client):
    client.post(INFER, json=_asking({"name": "odds"}))
    assert "modelwright_predictions_total 0.0" in client.get("/metrics").text


@pytest.mark.parametrize(
    "path", ["/v2/models/right", "/v2/models/left/versions/9", "/v2/models/left/versions/9/ready"]
)
def test_another_model_or_version_is_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert list(response.json()) == ["error"]
