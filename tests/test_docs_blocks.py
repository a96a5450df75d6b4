"""Every block of the pages is run or says why not, and is then held against what is there."""

import json
import re
import tomllib
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
import yaml

from docs_blocks import DOCS, PAGES, ROOT, Block, every_block
from modelwright.cli.main import cli
from modelwright.engineer.question.brief_file import brief_of
from test_docs import READ_ELSEWHERE, SHOP

BLOCKS = [
    block for path in PAGES for block in every_block(str(path.relative_to(DOCS))) if block.language
]
MARKED = [block for block in BLOCKS if block.mark]
SHOWN = [
    replace(block, language="sh")
    for path in PAGES
    for block in every_block(str(path.relative_to(DOCS)))
    if not block.language
    and re.match(r"(?:modelwright|python|pip|curl|make|export) ", block.text)
    and not re.search(r"\[OPTIONS\]|\.\.\.$| DATA ", block.text)
]
"""Commands that are only shown: the examples of the help, and what measured the figures."""
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
_READ = {"python", "sh"}
"""What the reader of the pages runs."""
_HELD = {
    "toml": tomllib.loads,
    "json": json.loads,
    "yaml": lambda text: [*yaml.safe_load_all(text)],
}
"""What nobody runs, by what must be able to read it."""


def _named(block: Block) -> str:
    return f"{block.page}: {block.text.splitlines()[0]}"


def test_old_marks_are_gone():
    assert [path.name for path in PAGES if "<!-- not run -->" in path.read_text("utf-8")] == []


@pytest.mark.parametrize("block", BLOCKS, ids=_named)
def test_a_block_is_run_or_says_why_not(block):
    assert block.language in _READ or block.language in _HELD or block.mark
    if block.mark == "run by":
        test = (ROOT / block.reason).read_text(encoding="utf-8")
        assert f"docs/{block.page}" in test, f"{block.reason} does not read {block.page}"
    if block.language in _HELD:
        _HELD[block.language](block.text)
    if block.language == "python":
        compile(block.text, block.page, "exec")


@pytest.mark.parametrize("block", [*MARKED, *SHOWN], ids=_named)
def test_a_command_that_is_not_run_is_understood(block, monkeypatch):
    monkeypatch.setattr(click.Path, "convert", lambda _kind, value, *_: Path(value))
    for words in block.commands:
        if words[0] == "modelwright":
            _understood(words[1:])
        elif words[:2] == ["python", "-m"]:
            assert find_spec(words[2]) is not None
        elif words[0] == "make":
            assert f"\n{words[1]}: " in (ROOT / "Makefile").read_text(encoding="utf-8")
        elif words[:2] == ["pip", "install"]:
            assert {*re.findall(r"\[(\w+)\]", block.text)} <= {*EXTRAS}


def _understood(words: list[str]) -> None:
    """Let the command's own parser read the words, down to the last group, and do nothing."""
    command: click.Command | None = cli
    while isinstance(command, click.Group) and words and words[0] in command.list_commands(None):
        name, *words = words
        command = command.get_command(None, name)
    assert command is not None
    command.make_context("modelwright", words).close()


@pytest.mark.parametrize(
    "block",
    [each for each in BLOCKS if each.language == "toml" and "entry-points" not in each.text],
    ids=_named,
)
def test_a_part_of_a_brief_is_understood(block):
    assert brief_of({"data": "orders.csv", "target": "returned"} | tomllib.loads(block.text))


def test_pages_that_are_read_in_order_are_there():
    assert all((DOCS / name).is_file() for name in (*SHOP, *READ_ELSEWHERE))
