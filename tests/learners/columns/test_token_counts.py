from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import BudgetError
from modelwright.learners.base import Rows
from modelwright.learners.columns import token_counts
from modelwright.learners.columns.token_counts import count_tokens, counts_of
from modelwright.predictor.operations.text import tokens
from modelwright.tasks.task import Task

HOUR = Budget.start(3600)
CUTS = [("word", (1, 2)), ("word", (2, 3)), ("character", (1, 1)), ("character", (3, 5))]
TEXTS = ["late again", "Late, late!", "early again", None, "", "ß ss", "a\ud800b \U0001f6f8x"]
some_texts = st.lists(st.none() | st.text(max_size=20) | st.sampled_from(TEXTS), max_size=9)


def _rows(texts) -> Rows:
    schema = Schema(columns=(Column(name="note", kind=Kind.TEXT),))
    columns = {"note": np.array([*texts, None], dtype=object)[:-1]}
    return Rows(schema, columns, np.zeros(len(texts)), Task(kind="regression"))


@pytest.mark.parametrize(("analyzer", "lengths"), CUTS)
@given(texts=some_texts)
def test_counts_are_those_of_the_tokens_one_by_one(analyzer, lengths, texts):
    counts = count_tokens(_rows(texts).columns["note"], analyzer, lengths, budget=HOUR)
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


@pytest.mark.parametrize("limit", [10_000, 0])
def test_rows_that_were_taken_have_the_counts_of_their_own(limit, monkeypatch):
    monkeypatch.setattr(token_counts, "MAX_CHARACTERS", limit)
    rows = _rows(TEXTS)
    taken = rows.take(np.array([0, 2, 3, 1])).take(np.array([3, 1]))
    got = counts_of(taken, "note", "character", (3, 5), budget=HOUR)
    alone = count_tokens(taken.columns["note"], "character", (3, 5), budget=HOUR)
    assert len(got) == 2
    np.testing.assert_array_equal(got.of(alone.tokens).toarray(), alone.all().toarray())
    assert (len(got.tokens) > len(alone.tokens)) == (limit > 0)


def test_a_table_is_cut_once_for_all_folds(monkeypatch):
    calls = []

    def counted(texts, *cut, budget):
        calls.append(len(texts))
        return count_tokens(texts, *cut, budget=budget)

    monkeypatch.setattr(token_counts, "count_tokens", counted)
    rows = _rows(TEXTS)
    for fold in range(3):
        counts_of(rows.take(np.array([fold, fold + 1])), "note", "word", (1, 2), budget=HOUR)
    assert calls == [len(TEXTS)]


def test_time_is_kept():
    spent = Budget.start(1.0, clock=iter([0.0, 5.0, 5.0]).__next__)
    with pytest.raises(BudgetError):
        count_tokens(np.array(TEXTS, dtype=object), "word", (1, 2), budget=spent)
