"""The README names commands, options, make targets and pages that exist."""

import re
import shlex
from pathlib import Path

import pytest

import modelwright
from modelwright.cli.main import cli
from orders_example import TARGET, orders

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = [line.split("#")[0].strip() for line in README.splitlines()]
COMMANDS = [line for line in LINES if line.startswith("modelwright ")]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_is_understood(line):
    name, *arguments = shlex.split(line)[1:]
    command = cli.get_command(None, name)
    assert command is not None, line
    command.make_context(name, arguments)


def test_every_make_target_is_there():
    made = set(re.findall(r"^make ([a-z]+)", README, flags=re.MULTILINE))
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert made
    assert made <= set(targets)


def test_every_page_is_there():
    pages = re.findall(r"\]\(([^)#]+)\)", README)
    assert pages
    assert all((ROOT / page).exists() for page in pages)


def test_every_public_name_is_there():
    names = set(re.findall(r"mw\.([A-Za-z_]+)", README))
    assert names <= set(modelwright.__all__)


def test_the_python_block_runs(tmp_path, monkeypatch):
    """With less time, and a small table."""
    monkeypatch.chdir(tmp_path)
    table = orders(200, seed=0).rename({TARGET: "late"})
    table.write_csv("flights.csv")
    X, y = table.drop("late"), table["late"]
    (block,) = re.findall(r"^```python\n(.*?)^```$", README, flags=re.M | re.S)
    names = {"X": X, "y": y, "new_rows": X.head(3)}
    exec(compile(re.sub('budget="[0-9a-z]+"', 'budget="4s"', block), "README.md", "exec"), names)
    assert len(names["mw"].load("late-bundle").predict(X.head(3))) == 3


def test_make_names_tests_that_are_there():
    named = re.findall(r"\btests/[\w./-]*\w(?=[\s:])", (ROOT / "Makefile").read_text())
    assert [each for each in named if not (ROOT / each).exists()] == []
