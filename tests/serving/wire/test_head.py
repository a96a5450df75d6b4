import pytest

from modelwright.serving.wire.head import is_whole, read_head


def _head(*lines: str):
    return read_head(bytearray("\r\n".join([*lines, "", ""]).encode("latin-1") + b"body"))


def test_a_plain_head_is_read():
    head = _head(
        "POST /a%20b?c=d HTTP/1.1", "Host: here", "Content-Length: 4", "X-Name:  v\u00e9ry odd "
    )
    assert (head.method, head.path, head.query, head.body_bytes) == ("POST", "/a b", b"c=d", 4)
    assert head.headers[-1] == (b"x-name", "v\u00e9ry odd".encode("latin-1"))
    assert head.keeps_open


def test_a_client_may_ask_once():
    assert not _head("GET / HTTP/1.1", "Host: here", "Connection: close").keeps_open


@pytest.mark.parametrize(
    "lines",
    [
        ("GET / HTTP/1.0", "Host: here"),
        ("GET / HTTP/1.1",),
        ("GET / HTTP/1.1", "Host: a", "Host: b"),
        ("GET http://here/ HTTP/1.1", "Host: here"),
        ("GET  / HTTP/1.1", "Host: here"),
        ("GET / HTTP/1.1", "Host : here"),
        ("GET / HTTP/1.1", "Host: here", " folded"),
        ("GET / HTTP/1.1", "Host: here", "A\nB: c"),
        ("GET / HTTP/1.1", "Host: here", "A: \x00"),
        ("POST / HTTP/1.1", "Host: here", "Content-Length: 4", "Content-Length: 5"),
        ("POST / HTTP/1.1", "Host: here", "Content-Length: 0", "Content-Length: 5"),
        ("POST / HTTP/1.1", "Host: here", "Content-Length: +4"),
        ("POST / HTTP/1.1", "Host: here", "Content-Length: 4", "Transfer-Encoding: chunked"),
        ("POST / HTTP/1.1", "Host: here", "Transfer-Encoding: chunked"),
        ("POST / HTTP/1.1", "Host: here", "Expect: 100-continue"),
        ("GET / HTTP/1.1", "Host: here", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"),
    ],
)
def test_whatever_is_unusual_is_left_to_h11(lines):
    assert _head(*lines) is None


def test_a_part_of_a_head_is_none():
    whole = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
    for size in range(len(whole)):
        assert read_head(bytearray(whole[:size])) is None
        assert not is_whole(bytearray(whole[:size]))
    assert is_whole(bytearray(whole))
    assert read_head(bytearray(whole)).size == len(whole)
