import unicodedata
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.cells import WHITESPACE
from modelwright.predictor.emitters.onnx.characters import characters_of
from modelwright.predictor.operations.folding import fold, folding
from modelwright.predictor.operations.text import TokenWeights
from onnx_graphs import Steps

VOCABULARY = (
    "late", "again", "don't", "strasse", "ss", "a", "i", "cafe\u0301", "\u0915\u094d\u0937\u093f",
    "\u65e5", "\u65e5\u672c", "\u03c3\u03bf\u03c6\u03bf\u03c2", "o'neil", "x'y'z", "\u0131",
    "i\u0307", "fi", "l", "\uac00\ub098", "\u1100\u1161", "n't", "'", "e\u0301", "5", "1",
    "late again", "again late", "late again don't", "a b", " ", " l", "te ", " a ", "  ", " '",
    "''", "'a", "_", "1\u20442", "", " a", "a ", "LATE", "\ud800", "ain a",
)  # fmt: skip
TEXTS = (
    "", "late again don't be late", "Stra\u00dfe STRASSE \u00df\u1e9e \ufb01 \ufb03 \u00bd",
    "don't 'a' ''b'' x'y'z 'x 'y", "\u0130I \u0131i", "\u03a3\u039f\u03a6\u039f\u03a3 \u03c2.",
    "\u0915\u094d\u0937\u093f \u0915\u093f", "\u65e5\u672c\u8a9e", "\uac00\ub098 \u1100\u1161",
    "\U0001f469\u200d\U0001f4bblate", "a\u00adb la\u200dte", "cafe\u0301 caf\u00e9 CAF\u00c9",
    " \u3000\xa0", "\x00late\x00", "O\uff07NEIL o\u2019neil", "' ' '", "a' b 'c a'", "\ufdfa",
    "\u0663 \u00b2\u00b3 \u2167", "a_b-c.d/e", "\U0001d41a late", "a\u0316\u0300", "'", "a",
    "late " * 600, "late\nagain\r\nlate\tagain", "\u0345\u0390", "\U000e0100a\ufe0fb", "\ud7a3",
)  # fmt: skip
SCHEMA = Schema(columns=(Column(name="note", kind=Kind.TEXT),))


def weights(analyzer: str, lengths: tuple[int, int]) -> TokenWeights:
    draw = np.random.default_rng(len(analyzer))
    return TokenWeights(
        inputs=("column:note",),
        output="out",
        analyzer=analyzer,
        lengths=lengths,
        vocabulary=VOCABULARY,
        rarity=draw.uniform(0.5, 3.0, size=len(VOCABULARY)),
        weights=draw.normal(size=(len(VOCABULARY), 2)),
    )


@cache
def graph_of(analyzer: str, lengths: tuple[int, int]) -> Steps:
    return Steps([weights(analyzer, lengths)], column(["a"]), schema=SCHEMA)


def column(texts) -> dict[str, np.ndarray]:
    return {"note": np.array([*texts], dtype=object)}


@pytest.mark.parametrize("lengths", [(1, 1), (1, 2), (2, 3), (1, 5)])
@pytest.mark.parametrize("analyzer", ["word", "character"])
def test_hostile_texts_are_weighed_as_by_the_interpreter(analyzer, lengths):
    graph = graph_of(analyzer, lengths)
    assert (graph.check(column(TEXTS)) != 0).any()
    for text in TEXTS:
        graph.check(column([text]))


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_forms_of_unicode_are_folded(form):
    texts = [unicodedata.normalize(form, text) for text in TEXTS]
    for analyzer in ("word", "character"):
        graph_of(analyzer, (1, 2)).check(column(texts))


def test_texts_are_cut_where_the_interpreter_cuts_them():
    texts = ["a" * 19_995 + " late", "a" * 19_996 + " late", "🙂" * 19_996 + "late", "x" * 30_000]
    found = graph_of("word", (1, 1)).check(column(texts))
    assert (found != 0).any(axis=1).tolist() == [True, False, True, False]


@given(st.lists(st.text(), min_size=1, max_size=8))
def test_any_text_is_weighed(texts):
    # A reader has stripped what the interpreter gets.
    graph_of("word", (1, 2)).check(column(text.strip(WHITESPACE) for text in texts))


@given(st.lists(st.sampled_from([*VOCABULARY, "'", " ", "É", "\u00ad", "."]), max_size=12))
def test_any_row_of_tokens_is_weighed(tokens):
    text = "".join(tokens).replace("\ud800", "").strip(WHITESPACE)
    for analyzer in ("word", "character"):
        graph_of(analyzer, (1, 2)).check(column([text]))


def test_a_vocabulary_that_no_text_meets_weighs_nothing():
    step = TokenWeights(
        inputs=("column:note",),
        output="out",
        analyzer="word",
        lengths=(1, 1),
        vocabulary=("_", "a b"),
        rarity=np.ones(2),
        weights=np.ones((2, 1)),
    )
    texts = column(["_", "a b"])
    assert not Steps([step], texts, schema=SCHEMA).check(texts).any()


def test_every_folded_character_is_coded_as_it_is_folded():
    table, found = folding(), characters_of("abcdefghijklmnopqrstuvwxyz'0123456789\u0301")
    meant = {code: letter for letter, code in found.letters.items()}
    for character, row in found.rows.items():
        written = fold(character).replace("'", "\0")
        known = "".join(meant.get(code, "?") for code in found.slots[row] if code)
        shown = "".join(
            each if each in found.letters else "?" if table.is_of_words(ord(each)) else " "
            for each in written.replace("\0", "'")
        )
        assert _once(known) == _once(shown), character


def _once(text: str) -> str:
    while "??" in text or "  " in text:
        text = text.replace("??", "?").replace("  ", " ")
    return text
