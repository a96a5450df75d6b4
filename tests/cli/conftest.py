import json
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from modelwright.cli.main import main
from orders_example import finished_folder


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The last line on standard error, which must be all that an error says."""
        lines = self.err.splitlines()
        assert "Traceback" not in self.err
        assert lines[-1].startswith("modelwright: ")
        return lines[-1].removeprefix("modelwright: ")


Call = Callable[..., Done]


@pytest.fixture
def call(monkeypatch, capfd) -> Call:
    """Run a command in this process, as the console would."""

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["modelwright", *map(str, arguments)])
        before = signal.getsignal(signal.SIGTERM)
        capfd.readouterr()
        try:
            with pytest.raises(SystemExit) as left:
                main()
        finally:
            signal.signal(signal.SIGTERM, before)
        return Done(int(left.value.code), *capfd.readouterr())

    return run


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty folder, which is the present one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def finished(tmp_path, tmp_path_factory, monkeypatch) -> Path:
    """A folder with orders.csv, later.csv and orders-model, which is the present one."""
    folder = tmp_path / "orders"
    shutil.copytree(finished_folder(tmp_path_factory.getbasetemp()), folder)
    monkeypatch.chdir(folder)
    return folder
