import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.columns import kept_counts
from modelwright.learners.columns.kept_counts import counts_of
from modelwright.learners.columns.token_counts import count_tokens
from modelwright.tasks.task import Task

HOUR = Budget.start(3600)
TEXTS = ["late again", "Late, late!", "early again", None, "", "ß ss", "a\ud800b \U0001f6f8x"]


def _rows(texts) -> Rows:
    schema = Schema(columns=(Column(name="note", kind=Kind.TEXT),))
    columns = {"note": np.array([*texts, None], dtype=object)[:-1]}
    return Rows(schema, columns, np.zeros(len(texts)), Task(kind="regression"))


@pytest.mark.parametrize("limit", [10_000, 0])
def test_rows_that_were_taken_have_the_counts_of_their_own(limit, monkeypatch):
    monkeypatch.setattr(kept_counts, "MAX_CHARACTERS", limit)
    monkeypatch.setattr(kept_counts, "MAX_SHARED_CHARACTERS", limit)
    rows = _rows(TEXTS)
    taken = rows.take(np.array([0, 2, 3, 1])).take(np.array([3, 1]))
    got = counts_of(taken, "note", "character", (3, 5), budget=HOUR)
    alone = count_tokens(taken.columns["note"], "character", (3, 5), budget=HOUR)
    assert len(got) == 2
    np.testing.assert_array_equal(got.of(alone.tokens).toarray(), alone.all().toarray())
    assert (len(got.tokens) > len(alone.tokens)) == (limit > 0)


def test_of_much_text_only_what_rows_share_is_kept(monkeypatch):
    monkeypatch.setattr(kept_counts, "MAX_CHARACTERS", 0)
    rows = _rows(TEXTS)
    fold = rows.take(np.array([0, 1, 2, 3]))
    taken = counts_of(fold.take(np.array([2, 1])), "note", "word", (1, 1), budget=HOUR)
    assert taken.tokens == ("again", "late")
    assert taken.all().toarray().tolist() == [[1, 0], [0, 2]]


def test_a_table_is_cut_once_for_all_folds(monkeypatch):
    calls = []

    def counted(texts, *cut, budget):
        calls.append(len(texts))
        return count_tokens(texts, *cut, budget=budget)

    monkeypatch.setattr(kept_counts, "count_tokens", counted)
    rows = _rows(TEXTS)
    for fold in range(3):
        counts_of(rows.take(np.array([fold, fold + 1])), "note", "word", (1, 2), budget=HOUR)
    assert calls == [len(TEXTS)]
