"""Speaks HTTP by hand with a listener in the same event loop."""

import asyncio
import threading

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from wire import post, read_answer, with_server


async def _echo(scope, receive, send):
    """Answer with what was sent."""
    request = Request(scope, receive)
    body = await request.body()
    await Response(f"{request.method} {request.url.path} ".encode() + body)(scope, receive, send)


def test_requests_follow_each_other_on_one_connection():
    async def test(served):
        reader, writer = await served.client()
        for number in range(3):
            writer.write(post(b"%d" % number))
            status, headers, body = await read_answer(reader)
            assert (status, body) == (200, b"POST /predict %d" % number)
            assert "date" in headers
            assert "connection" not in headers
        writer.close()

    with_server(_echo, test)


def test_requests_may_be_sent_before_the_answers():
    async def test(served):
        reader, writer = await served.client()
        writer.write(b"".join(post(b"%d" % number) for number in range(5)))
        answers = [(await read_answer(reader))[2] for _ in range(5)]
        assert answers == [b"POST /predict %d" % number for number in range(5)]
        writer.close()

    with_server(_echo, test)


def test_before_the_end_clients_are_told_to_come_again_by_another_connection():
    async def test(served):
        served.listener.ends = lambda: True
        reader, writer = await served.client()
        writer.write(post(b"1"))
        assert b"\r\nconnection: close\r\n" in await reader.read()

    with_server(_echo, test, at_once=_known_at_once)


def _known_at_once(head, body: bytes) -> bytes | None:
    """Answer a body of digits, fail at one of dots, and leave all others to the app."""
    if body.isdigit():
        return b"content-length: %d\r\nfor: %b\r\n\r\n%b" % (len(body), head.named[b"host"], body)
    if body == b".":
        raise KeyError
    return None


def test_some_requests_are_answered_while_they_are_read():
    async def test(served):
        reader, writer = await served.client()
        sent = (b"1", b"2", b"a", b"3", b".", b"4")
        writer.write(b"".join(map(post, sent)))
        answers = [await read_answer(reader) for _ in sent]
        fault = (500, b'{"error":"The server failed."}')
        told = [
            (200, b"1"),
            (200, b"2"),
            (200, b"POST /predict a"),
            (200, b"3"),
            fault,
            (200, b"4"),
        ]
        assert [(status, body) for status, _, body in answers] == told
        assert answers[0][1]["for"] == "here"
        assert all("date" in headers for _, headers, _ in answers)
        # Who asks for the last time is told so, which takes the usual way.
        writer.write(post(b"5", "Connection: close"))
        assert (await reader.read()).endswith(b"connection: close\r\n\r\nPOST /predict 5")
        assert served.listener.room.empty

    served = with_server(_echo, test, at_once=_known_at_once)
    # The app does not answer again what may have been logged already.
    assert [type(fault) for fault in served.faults] == [KeyError]


def test_answers_that_nobody_reads_do_not_pile_up():
    begun = []
    answer = b"content-length: 65536\r\n\r\n" + bytes(65536)

    def long_answer(head, body):
        begun.append(body)
        return answer

    async def test(served):
        reader, writer = await served.client()
        writer.transport.pause_reading()
        writer.write(post(b"1") * 400)
        for _ in range(50):
            await asyncio.sleep(0)
        await served.rest()
        assert 0 < len(begun) < 400
        writer.transport.resume_reading()
        for _ in range(400):
            assert (await read_answer(reader))[0] == 200
        assert len(begun) == 400

    with_server(_echo, test, at_once=long_answer)


def test_requests_that_wait_for_others_of_their_client_do_not_pile_up():
    async def test(served):
        reader, writer = await served.client()
        sent = post(b"1" * 1000)
        writer.write(sent * 4000)
        connection = await served.connection()
        for _ in range(4000):
            assert (await read_answer(reader))[0] == 200
            assert len(connection._buffer) <= 2 * (1 << 18) + len(sent)
        assert not connection._buffer

    with_server(_echo, test, at_once=_known_at_once)


def test_a_large_body_may_be_sent_before_the_answer_to_the_last_request():
    async def test(served):
        reader, writer = await served.client()
        connection = await served.connection()
        writer.write(post(b"wait") + post(b"x" * 900_000))
        while len(connection._buffer) <= 1 << 18:
            await asyncio.sleep(0.001)
        leave.set()
        for sent in (b"wait", b"x" * 900_000):
            assert (await read_answer(reader))[2] == b"POST /predict " + sent

    async def app(scope, receive, send):
        await leave.wait()
        await _echo(scope, receive, send)

    leave = asyncio.Event()
    with_server(app, test)


def test_whom_there_is_no_room_for_is_told_even_where_answers_come_at_once():
    async def test(served):
        clients = [await served.client() for _ in range(12)]
        for _, writer in clients:
            writer.write(post(b"7"))
        told = [(await read_answer(reader))[0] for reader, _ in clients]
        assert set(told) == {200, 503}
        # One is answered as it comes, and the next of the round waits for its turn.
        assert told.count(200) >= 2

    with_server(_echo, test, at_once=_known_at_once, waiting=1)


def test_a_request_may_come_byte_by_byte():
    async def test(served):
        reader, writer = await served.client()
        for byte in post(b"slow"):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)
        assert (await read_answer(reader))[2] == b"POST /predict slow"
        writer.close()

    with_server(_echo, test)


CLOSE = b"Connection: close\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_unusual_requests_are_answered_too():
    async def test(served):
        chunks = b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
        reader, writer = await served.client()
        writer.write(CHUNKED + chunks + post(b"next"))
        assert (await read_answer(reader))[2] == b"POST / abc"
        assert (await read_answer(reader))[2] == b"POST /predict next"
        writer.write(post(b"ab", "Expect: 100-continue")[:-2])
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        writer.write(b"ab")
        assert (await read_answer(reader))[2] == b"POST /predict ab"
        writer.write(b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).endswith(b"\r\n\r\n")
        old = await served.ask(b"GET /old HTTP/1.0\r\n\r\n")
        assert old.endswith(b"GET /old ")
        proxied = await served.ask(b"GET http://a:1/b?c HTTP/1.1\r\nHost: a\r\n" + CLOSE)
        assert proxied.endswith(b"GET /b ")
        proxied = await served.ask(b"GET http://a HTTP/1.1\r\nHost: a\r\n" + CLOSE)
        assert proxied.endswith(b"GET / ")
        # What Java's client sends; the body must not get lost.
        upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA")
        reader, writer = await served.client()
        writer.write(post(b"java", *upgrade))
        assert (await read_answer(reader))[2] == b"POST /predict java"
        writer.close()

    with_server(_echo, test)


def test_blank_lines_before_a_request_are_passed_over():
    async def test(served):
        reader, writer = await served.client()
        writer.write(b"\r\n" + post(b"1") + b"\r\n\r\n" + post(b"2"))
        answers = [(await read_answer(reader))[2] for _ in range(2)]
        assert answers == [b"POST /predict 1", b"POST /predict 2"]
        for each in (b"\r", b"\n\r", b"\n" + CHUNKED[:5], CHUNKED[5:] + b"0\r\n\r\n"):
            writer.write(each)
            await asyncio.sleep(0.01)
        assert (await read_answer(reader))[2] == b"POST / "
        writer.close()

    with_server(_echo, test)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\r\n\r\nnonsense\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01 no TLS here\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (CHUNKED[:-2] + b"Content-Length: 3\r\n\r\nabc", 400),
        (CHUNKED + b"no number\r\n", 400),
        (CHUNKED.replace(b"chunked", b"gzip"), 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 70_000, 431),
    ],
)
def test_what_is_no_http_is_refused(sent, status):
    async def test(served):
        answered = await served.ask(sent)
        assert answered.startswith(b"HTTP/1.1 %d " % status)
        assert b'{"error":"' in answered

    served = with_server(_echo, test)
    assert served.refused == [status]


def test_who_sends_too_slowly_is_told_and_sent_away():
    async def test(served):
        assert (await served.ask(post(b"body")[:-1])).startswith(b"HTTP/1.1 408 ")
        assert (await served.ask(b"POST / HT")).startswith(b"HTTP/1.1 408 ")
        # Who has asked nothing is sent away without a word.
        assert await served.ask(b"") == b""

    with_server(_echo, test, seconds=0.05, idle_seconds=0.05)


def test_whom_there_is_no_room_for_is_told_at_once():
    inside, leave = threading.Event(), threading.Event()

    async def app(scope, receive, send):
        inside.set()
        await asyncio.to_thread(leave.wait, 20)
        await Response(b"done")(scope, receive, send)

    async def test(served):
        first, second = await served.client(), await served.client()
        first[1].write(post(b""))
        await asyncio.to_thread(inside.wait, 20)
        second[1].write(post(b""))
        while served.listener.room.waiting < 1:
            await asyncio.sleep(0.001)
        reader, writer = await served.client()
        writer.write(post(b""))
        status, headers, body = await read_answer(reader)
        assert (status, headers["retry-after"], b"busy" in body) == (503, "1", True)
        # Whether the server lives is told even now, and over the same connection.
        writer.write(b"GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n")
        leave.set()
        assert (await read_answer(reader))[0] == 200
        for reader, writer in (first, second):
            assert (await read_answer(reader))[0] == 200
            writer.close()

    served = with_server(app, test, waiting=1, at_work=1)
    assert served.refused == [503]


def test_who_asks_again_before_it_may_is_refused_again_and_then_answered():
    inside, leave = threading.Event(), threading.Event()

    async def app(scope, receive, send):
        inside.set()
        await asyncio.to_thread(leave.wait, 20)
        await Response(b"done")(scope, receive, send)

    async def test(served):
        first, (reader, writer) = await served.client(), await served.client()
        first[1].write(post(b""))
        await asyncio.to_thread(inside.wait, 20)
        writer.write(post(b""))
        assert (await read_answer(reader))[0] == 503
        # This one did not wait, and others are still there.
        writer.write(post(b""))
        assert (await read_answer(reader))[0] == 503
        # Once nobody is, it may come as soon as it likes.
        leave.set()
        assert (await read_answer(first[0]))[0] == 200
        status = 503
        while status == 503:
            writer.write(post(b""))
            status = (await read_answer(reader))[0]
        assert status == 200
        first[1].close()
        writer.close()

    served = with_server(app, test, waiting=0, at_work=1)
    assert served.refused[:2] == [503, 503]


def test_who_sends_many_requests_ahead_is_refused_once_and_held_once():
    leave = asyncio.Event()

    async def app(scope, receive, send):
        await leave.wait()
        await _echo(scope, receive, send)

    async def test(served):
        (first, busy), (reader, writer) = await served.client(), await served.client()
        busy.write(post(b""))
        while not served.listener.room.at_work:
            await asyncio.sleep(0.001)
        writer.write(post(b"") * 500)
        assert (await read_answer(reader))[0] == 503
        for _ in range(100):
            await asyncio.sleep(0)
            assert served.listener._cooling <= 1
        leave.set()
        assert (await read_answer(first))[0] == 200

    with_server(app, test, waiting=0, at_work=1)


def test_who_went_away_while_it_was_held_is_let_go():
    leave, faults = asyncio.Event(), []

    async def app(scope, receive, send):
        await leave.wait()
        await _echo(scope, receive, send)

    async def test(served):
        asyncio.get_running_loop().set_exception_handler(lambda _, about: faults.append(about))
        (first, busy), (reader, writer) = await served.client(), await served.client()
        busy.write(post(b""))
        while not served.listener.room.at_work:
            await asyncio.sleep(0.001)
        writer.write(post(b"") + post(b"", "Connection: close"))
        assert (await read_answer(reader))[0] == 503
        writer.close()
        while served.listener.connections > 1 and not faults:
            await asyncio.sleep(0.001)
        leave.set()
        assert (await read_answer(first))[0] == 200

    with_server(app, test, waiting=0, at_work=1)
    assert faults == []


def test_work_for_a_client_that_went_away_is_not_begun():
    begun, leave = [], asyncio.Event()

    async def app(scope, receive, send):
        begun.append(scope["path"])
        await leave.wait()
        await Response(b"done")(scope, receive, send)

    async def test(served):
        reader, writer = await served.client()
        writer.write(post(b"", path="/first"))
        _, impatient = await served.client()
        impatient.write(post(b"", path="/second"))
        while served.listener.room.waiting < 1:
            await asyncio.sleep(0.001)
        impatient.close()
        while not served.abandoned:
            await asyncio.sleep(0.001)
        leave.set()
        await read_answer(reader)
        writer.close()

    with_server(app, test, at_work=1)
    assert begun == ["/first"]


def test_work_is_cancelled_when_its_client_goes_away():
    told = []

    async def app(scope, receive, send):
        try:
            told.append("begun")
            await asyncio.sleep(20)
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    async def test(served):
        _, writer = await served.client()
        writer.write(post(b""))
        while not told:
            await asyncio.sleep(0.001)
        writer.close()
        while len(told) < 2:
            await asyncio.sleep(0.001)

    served = with_server(app, test)
    assert (told, served.faults) == (["begun", "cancelled"], [])


def test_too_many_connections_are_told():
    async def test(served):
        _, first = await served.client()
        await asyncio.sleep(0.01)
        assert (await served.ask(b"")).startswith(b"HTTP/1.1 503 ")
        first.close()

    with_server(_echo, test, connections=1)


def test_a_large_body_is_read_while_it_arrives_and_a_larger_one_is_not_kept():
    async def app(scope, receive, send):
        size = 0
        async for chunk in Request(scope, receive).stream():
            size += len(chunk)
        await Response(b"%d" % size)(scope, receive, send)

    async def test(served):
        answered = await served.ask(post(b"x" * 3_000_000, "Connection: close"))
        assert answered.endswith(b"3000000")
        half = post(b"x" * 800)[:-100]
        waits = await served.client()
        waits[1].write(half)
        await asyncio.sleep(0.01)
        assert (await served.ask(half)).startswith(b"HTTP/1.1 503 ")
        waits[1].close()

    with_server(app, test, body_bytes=1000, held_bytes=1000)


def test_answers_without_a_length_come_in_chunks():
    async def app(scope, receive, send):
        async def parts():
            yield b"one"
            yield b"two"

        await StreamingResponse(parts())(scope, receive, send)

    async def test(served):
        answered = await served.ask(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert answered.endswith(b"\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
        old = await served.ask(b"GET / HTTP/1.0\r\n\r\n")
        assert old.endswith(b"\r\n\r\nonetwo")

    with_server(app, test)


def test_a_fault_is_answered_and_told_and_half_an_answer_is_cut():
    async def app(scope, receive, send):
        if scope["path"] == "/half":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ZeroDivisionError

    async def test(served):
        whole = post(b"", "Connection: close", path="/whole")
        assert (await served.ask(whole)).startswith(b"HTTP/1.1 500 ")
        assert not (await served.ask(post(b"", path="/half"))).endswith(b"0\r\n\r\n")

    served = with_server(app, test)
    assert [type(fault) for fault in served.faults] == [ZeroDivisionError] * 2


def test_what_was_accepted_is_answered_before_the_end():
    async def app(scope, receive, send):
        await asyncio.sleep(0.2)
        await Response(b"done")(scope, receive, send)

    async def test(served):
        clients = [await served.client() for _ in range(6)]
        for _, writer in clients[:5]:
            writer.write(post(b""))
        while served.listener.room.waiting < 3:
            await asyncio.sleep(0.001)
        finishing = asyncio.create_task(served.finish())
        for reader, writer in clients[:5]:
            status, headers, _ = await read_answer(reader)
            assert (status, headers["connection"]) == (200, "close")
            writer.close()
        # Who rested is sent away, and nobody else is let in.
        assert await clients[5][0].read() == b""
        await finishing
        with pytest.raises(ConnectionRefusedError):
            await served.client()

    with_server(app, test, at_work=2)
