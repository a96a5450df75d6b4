import io
import shutil
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from modelwright.maintain.messages.base import Message, Surroundings
from modelwright.workspace.alarm import Alarm, Sign

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NASTY = "am<ou>nt\nBcc: all@example.org &"


@pytest.fixture
def message() -> Message:
    signs = [
        Sign(kind="unit change", columns=(NASTY,), sentence="In cents.", action="fix input"),
        Sign(kind="concept drift", sentence="Worse than promised."),
    ]
    alarms = [Alarm.open_for(sign, number=at, at=NOW) for at, sign in enumerate(signs, 1)]
    return Message(
        id="m-1",
        made_at=NOW.isoformat(),
        workspace="orders-model",
        target="returned",
        alarms=tuple(alarms),
    )


@pytest.fixture
def surroundings(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path, {"PASSWORD": "s3cret"})


# --- a server that takes JSON ---------------------------------------------------------------


@dataclass
class Web:
    """What a web server was sent, and what it answers."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def answer(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    seen = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.requests.append((dict(self.headers), body))
            status = seen.answer()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", seen.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        seen.url = f"http://127.0.0.1:{server.server_port}/services/s3cret"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield seen
        server.shutdown()
        thread.join()


# --- a server that takes mail ---------------------------------------------------------------


@dataclass
class Post:
    """What a mail server was sent, and how it behaves."""

    port: int = 0
    offers_tls: bool = True
    refuses: str = ""
    commands: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with chain.pem and key.pem for 127.0.0.1."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("certificate")
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "chain.pem"]
    subprocess.run([*make.split(), *names], cwd=folder, check=True, capture_output=True)
    return folder


class Talk(socketserver.BaseRequestHandler):
    """A little of RFC 5321, 3207 and 4954."""

    def handle(self) -> None:
        self.post, self.context, implicit = self.server.behaviour
        self.is_encrypted = False
        self.lines = io.BytesIO()
        with suppress(OSError):
            self.open(encrypt=implicit)
            self.say("220 ready")
            while (line := self.lines.readline().decode().strip()) and line.upper() != "QUIT":
                self.post.commands.append(line)
                self.answer(line, line.split()[0].upper())
            if line:
                self.say("221 bye")
        self.lines.close()
        self.request.close()

    def open(self, *, encrypt: bool) -> None:
        self.lines.close()
        if encrypt:
            self.request = self.context.wrap_socket(self.request, server_side=True)
        self.is_encrypted = encrypt
        self.lines = self.request.makefile("rb")

    def say(self, *lines: str) -> None:
        self.request.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def answer(self, line: str, verb: str) -> None:
        if self.post.refuses and line.upper().startswith(self.post.refuses):
            self.say("535 no" if verb == "AUTH" else "550 no")
        elif verb == "EHLO":
            tls = ["250-STARTTLS"] if self.post.offers_tls and not self.is_encrypted else []
            self.say("250-here", *tls, "250 AUTH PLAIN")
        elif verb == "STARTTLS":
            self.say("220 go on")
            self.open(encrypt=True)
        elif verb == "DATA":
            self.say("354 go on")
            self.take()
            self.say("250 taken")
        else:
            self.say("235 welcome" if verb == "AUTH" else "250 fine")

    def take(self) -> None:
        letter = b""
        while (line := self.lines.readline()) != b".\r\n":
            letter += line
        self.post.letters.append(letter.decode())
        self.post.encrypted.append(self.is_encrypted)


@pytest.fixture(params=[False])
def post(request: pytest.FixtureRequest, certificate: Path) -> Iterator[Post]:
    """A server for mail; with True as parameter it encrypts from the first byte on."""
    seen = Post()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "chain.pem", certificate / "key.pem")
    with socketserver.TCPServer(("127.0.0.1", 0), Talk) as server:
        server.behaviour = (seen, context, request.param)
        seen.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield seen
        server.shutdown()
        thread.join()
