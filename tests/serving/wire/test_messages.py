import gzip
import zlib

import msgspec
import pytest
from starlette.exceptions import HTTPException

from example_bundle import ROWS
from modelwright.serving.limits import USUAL_LIMITS
from modelwright.serving.wire.messages import decode_json_with_nan

SENT = msgspec.json.encode({"rows": ROWS})


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("identity", SENT), ("gzip", gzip.compress(SENT)), ("deflate", zlib.compress(SENT))],
)
def test_a_packed_body_is_unpacked(client, encoding, body):
    response = client.post("/predict", content=body, headers={"Content-Encoding": encoding})
    assert len(response.json()["predictions"]) == len(ROWS)


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("br", SENT, 415),
        ("gzip", SENT, 400),
        ("gzip", gzip.compress(SENT)[:-20], 400),
        ("gzip", gzip.compress(SENT)[:-1], 400),
        ("deflate", zlib.compress(SENT)[:-1], 400),
        ("gzip", gzip.compress(SENT) + b"x", 400),
        ("gzip", gzip.compress(b" " * (USUAL_LIMITS.body_bytes + 1)), 413),
    ],
)
def test_what_cannot_be_unpacked_is_told(client, encoding, body, status):
    response = client.post("/predict", content=body, headers={"Content-Encoding": encoding})
    assert (response.status_code, list(response.json())) == (status, ["error"])


def test_a_wrong_address_and_a_wrong_method_say_what_is_right(client):
    assert "GET /openapi.json" in client.get("/nothing").json()["error"]
    response = client.get("/predict")
    assert response.json() == {"error": "GET is not what this route takes. Send POST."}
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("body", [b'{"a": NaN, "b": "\xed\xa0\x80"}', b'\xef\xbb\xbf{"a": NaN}'])
def test_beside_nan_too_only_utf8_is_read(body):
    with pytest.raises(HTTPException) as refused:
        decode_json_with_nan(body)
    assert refused.value.status_code == 400
