from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.compute.budget import Budget
from modelwright.errors import BudgetError
from modelwright.learners.columns.token_counts import count_shared_tokens, count_tokens
from modelwright.predictor.operations.text import tokens

HOUR = Budget.start(3600)
CUTS = [("word", (1, 2)), ("word", (2, 3)), ("character", (1, 1)), ("character", (3, 5))]
TEXTS = ["late again", "Late, late!", "early again", None, "", "ß ss", "a\ud800b \U0001f6f8x"]
some_texts = st.lists(st.none() | st.text(max_size=20) | st.sampled_from(TEXTS), max_size=9)


def _column(texts):
    return np.array([*texts, None], dtype=object)[:-1]


@pytest.mark.parametrize(("analyzer", "lengths"), CUTS)
@given(texts=some_texts)
def test_counts_are_those_of_the_tokens_one_by_one(analyzer, lengths, texts):
    counts = count_tokens(_column(texts), analyzer, lengths, budget=HOUR)
    plain = [Counter(tokens(text, analyzer, lengths)) if text else Counter() for text in texts]
    assert list(counts.tokens) == sorted(set().union(*plain))
    expected = [[each[token] for token in counts.tokens] for each in plain]
    assert counts.all().toarray().tolist() == expected
    assert counts.all().has_sorted_indices


@pytest.mark.parametrize(("analyzer", "lengths"), CUTS)
def test_tokens_asked_for_may_be_unknown(analyzer, lengths):
    counts = count_tokens(np.array(TEXTS, dtype=object), analyzer, lengths, budget=HOUR)
    asked = (*counts.tokens[::2], "never seen")
    got = counts.of(asked).toarray()
    np.testing.assert_array_equal(got[:, :-1], counts.all().toarray()[:, ::2])
    assert not got[:, -1].any()


@pytest.mark.parametrize(("analyzer", "lengths"), CUTS)
@given(texts=some_texts)
def test_tokens_that_several_texts_have_are_counted_alike(analyzer, lengths, texts):
    column = _column(texts)
    every = count_tokens(column, analyzer, lengths, budget=HOUR)
    some = count_shared_tokens(column, analyzer, lengths, budget=HOUR)
    shared = [
        token for token, spread in zip(every.tokens, every.spread(), strict=True) if spread > 1
    ]
    assert set(shared) <= set(some.tokens) <= set(every.tokens)
    assert list(some.tokens) == sorted(some.tokens)
    np.testing.assert_array_equal(some.of(shared).toarray(), every.of(shared).toarray())


def test_time_is_kept():
    spent = Budget.start(1.0, clock=iter([0.0, 5.0, 5.0]).__next__)
    with pytest.raises(BudgetError):
        count_tokens(np.array(TEXTS, dtype=object), "word", (1, 2), budget=spent)
