"""A person's function is found in its file, and what is wrong with it is said."""

import sys
from pathlib import Path

import pytest

from modelwright.errors import BriefError
from modelwright.tasks.function_name import FunctionName, read_function

PARSED = {
    "costs.py:cost": ("costs.py", "cost", None),
    "minimize  ../my costs.py:_cost": ("../my costs.py", "_cost", "minimize"),
    " maximize /there/gain.py:gain ": ("/there/gain.py", "gain", "maximize"),
    "minimize __main__:cost.<locals>.inner": ("__main__", "cost.<locals>.inner", "minimize"),
}


@pytest.mark.parametrize(("text", "parts"), PARSED.items())
def test_a_name_is_read_and_written(text, parts):
    name = FunctionName.parse(text)
    assert (name.home, name.function, name.direction) == parts
    assert FunctionName.parse(str(name)) == name


@pytest.mark.parametrize(
    "text", ["rmse", "quantile:0.9", "costs:cost", "costs.py", ":f", "", "a.py:"]
)
def test_other_names_are_no_functions(text):
    assert FunctionName.parse(text) is None


def test_titles():
    titles = {"a.py:cost_per_row": "cost per row", "a.py:<lambda>": "function of your own"}
    for text, title in titles.items():
        assert FunctionName.parse(text).title == title


def test_only_a_file_moves():
    here = FunctionName.parse("minimize costs.py:cost").moved(lambda path: f"../{path}")
    assert str(here) == "minimize ../costs.py:cost"
    inside = FunctionName.parse("minimize notebook:cost")
    assert inside.moved(lambda path: f"../{path}") == inside


def test_a_function_is_read_relative_to_the_folder(tmp_path):
    (tmp_path / "costs.py").write_text("def cost(truth, prediction):\n    return 7\n")
    function = read_function(FunctionName.parse("costs.py:cost"), tmp_path)
    assert function(None, None) == 7
    absolute = FunctionName.parse(f"{tmp_path}/costs.py:cost")
    assert read_function(absolute, Path("elsewhere")) is function


def test_an_edited_file_is_read_again(tmp_path):
    name = FunctionName.parse("costs.py:cost")
    (tmp_path / "costs.py").write_text("def cost(a, b): return 1")
    assert read_function(name, tmp_path)(0, 0) == 1
    (tmp_path / "costs.py").write_text("def cost(a, b): return 22")
    assert read_function(name, tmp_path)(0, 0) == 22


def test_a_file_may_hold_dataclasses(tmp_path):
    text = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Price:\n    euro: float = 2.0\n"
        "def cost(a, b): return Price().euro\n"
    )
    (tmp_path / "costs.py").write_text(text)
    assert read_function(FunctionName.parse("costs.py:cost"), tmp_path)(0, 0) == 2.0


def test_reading_leaves_the_search_path_as_it_was(tmp_path):
    (tmp_path / "costs.py").write_text("def cost(a, b): return 1")
    before = list(sys.path)
    read_function(FunctionName.parse("costs.py:cost"), tmp_path)
    assert sys.path == before
    assert "costs" not in sys.modules


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (None, "costs.py:cost", "costs.py, which is not there"),
        ("def cost(a, b): pass", "costs.py:csot", "no function 'csot'. Did you mean 'cost'"),
        ("cost = 3", "costs.py:cost", "no function 'cost'. Write it there"),
        ("1 / 0", "costs.py:cost", "raised ZeroDivisionError: division by zero"),
        ("def (", "costs.py:cost", "raised SyntaxError"),
        ("import no_such_module", "costs.py:cost", "raised ModuleNotFoundError"),
        ("raise SystemExit(3)", "costs.py:cost", "raised SystemExit: 3"),
    ],
)
def test_what_is_wrong_is_said(text, name, message, tmp_path):
    if text is not None:
        (tmp_path / "costs.py").write_text(text)
    with pytest.raises(BriefError, match=message):
        read_function(FunctionName.parse(name), tmp_path)
