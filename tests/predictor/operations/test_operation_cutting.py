import re

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from modelwright.learners.foreign.texts import cut_of
from modelwright.predictor.operations.cutting import Cut, cut_for_graph, spelled

_VECTORIZERS = st.builds(
    lambda lengths, analyzer, **told: TfidfVectorizer(
        ngram_range=tuple(sorted(lengths)), analyzer=analyzer, **told
    ),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.sampled_from(["word", "char", "char_wb"]),
    lowercase=st.booleans(),
    strip_accents=st.sampled_from([None, "unicode", "ascii"]),
    stop_words=st.sampled_from([None, "english", ["so"]]),
    token_pattern=st.sampled_from([r"(?u)\b\w\w+\b", r"\w{1,}"]),
)
_TEXTS = st.text(max_size=40) | st.text("aÄé soIS\t\n.", max_size=40)


@given(_TEXTS, _VECTORIZERS)
def test_texts_are_cut_as_scikit_learn_cuts_them(text, vectorizer):
    if vectorizer.analyzer != "word":
        vectorizer.set_params(stop_words=None)
    cut = cut_of(vectorizer)
    assert cut is not None
    tokens = vectorizer.build_analyzer()(text)
    assert [*cut.tokens(text)] == tokens
    told = cut_for_graph(text, [cut, cut])
    assert told.split() == [spelled(each, place) for place in (0, 1) for each in tokens]
    # ASCII alone, of two signs at least, and no two tokens become one.
    assert all(re.fullmatch("[ab][a-zA-Z0-9_]+", each) for each in told.split())
    assert len({*told.split()}) == 2 * len({*tokens})
    assert msgspec.json.decode(msgspec.json.encode(cut), type=Cut) == cut


def test_what_somebody_cuts_by_a_function_of_their_own_is_not_known():
    own = TfidfVectorizer(tokenizer=str.split), TfidfVectorizer(preprocessor=str.upper)
    assert [cut_of(each) for each in (*own, TfidfVectorizer(token_pattern="[a-z]+"))] == [None] * 3
