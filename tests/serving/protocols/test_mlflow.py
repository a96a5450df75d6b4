from importlib.metadata import version

import pytest


@pytest.mark.parametrize("path", ["/ping", "/health"])
def test_probes_are_answered(client, path):
    response = client.get(path)
    assert (response.status_code, response.json()) == (200, {"live": True, "ready": True})


def test_the_version_is_text(client):
    assert client.get("/version").text == version("modelwright")
