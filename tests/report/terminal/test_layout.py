"""Lines fit a terminal and stand below each other, in any script."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from modelwright.report.terminal.layout import LABEL, WIDTH, aligned, field

_WORDS = st.text(alphabet="abc 出发é", max_size=120).map(str.strip)


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


@given(st.lists(_WORDS, min_size=1, max_size=4))
def test_a_field_has_one_label(lines: list[str]) -> None:
    first, *rest = field("Label", *lines)
    assert first.startswith("Label")
    assert all(line == "" or line.startswith(" " * LABEL) for line in rest)


@given(st.text(alphabet="abc ", max_size=400))
def test_latin_lines_fit(text: str) -> None:
    assert all(len(line) <= WIDTH for line in field("Label", text))


@given(st.lists(st.tuples(st.text(alphabet="a出", max_size=12), st.just("x")), min_size=1))
def test_columns_stand_below_each_other(rows: list[tuple[str, str]]) -> None:
    assert len({columns(line) for line in aligned(rows)}) == 1


def test_a_long_last_cell_continues_below_itself() -> None:
    first, second = aligned([("gate", "word " * 20)])
    assert second.startswith("      word")
    assert len(first) <= WIDTH - LABEL


def test_nothing_gives_nothing() -> None:
    assert aligned([]) == []
