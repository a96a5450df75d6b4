"""Somebody who types what the pages say, in one folder."""

import io
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from docs_blocks import Block, blocks_of
from docs_prepared import PREPARED
from modelwright.cli.main import main
from modelwright.compute.process import free_port
from modelwright.plan import schemes

_NO = 1
"""The exit code of a command whose answer is no."""

_STAYS = re.compile(
    r"(?:\w+=(?:\$\([^)]*\)|\S+) )*(?:modelwright (?:serve|ui)|python -m modelwright\.serving)\b"
)
"""What answers until it is told to end."""

_PLAIN = re.compile(r"modelwright (?!mcp)[^|&;<$`]*")
"""What needs no shell, but perhaps a file for what it says, and no standard input."""

_WHOLE = re.compile(r"^(?:case|export|set|cd) ", re.M)
"""Blocks whose lines belong together."""

_BUNDLE = re.compile(r"returned-[0-9a-f]{12}")


class Reader:
    """Somebody who types what the pages say, in one folder.

    Commands run in this process, because each start takes a second; a shell reads what is more
    than a command.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.names: dict[str, Any] = {"__name__": "__docs__"}
        self._server: subprocess.Popen[str] | None = None
        self._programs = _write_programs(folder / ".programs")

    def read(self, name: str) -> None:
        if name in PREPARED:
            PREPARED[name](self.folder)
        for block in blocks_of(name):
            if block.language == "python":
                exec(compile(self._here(block.text), name, "exec"), self.names)
            else:
                self._type(block)

    def leave(self) -> None:
        if self._server is not None:
            _end(self._server)

    def _here(self, text: str) -> str:
        """Put the port, the bundle and a time for busy machines where the page has examples."""
        if _BUNDLE.search(text):
            bundle = next(self.folder.glob("orders-model/bundles/returned-*"))
            text = _BUNDLE.sub(bundle.name, text)
        text = text.replace("--budget 20s", "--budget 2m")
        return text.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")

    def _type(self, block: Block) -> None:
        if _WHOLE.search(block.text):
            self._shell(self._here(block.text))
            return
        for line in map(self._here, block.lines):
            if _STAYS.match(line):
                self._serve(line)
            elif _PLAIN.fullmatch(line):
                _call(line)
            else:
                self._shell(line)

    def _shell(self, text: str) -> None:
        done = subprocess.run(
            ["bash", "-c", text],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode <= _NO, f"{text}\n{done.stdout}\n{done.stderr}"

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PATH": f"{self._programs}:{os.environ['PATH']}",
            "CURL_HOME": str(self._programs),
            "TODAY": "new-orders",
        }

    def _serve(self, line: str) -> None:
        """Start what answers; the first server stays, all others have only to start."""
        stays = self._server is None and "serve" in line
        line = re.sub(r"\s+#.*| --port \d+", "", line)
        started = subprocess.Popen(
            ["bash", "-c", f"exec env {line} --port {self.port if stays else free_port()}"],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert started.stdout is not None
        said = started.stdout.readline()
        if stays:
            self._server = started
        else:
            _end(started)
        assert said.startswith(("Serving", "The dashboard is on")), line


def _call(line: str) -> None:
    """Run a command in this process, and put its result into the file that is named."""
    typed, _, file = re.sub(r"\s+#.*", "", line).partition(">")
    kept = io.BytesIO(), io.BytesIO()
    said, told = (io.TextIOWrapper(each, encoding="utf-8", write_through=True) for each in kept)
    before, on_term = sys.argv, signal.getsignal(signal.SIGTERM)
    sys.argv = shlex.split(typed)
    try:
        with redirect_stdout(said), redirect_stderr(told), pytest.raises(SystemExit) as left:
            main()
    finally:
        sys.argv = before
        signal.signal(signal.SIGTERM, on_term)
    out, err = (each.getvalue() for each in kept)
    assert left.value.code in (0, _NO), f"{line}\n{out.decode()}\n{err.decode()}"
    if file:
        Path(file.strip()).write_bytes(out)


def _end(started: subprocess.Popen[str]) -> None:
    started.terminate()
    started.communicate(timeout=30)


def _write_programs(folder: Path) -> Path:
    """Write what a shell finds first: this modelwright, and nothing that would start a service."""
    folder.mkdir()
    python = shlex.quote(sys.executable)
    for name, line in {
        "python": f'exec {python} "$@"',
        "modelwright": f'exec {python} -m modelwright "$@"',
        "systemctl": "true",
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    (folder / ".curlrc").write_text("silent\nfail-with-body\n")
    return folder


@contextmanager
def reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """Read in a folder.

    A plan has few learners, with which a build ends long before its budget.
    """
    monkeypatch.setitem(schemes._SCHEMES, schemes._PORTFOLIO, schemes._SCHEMES[schemes._PAIR])
    monkeypatch.chdir(folder)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    reader = Reader(folder)
    try:
        yield reader
    finally:
        reader.leave()
