import sys
import unicodedata
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.predictor.operations.folding import TABLE, fold, folding

_LONGEST = 4
"""A character that would become more stays itself: every host then has room for it."""
_SYLLABLES = range(0xAC00, 0xD7A4)
"""Of Hangul: eleven thousand, which are mostly written in one."""


def _unseen(code: int) -> bool:
    return (
        unicodedata.category(chr(code)) == "Cf"
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
    )


def _folded(character: str) -> str:
    before, after = "", character
    while before != after:
        before = after
        after = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", after).casefold())
    return after


def _folds() -> dict[int, str]:
    folds = {}
    for code in range(sys.maxunicode + 1):
        if code in _SYLLABLES or 0xD800 <= code < 0xE000:
            continue
        folded = "" if _unseen(code) else _folded(chr(code))
        if folded != chr(code) and len(folded) <= _LONGEST:
            folds[code] = folded
    return folds


def _words() -> list[tuple[int, int]]:
    codes = [
        code
        for code in range(sys.maxunicode + 1)
        if chr(code).isalnum() or unicodedata.category(chr(code)).startswith("M")
    ]
    runs = [[*run] for _, run in groupby(enumerate(codes), lambda each: each[1] - each[0])]
    return [(run[0][1], run[-1][1]) for run in runs]


def table_text() -> str:
    """Return the table as this Python's Unicode has it; it was written so."""
    lines = [f"# Made from Unicode {unicodedata.unidata_version}; tests say how.", "[words]"]
    lines += [f"{first:X} {last:X}" for first, last in _words()]
    lines += ["[folds]"]
    lines += [" ".join(f"{ord(each):X}" for each in (chr(k), *v)) for k, v in _folds().items()]
    return "\n".join(lines) + "\n"


@pytest.mark.skipif(
    unicodedata.unidata_version not in TABLE.read_text("ascii").splitlines()[0],
    reason="this Python has another version of Unicode than the table",
)
def test_the_table_is_what_unicode_says():
    assert TABLE.read_text("ascii") == table_text()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ÉCOLE", "e\u0301cole"),
        ("e\u0301cole", "e\u0301cole"),
        ("Straße", "strasse"),
        ("ﬁn ① Ⅷ", "fin 1 viii"),
        ("İstanbul", "i\u0307stanbul"),
        ("ΔΊΣ", "\u03b4\u03b9\u0301\u03c3"),
        ("a\u00adb\u200dc\ufe0f", "abc"),
        ("हिन्दी", "हिन्दी"),
        ("한글", "한글"),
        ("a_b-c", "a b c"),
        ("don't", "don't"),
        ("\x00\ud800", "  "),
    ],
)
def test_characters_are_folded_alone(text, expected):
    assert fold(text) == expected


@given(st.text())
def test_composed_and_decomposed_texts_are_equal(text):
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", composed)
    hangul = any(ord(each) in _SYLLABLES for each in composed)
    known = unicodedata.normalize("NFC", decomposed) == composed
    if known and not hangul and unicodedata.unidata_version == "14.0.0":
        assert fold(composed) == fold(decomposed)


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_lower_case(text):
    expected = "".join(c.lower() if c.isalnum() or c == "'" else " " for c in text)
    assert fold(text) == expected


def test_no_fold_is_longer_than_hosts_have_room_for():
    assert max(map(len, folding().folds.values())) == _LONGEST
