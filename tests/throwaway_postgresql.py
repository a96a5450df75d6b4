"""A throw-away PostgreSQL server, where its programs are installed."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest


@dataclass(frozen=True)
class Server:
    """A server that listens on 127.0.0.1 and on a socket in its folder."""

    folder: Path
    port: int
    user: str = "modelwright"
    password: str = "s3cr@t/#?x"

    def url(self, database: str = "postgres") -> str:
        account = f"{self.user}:{quote(self.password, safe='')}"
        return f"postgresql://{account}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def run_server(user: str = "modelwright") -> Iterator[Server]:
    """Start a server in a folder of its own, or skip the test that asks for it."""
    programs = _programs()
    server = Server(Path(tempfile.mkdtemp(prefix="pg-")), _free_port(), user)
    try:
        account = _account(server.folder)
        _create(server, programs, account)
        listen = ["-h", "127.0.0.1", "-p", str(server.port), "-k", server.folder]
        command = [programs / "postgres", "-D", "data", "-F", *listen]
        with (
            (server.folder / "log").open("w") as log,
            subprocess.Popen(
                command, stdout=log, stderr=log, cwd=server.folder, **account
            ) as process,
        ):
            try:
                _wait(server, process)
                yield server
            finally:
                process.send_signal(signal.SIGINT)
    finally:
        shutil.rmtree(server.folder)


def _programs() -> Path:
    on_path = [Path(found).parent for found in (shutil.which("initdb"),) if found]
    for folder in [*on_path, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    pytest.skip("initdb and postgres (of PostgreSQL) are not installed")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _account(folder: Path) -> dict[str, Any]:
    """Give the folder to nobody when root runs the tests: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _create(server: Server, programs: Path, account: dict[str, Any]) -> None:
    secret = server.folder / "password"
    secret.write_text(server.password)
    if account:
        os.chown(secret, account["user"], account["group"])
    access = ["-U", server.user, "-A", "scram-sha-256", f"--pwfile={secret}"]
    command = [programs / "initdb", "--no-sync", "-D", "data", "-E", "UTF8", *access]
    done = subprocess.run(command, capture_output=True, text=True, cwd=server.folder, **account)
    assert done.returncode == 0, done.stderr


def _wait(server: Server, process: subprocess.Popen[bytes], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while True:
        try:
            server.execute("SELECT 1")
            return
        except psycopg.OperationalError:
            if time.monotonic() > end or process.poll() is not None:
                pytest.fail((server.folder / "log").read_text())
            time.sleep(0.1)
