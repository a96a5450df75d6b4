"""The fenced blocks of the pages, and what is said above those that no reader here runs.

A block of commands or code is run, unless the line above it says why not::

    <!-- not run: it needs a cluster -->
    <!-- run by: tests/engineer/tracking/test_mlflow.py -->
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
FENCE = re.compile(
    r"(?:<!-- (?P<mark>not run|run by): (?P<reason>[^>]+) -->\n)?"
    r"^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.M | re.S,
)
_ASSIGNMENT = re.compile(r"\w+=\S*")
_ENDS = {"|", "||", "&&", ";", ";;", "&", ">", ">>", "<"}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    language: str
    text: str
    mark: str = ""
    reason: str = ""

    @property
    def lines(self) -> list[str]:
        """The lines, those joined that end in a backslash."""
        return [line for line in self.text.replace("\\\n", " ").splitlines() if line.strip()]

    @property
    def commands(self) -> list[list[str]]:
        """The words of each command of a shell, without settings and what follows a pipe."""
        if self.language != "sh":
            return []
        return [words for line in self.lines if (words := words_of(line))]


def words_of(line: str) -> list[str]:
    """Return the words of the first command in a line of a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    words = list(lexer)
    while words and _ASSIGNMENT.fullmatch(words[0]):
        words = words[1:]
    end = next((at for at, word in enumerate(words) if word in _ENDS), len(words))
    return words[:end]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def every_block(name: str) -> list[Block]:
    """Return all fenced blocks of a page."""
    return [
        Block(
            page=name,
            language=found["language"],
            text=found["text"],
            mark=found["mark"] or "",
            reason=found["reason"] or "",
        )
        for found in FENCE.finditer(page(name))
    ]


def blocks_of(name: str) -> list[Block]:
    """Return the blocks of a page that its reader runs."""
    return [
        block
        for block in every_block(name)
        if block.language in ("python", "sh") and not block.mark
    ]
