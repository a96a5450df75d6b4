"""MLflow's client of a model's server."""

import json

import numpy as np
import pandas as pd
import pytest
from mlflow.pyfunc.scoring_server.client import ScoringServerClient

from conftest import ROWS

FRAME = pd.DataFrame(ROWS)


@pytest.fixture(scope="module")
def client(netloc) -> ScoringServerClient:
    host, port = netloc.split(":")
    return ScoringServerClient(host, int(port))


def test_the_server_answers_and_says_its_version(client):
    client.wait_server_ready(timeout=10)
    assert client.get_version()[0].isdigit()


def test_a_frame_is_answered(client, labels):
    answered = client.invoke(FRAME)
    assert answered.get_predictions()[0].tolist() == labels
    shuffled = client.invoke(FRAME[["seen", "job", "member", "age"]])
    assert shuffled.get_predictions("ndarray").tolist() == labels


def test_missing_values_of_a_frame_are_read(client):
    missing = pd.DataFrame({"age": [np.nan, 39.0], "job": [None, "clerk"]})
    assert len(client.invoke(missing).get_predictions()) == 2


def test_an_array_and_a_list_are_answered_by_position(client, labels):
    assert client.invoke(FRAME.to_numpy()).get_predictions("ndarray").tolist() == labels
    assert client.invoke(ROWS).get_predictions("ndarray").tolist() == labels
    columns = json.dumps({"inputs": FRAME.to_dict(orient="list")})
    assert client.invoke(columns).get_predictions("ndarray").tolist() == labels


def test_parameters_ask_for_probabilities(client, chances):
    answered = client.invoke(FRAME, params={"answers": "probabilities"})
    assert answered.get_predictions("ndarray").tolist() == chances


def test_a_refusal_says_why(client):
    with pytest.raises(Exception, match=r"error code 400.*There is no field 'agee'"):
        client.invoke(pd.DataFrame({"agee": [1]}))
