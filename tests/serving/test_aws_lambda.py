import base64
import sys

import msgspec
import pytest

from example_bundle import ROWS, make_bundle
from modelwright.errors import InputError
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.serving.app import create_app
from modelwright.serving.aws_lambda import handle, main


@pytest.fixture
def app():
    return create_app(make_bundle())


def test_an_event_is_a_row_or_rows(app):
    expected = [case.expected for case in make_bundle().cases[:4]]
    one = handle(ROWS[0], app)
    assert tuple(one["predictions"][0]["probabilities"].values()) == expected[0]
    many = handle({"rows": ROWS}, app)
    assert [tuple(each["probabilities"].values()) for each in many["predictions"]] == expected


def test_a_wrong_event_is_refused_with_the_servers_sentence(app):
    with pytest.raises(InputError, match="jbo"):
        handle({"jbo": "cook"}, app)


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ({"requestContext": {"http": {"method": "GET"}}, "rawPath": "/v2/health/ready"}, 200),
        ({"requestContext": {"stage": "prod"}, "httpMethod": "GET", "path": "/prod/v2"}, 200),
        ({"requestContext": {"stage": "v"}, "httpMethod": "GET", "path": "/v2"}, 200),
        ({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/nowhere"}, 404),
        ({"requestContext": {"http": {"method": "POST"}}, "rawPath": "/predict"}, 400),
    ],
)
def test_an_event_may_be_an_http_request(event, status, app):
    assert handle(event, app)["statusCode"] == status


def test_a_body_may_be_encoded(app):
    sent = base64.b64encode(msgspec.json.encode(ROWS[0])).decode()
    event = {
        "requestContext": {"http": {"method": "POST"}},
        "rawPath": "/predict",
        "headers": {"content-type": "application/json"},
        "body": sent,
        "isBase64Encoded": True,
    }
    answer = handle(event, app)
    assert answer["statusCode"] == 200
    assert msgspec.json.decode(answer["body"])["model"] == ""


@pytest.mark.parametrize(
    "asked",
    [
        {"requestContext": {"http": {"method": "POST"}}, "rawQueryString": "id=my%20id"},
        {"requestContext": {}, "queryStringParameters": {"id": "my id"}},
        {"requestContext": {}, "multiValueQueryStringParameters": {"id": ["my id"]}},
        {"requestContext": {"elb": {}}, "queryStringParameters": {"id": "my%20id"}},
    ],
)
def test_the_query_of_an_address_is_heeded(asked, app):
    rows = "my id,job\nA1,cook\n"
    event = {"path": "/predict/batch", "httpMethod": "POST", "body": rows, **asked}
    answer = handle({**event, "multiValueHeaders": {"content-type": ["text/csv"]}}, app)
    assert answer["body"].splitlines()[1].startswith("1,A1,")
    assert answer["multiValueHeaders"]["content-type"] == ["text/csv; charset=utf-8"]


def test_what_is_no_text_is_answered_in_base64(app):
    inputs = [{"name": name, "shape": [1], "datatype": "BYTES", "data": [None]} for name in ROWS[0]]
    asked = {"inputs": inputs, "parameters": {"binary_data_output": True}}
    event = {
        "requestContext": {"http": {"method": "POST"}},
        "rawPath": "/v2/models/%6ceft/infer",
        "body": msgspec.json.encode(asked).decode(),
    }
    answer = handle(event, app)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    assert len(base64.b64decode(answer["body"])) == int(answer["headers"]["content-length"])


@pytest.mark.parametrize(
    "wrong", [{"body": "x", "isBase64Encoded": True}, {"headers": []}, {"path": 1}]
)
def test_an_http_event_that_cannot_be_read_is_refused(wrong, app):
    with pytest.raises(InputError, match=r"event is no HTTP request|no base64"):
        handle({"requestContext": {}, "httpMethod": "POST", **wrong}, app)


def test_outside_of_lambda_it_says_so(tmp_path, monkeypatch, capsys):
    write_bundle(make_bundle(), tmp_path / "b")
    monkeypatch.setattr(sys, "argv", ["aws_lambda", str(tmp_path / "b")])
    monkeypatch.delenv("AWS_LAMBDA_RUNTIME_API", raising=False)
    assert main() == 2
    assert "runs inside AWS Lambda" in capsys.readouterr().err
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1")
    assert main() == 2
    monkeypatch.setattr(sys, "argv", ["aws_lambda", str(tmp_path / "none")])
    assert main() == 2
    assert "no bundle" in capsys.readouterr().err
