import pytest

from example_bundle import ROWS


def test_an_endpoint_of_the_models_name_is_invoked(client):
    asked = {"instances": ROWS}
    answered = client.post("/endpoints/left/invocations", json=asked)
    assert answered.json() == client.post("/invocations", json=asked).json()


@pytest.mark.parametrize(("name", "asked", "status"), [("right", ROWS, 404), ("left", [], 400)])
def test_an_error_says_its_sentence_as_the_sdk_reads_it(client, name, asked, status):
    response = client.post(f"/endpoints/{name}/invocations", json={"instances": asked})
    assert response.status_code == status
    assert response.headers["x-amzn-errortype"] == "ValidationError"
    assert response.json()["error"] == response.json()["message"]
