import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.compute.budget import Budget
from modelwright.learners.columns import vocabulary
from modelwright.learners.columns.token_counts import TokenCounts, count_tokens
from modelwright.learners.columns.vocabulary import MIN_TEXTS, Cut, learn_vocabulary
from modelwright.predictor.operations.text import tokens

TEXTS = np.array(["late again", "Late, late!", "early again", None, "", "ß ss"], dtype=object)
CUTS = [Cut("word", (1, 2), 50), Cut("character", (2, 3), 50), Cut("character", (2, 3), 3)]
some_texts = st.lists(st.none() | st.text(max_size=20) | st.sampled_from(list(TEXTS)), max_size=9)


def _counts(texts, cut: Cut) -> TokenCounts:
    return count_tokens(texts, cut.analyzer, cut.lengths, budget=Budget.start(3600))


@pytest.mark.parametrize("cut", CUTS)
@given(texts=some_texts)
def test_weights_are_those_of_the_operation_to_the_bit(cut, texts):
    learned = learn_vocabulary(_counts(TEXTS, cut), cut)
    asked = np.array([*texts, "late"], dtype=object)
    size = len(learned.tokens)
    step = learned.step("note", np.eye(size))
    assert step.check((1,)) == size
    weighed = learned.weigh(_counts(asked, cut))
    assert weighed.shape == (len(asked), size)
    np.testing.assert_array_equal(weighed.toarray(), step.run(asked))


@pytest.mark.parametrize("cut", CUTS)
def test_a_few_texts_at_a_time_have_the_same_weights(cut, monkeypatch):
    counts = _counts(TEXTS, cut)
    whole = learn_vocabulary(counts, cut).weigh(counts).toarray()
    monkeypatch.setattr(vocabulary, "_TEXTS_AT_ONCE", 2)
    np.testing.assert_array_equal(learn_vocabulary(counts, cut).weigh(counts).toarray(), whole)


@pytest.mark.parametrize("cut", CUTS)
@given(texts=some_texts)
def test_the_vocabulary_is_the_one_that_is_found_token_by_token(cut, texts):
    given_texts = np.array([*texts, *TEXTS], dtype=object)
    spread: dict[str, int] = {}
    for text in given_texts:
        for token in set(tokens(text or "", cut.analyzer, cut.lengths)):
            spread[token] = spread.get(token, 0) + 1
    frequent = [token for token, count in spread.items() if count >= MIN_TEXTS]
    kept = sorted(sorted(frequent, key=lambda token: (-spread[token], token))[: cut.limit])
    found = learn_vocabulary(_counts(given_texts, cut), cut)
    assert found.tokens == tuple(kept)
    known = np.array([spread[token] for token in kept])
    expected = 1.0 + np.log((1 + len(given_texts)) / (1.0 + known))
    np.testing.assert_array_equal(found.rarity, expected)


def test_a_fold_learns_nothing_from_texts_that_it_does_not_have():
    cut = CUTS[0]
    fold = _counts(TEXTS, cut).take(np.array([0, 1, 4]))
    found, alone = (learn_vocabulary(each, cut) for each in (fold, _counts(TEXTS[[0, 1, 4]], cut)))
    assert found.tokens == alone.tokens == ("late",)
    np.testing.assert_array_equal(found.rarity, alone.rarity)


def test_the_limit_keeps_the_tokens_of_most_texts():
    cut = Cut("word", (1, 1), 1)
    assert learn_vocabulary(_counts(TEXTS, cut), cut).tokens == ("again",)


def test_texts_without_tokens_have_an_empty_vocabulary():
    blank = np.array([None, "", "!?"], dtype=object)
    assert learn_vocabulary(_counts(blank, CUTS[0]), CUTS[0]).tokens == ()
