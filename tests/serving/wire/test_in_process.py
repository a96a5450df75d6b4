import asyncio

import msgspec

from example_bundle import ROWS, make_bundle
from modelwright.serving.app import create_app
from modelwright.serving.wire.in_process import Question, ask


def test_the_app_answers_without_a_socket():
    bundle = make_bundle()
    sent = msgspec.json.encode({"rows": ROWS, "ids": ["a", "b", "c", "d"]})
    reply = asyncio.run(ask(create_app(bundle), Question("POST", "/predict", sent)))
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    given = [
        each["probabilities"].values() for each in msgspec.json.decode(reply.body)["predictions"]
    ]
    assert [tuple(each) for each in given] == [case.expected for case in bundle.cases[:4]]


def test_headers_and_queries_are_handed_on():
    app = create_app(make_bundle(), token="long")
    refused = asyncio.run(ask(app, Question("GET", "/v2/models/left?x=1")))
    assert refused.status == 401
    headers = {"Authorization": "Bearer long"}
    assert (
        asyncio.run(ask(app, Question("GET", "/v2/models/left?x=1", headers=headers))).status == 200
    )
