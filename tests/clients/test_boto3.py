"""The AWS SDK, with this server as the endpoint of SageMaker's runtime."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from conftest import ROWS

CSV = "age,member,job,seen\n" + "".join(
    ",".join(str(value) for value in row.values()) + "\n" for row in ROWS
)
LINES = "\n".join(json.dumps(row) for row in ROWS)


@pytest.fixture(scope="module")
def client(address):
    return boto3.client(
        "sagemaker-runtime",
        endpoint_url=address,
        region_name="eu-west-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
    )


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", json.dumps({"instances": ROWS})),
        ("text/csv", CSV),
        ("text/csv", CSV.partition("\n")[2]),
        ("application/jsonlines", LINES),
    ],
)
def test_every_form_is_answered_in_every_form(client, labels, content_type, body):
    for accept, expected in (
        ("application/json", json.dumps({"predictions": labels}, separators=(",", ":"))),
        ("text/csv", "".join(f"{label}\n" for label in labels)),
        ("application/jsonlines", "".join(f"{json.dumps(label)}\n" for label in labels)),
    ):
        answered = client.invoke_endpoint(
            EndpointName="left", ContentType=content_type, Accept=accept, Body=body
        )
        assert answered["Body"].read().decode() == expected
        assert answered["ContentType"].startswith(accept)


def test_a_parquet_file_is_answered(client, labels, bundles):
    answered = client.invoke_endpoint(
        EndpointName="left",
        ContentType="application/vnd.apache.parquet",
        Body=(bundles / "rows.parquet").read_bytes(),
    )
    assert json.load(answered["Body"]) == {"predictions": labels}


def test_attributes_ask_for_full_answers_and_an_id_names_them(client, expected):
    answered = client.invoke_endpoint(
        EndpointName="left",
        ContentType="text/csv",
        Body=CSV,
        CustomAttributes="answers=full",
        InferenceId="q",
    )
    predictions = json.load(answered["Body"])["predictions"]
    assert predictions == [{**one, "id": f"q-{number}"} for number, one in enumerate(expected)]


@pytest.mark.parametrize(
    ("endpoint", "body", "status", "words"),
    [("left", "{}", 400, "none of the fields"), ("right", "[]", 404, "no endpoint 'right'")],
)
def test_a_refusal_says_why(client, endpoint, body, status, words):
    with pytest.raises(ClientError) as raised:
        client.invoke_endpoint(EndpointName=endpoint, Body=body, ContentType="application/json")
    told = raised.value.response
    assert told["ResponseMetadata"]["HTTPStatusCode"] == status
    assert words in told["Error"]["Message"]
