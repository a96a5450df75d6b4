import pytest

from example_bundle import ROWS


def test_a_row_is_explained_without_values_of_others(client):
    found = client.post("/explain", json=ROWS[0]).json()
    assert found["usual"] + sum(part["adds"] for part in found["parts"]) == pytest.approx(
        found["value"]
    )
    assert set(found) == {*("answer", "of", "value", "usual", "method", "parts", "unlike", "model")}


@pytest.mark.parametrize(("body", "status"), [({"ago": 1}, 422), ({"age": [1]}, 422), ([1], 400)])
def test_what_is_no_row_is_refused(client, body, status):
    answer = client.post("/explain", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]
