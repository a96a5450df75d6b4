"""A throw-away MariaDB server, where its programs are installed."""

import getpass
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import AF_UNIX, socket
from urllib.parse import quote

import pytest

from modelwright.compute.process import free_port

pymysql = pytest.importorskip("pymysql")


@dataclass(frozen=True)
class Server:
    """A server that listens on 127.0.0.1 and on a socket in its folder."""

    folder: Path
    port: int
    user: str = "modelwright"
    password: str = "s3cr@t/#?xé"

    @property
    def socket(self) -> Path:
        return self.folder / "socket"

    def url(self, database: str = "", scheme: str = "mysql") -> str:
        account = f"{self.user}:{quote(self.password, safe='')}"
        return f"{scheme}://{account}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str, database: str | None = None) -> None:
        """Run statements as the user who may do everything."""
        with (
            pymysql.connect(
                user="root", unix_socket=str(self.socket), database=database, autocommit=True
            ) as connection,
            connection.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)


@contextmanager
def run_server() -> Iterator[Server]:
    """Start a server in a folder of its own, or skip the test that asks for it."""
    install, daemon = _program("mariadb-install-db"), _program("mariadbd")
    server = Server(folder=Path(tempfile.mkdtemp(prefix="my-")), port=free_port())
    data = [f"--datadir={server.folder / 'data'}", f"--user={getpass.getuser()}"]
    try:
        _create([install, "--no-defaults", *data])
        listen = ["--bind-address=127.0.0.1", f"--port={server.port}", f"--socket={server.socket}"]
        files = [f"--pid-file={server.folder / 'pid'}", f"--tmpdir={server.folder}"]
        with (
            (server.folder / "log").open("w") as log,
            subprocess.Popen(
                [daemon, "--no-defaults", *data, *listen, *files], stdout=log, stderr=log
            ) as process,
        ):
            try:
                _wait(server, process)
                _grant(server)
                yield server
            finally:
                process.terminate()
    finally:
        shutil.rmtree(server.folder)


def _program(name: str) -> str:
    # Debian keeps the server where only root looks.
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{name} (of MariaDB) is not installed")
    return found


def _create(command: list[str]) -> None:
    plain = ["--auth-root-authentication-method=normal", "--skip-test-db"]
    done = subprocess.run([*command, *plain], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _wait(server: Server, process: subprocess.Popen[bytes], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while True:
        try:
            # PyMySQL leaves a socket open when nobody listens.
            with socket(AF_UNIX) as probe:
                probe.connect(str(server.socket))
            return
        except OSError:
            if time.monotonic() > end or process.poll() is not None:
                pytest.fail((server.folder / "log").read_text())
            time.sleep(0.1)


def _grant(server: Server) -> None:
    server.execute(
        f"CREATE USER {server.user} IDENTIFIED BY '{server.password}'",
        f"GRANT ALL ON *.* TO {server.user}",
    )
