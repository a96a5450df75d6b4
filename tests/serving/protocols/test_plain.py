from contextlib import nullcontext

import msgspec
import pytest
from starlette.testclient import TestClient

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS
from modelwright.errors import InputError, WorkspaceError
from modelwright.serving.app import create_app
from modelwright.serving.limits import Limits
from modelwright.serving.protocols.plain import Plain


def _sent(body: object) -> bytes:
    return body if isinstance(body, bytes) else msgspec.json.encode(body)


@pytest.mark.parametrize("task", [BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def test_every_case_gets_its_recorded_answer_bit_for_bit(read, task):
    bundle = read(task)
    client = TestClient(create_app(bundle))
    rows = [case.record for case in bundle.cases]
    answered = client.post("/predict", content=_sent({"rows": rows})).json()
    assert answered["model"] == bundle.hash
    for case, one in zip(bundle.cases, answered["predictions"], strict=True):
        given = [one["answer"]] if task == REGRESSION else list(one["probabilities"].values())
        assert given == list(case.expected)
        alone = client.post("/predict", content=_sent(case.record)).json()["predictions"][0]
        assert {**alone, "id": ""} == {**one, "id": ""}


def test_classes_keep_their_type_and_name_their_probabilities(read):
    client = TestClient(create_app(read(MULTICLASS)))
    (one,) = client.post("/predict", json=ROWS[0]).json()["predictions"]
    assert one["answer"] in (1, 2, 3)
    assert list(one["probabilities"]) == ["1", "2", "3"]


def test_ids_are_the_clients_or_made(client):
    answered = client.post("/predict", json={"rows": ROWS[:2], "ids": ["a", "b"]}).json()
    assert [one["id"] for one in answered["predictions"]] == ["a", "b"]
    made = client.post("/predict", json={"rows": ROWS[:2]}).json()["predictions"]
    assert len({one["id"] for one in made}) == 2


@pytest.mark.parametrize(
    "row", [{}, {"job": "astronaut"}, {"age": "39"}, {"age": "?"}, {"member": 1}, {"seen": ""}]
)
def test_missing_unknown_and_differently_written_values_are_answered(client, row):
    assert client.post("/predict", json=row).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "empty"),
        (b"  \n", 400, "empty"),
        (b"{", 400, "body"),
        (b"[1]", 400, "object"),
        (b"\xff\xfe", 400, "body"),
        (b'{"age": "\xff"}', 400, "body"),
        (b'{"age": NaN}', 400, "'age' holds NaN"),
        (b'{"age": Infinity}', 400, "body"),
        (b'{"age": 1e999}', 400, "'age' holds 1e999"),
        (b'{"age": ' + b"[" * 100_000, 400, "deep"),
        (b'{"age": ' + b"9" * 5000 + b"}", 400, "'age' holds 999"),
        ({"aeg": 3}, 422, "'aeg'. Did you mean 'age'?"),
        ({"age": "old"}, 422, "The field 'age' is 'old'. Give a number or null."),
        ({"age": [3]}, 422, "'age' is [3]"),
        ({"age": {"a": 3}}, 422, "'age'"),
        ({"member": 2}, 422, "'member' is 2"),
        ({"seen": "yesterday"}, 422, "Give a datetime in ISO 8601"),
        ({"seen": 5}, 422, "'seen' is 5"),
        ({"rows": []}, 422, "no rows"),
        ({"rows": [{}, 3]}, 422, "Row 2 is no object"),
        ({"rows": [{}, {"age": "old"}]}, 422, "In row 2: The field 'age' is 'old'."),
        ({"rows": [{}], "id": ["a"]}, 422, "Did you mean 'ids'"),
        ({"rows": [{}], "": 3}, 422, "no field ''"),
        ({"rows": [{}], "ids": ["a", "b"]}, 422, "'ids'"),
        ({"rows": [{}], "ids": "a"}, 422, "'ids'"),
        ({"rows": [{}], "ids": [""]}, 422, "'ids'"),
        ({"rows": [{}, {}], "ids": ["a", "a"]}, 422, "same id"),
    ],
)
def test_a_wrong_request_is_refused_with_a_sentence(client, body, status, words):
    response = client.post("/predict", content=_sent(body))
    assert response.status_code == status
    assert list(response.json()) == ["error"]
    assert words in response.json()["error"]
    assert "Traceback" not in response.text


@pytest.mark.parametrize("body", [{"x" * 10_000: 1}, {"rows": [{}], "x" * 10_000: 1}])
def test_a_name_of_any_length_is_refused_in_few_words(client, body):
    response = client.post("/predict", json=body)
    assert (response.status_code, len(response.content) < 300) == (422, True)


def test_a_column_may_be_called_rows(client):
    refused = client.post("/predict", json={"rows": 3})
    assert (refused.status_code, "no field 'rows'" in refused.json()["error"]) == (422, True)


def test_too_many_rows_and_bytes_are_refused(bundle):
    client = TestClient(create_app(bundle, limits=Limits(rows=2, body_bytes=1000)))
    assert client.post("/predict", json={"rows": [{}] * 3}).status_code == 413
    assert client.post("/predict", json={"job": "x" * 2000}).status_code == 413
    assert client.post("/predict", json={"job": "x" * 200_000}).status_code == 413
    chunks = (b" " * 500 for _ in range(50))
    assert client.post("/predict", content=chunks).status_code == 413
    assert client.post("/predict", json={"rows": [{}] * 2}).status_code == 200


def test_many_rows_are_answered_like_few(client):
    few = client.post("/predict", json={"rows": ROWS}).json()["predictions"]
    many = client.post("/predict", json={"rows": ROWS * 500}).json()["predictions"]
    assert [one["answer"] for one in many] == [one["answer"] for one in few] * 500


@pytest.mark.parametrize("fault", [InputError("no"), WorkspaceError("full"), KeyError("odd")])
def test_what_few_rows_meet_is_told_by_the_usual_way_unless_nobody_knows_it(bundle, fault):
    class Failing:
        def respond_at_once(self, body):
            return None

        def respond_to_few_at_once(self, rows, ids, *, level):
            raise fault

    responder = Failing()
    responder.bundle = bundle
    plain = Plain(responder, Limits())
    with pytest.raises(KeyError) if isinstance(fault, KeyError) else nullcontext():
        assert plain.predict_at_once(_sent({"rows": ROWS[:2]})) is None


def test_a_fault_of_the_model_is_met_again_by_the_usual_way(bundle, monkeypatch):
    service = create_app(bundle)
    client = TestClient(service, raise_server_exceptions=False)
    plain = service._quick._routes["/predict"].answer
    sent = _sent({"rows": ROWS[:2]})
    assert plain(sent) is not None

    def fail(self, rows):
        raise ZeroDivisionError

    monkeypatch.setattr(type(bundle), "run_rows", fail)
    assert plain(sent) is None
    assert client.post("/predict", content=sent).status_code == 500
    assert "modelwright_model_faults_total 1" in client.get("/metrics").text
