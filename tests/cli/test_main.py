import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from modelwright.cli import main as entry
from modelwright.cli.main import COMMANDS

HEAVY = {
    "adbc_driver_manager",
    "duckdb",
    "lightgbm",
    "matplotlib",
    "msgspec",
    "narwhals",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "scipy",
    "sklearn",
    "starlette",
    "uvicorn",
    "xgboost",
}
"""What takes long to import, and what nobody needs who only wants to read a help text."""


def _imported(statements: str) -> set[str]:
    code = f"{statements}\nimport sys; print('\\n' + ' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["run", "--help"], ["serve", "--help"]]
)
def test_help_imports_nothing_heavy(arguments):
    imported = _imported(
        f"from modelwright.cli.main import cli\ncli({arguments!r}, standalone_mode=False)"
    )
    assert "click" in imported
    assert not imported & HEAVY


def test_importing_the_package_imports_nothing_heavy():
    imported = _imported("import modelwright")
    assert "modelwright" in imported
    assert not imported & (HEAVY | {"click"})


def test_help_lists_every_command(call):
    done = call("--help")
    assert done.code == 0
    for name, sentence in COMMANDS.items():
        assert name in done.out
        assert sentence in done.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_and_json(name, call):
    done = call(name, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: modelwright {name} ")
    assert "Example" in done.out
    assert f"\n    modelwright {name}" in done.out
    # What an agent is told is JSON already.
    assert name == "mcp" or "--json" in done.out


@pytest.mark.parametrize(
    "name",
    [
        *("run", "plan", "explore", "build", "adopt", "deploy", "demo", "predict", "pipeline"),
        *("maintain", "remedy", "retraining", "gameday"),
    ],
)
def test_commands_that_take_a_while_can_be_quiet(name, call):
    assert "--quiet" in call(name, "--help").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["runn"], "There is no command 'runn'. Did you mean 'run'?"),
        (["run", "--tagret", "y"], "No such option '--tagret'"),
        (["show", "plam"], "'plam' is not one of 'plan'"),
        (["predict", "only-one"], "Missing argument 'DATA'"),
        (["serve", "--port", "99999"], "99999 is not in the range"),
        (["run", "--seed", "x"], "'x' is not a valid integer"),
    ],
)
def test_a_wrong_command_line_is_told(arguments, sentence, call):
    done = call(*arguments)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.sentence
    assert "--help" in done.sentence


def test_a_fault_of_ours_leaves_its_trace_in_a_file(call, monkeypatch):
    def fail(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(entry.cli, "main", fail)
    done = call("run")
    assert done.code == 2
    trace = Path(done.sentence.rpartition(": ")[2])
    assert "ZeroDivisionError" in trace.read_text()
    trace.unlink()


def test_a_reader_that_goes_away_is_no_fault(finished):
    command = f"{sys.executable} -m modelwright predict orders-model later.csv"
    done = subprocess.run(
        ["bash", "-c", f"{command} | head -1"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("order_id,")
    assert done.stderr == ""


def test_a_reader_that_never_reads_is_no_fault(finished):
    command = f"{sys.executable} -m modelwright show candidate --json -w orders-model"
    done = subprocess.run(
        ["bash", "-c", f"{command} | true"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_a_terminal_that_lacks_letters_is_no_fault(finished):
    pl.read_csv("later.csv").head(3).with_columns(note=pl.lit("Zürich")).write_csv("few.csv")
    plain = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    run = partial(subprocess.run, capture_output=True, env=plain, check=True)
    module = [sys.executable, "-m", "modelwright"]
    shown = run([*module, "show", "release", "-w", "orders-model"]).stdout
    assert b"?" in shown
    assert "Zürich".encode() in run([*module, "predict", "orders-model", "few.csv"]).stdout
