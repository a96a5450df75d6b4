from dataclasses import dataclass, field
from time import sleep

import numpy as np
import pytest

from build_examples import TASKS, Known, ignore, make_folds, make_rows
from modelwright.build.trials import refit, scored_rows, try_learner, try_learners
from modelwright.compute.budget import Budget
from modelwright.compute.parallel import cores
from modelwright.data.partitions import chain_forward
from modelwright.errors import InputError
from modelwright.learners.base import Fitted, Rows

ROWS = make_rows("regression", count=300)
FOLDS = make_folds(ROWS, folds=12)


def try_all(learners, rows=ROWS, folds=FOLDS, *, seconds=600.0, report=ignore):
    return try_learners(learners, rows, folds, budget=Budget.start(seconds), seed=0, report=report)


@dataclass(frozen=True)
class Watched(Known):
    """Notes the sizes of the rows and the budgets that it is given."""

    seen: list = field(default_factory=list)

    def fit(self, rows, *, check_rows=None, rounds=None, budget, seed, **how):
        self.seen.append((len(rows), budget.seconds, rounds))
        return super().fit(rows, check_rows=check_rows, rounds=rounds, budget=budget, seed=seed)


@dataclass(frozen=True)
class Sleeping(Known):
    """Takes its time."""

    takes_s: float = 0.1

    def fit(self, rows, **how):
        sleep(self.takes_s)
        return super().fit(rows, **how)


@dataclass(frozen=True)
class Refusing(Known):
    def fit(self, rows, **how):
        raise InputError("Such rows cannot be learned from.")


@dataclass(frozen=True)
class Counting(Known):
    """Uses as many rounds as it has rows."""

    def fit(self, rows, *, rounds=None, **how):
        return Fitted(self.program(rows.task), rounds=rounds or len(rows))


def test_answers_come_in_the_order_of_the_rows():
    (outcome,), used = try_all([Known(slope=3.0)])
    assert scored_rows(used).tolist() == list(range(300))
    assert outcome.answers[:, 0] == pytest.approx(3.0 * ROWS.columns["signal"])
    assert outcome.failure == ""
    assert not outcome.cut_short


def test_answers_of_folds_in_time_cover_the_later_rows_only():
    folds = chain_forward(np.random.default_rng(0).permutation(300), 4)
    (outcome,), used = try_all([Known()], folds=folds)
    scored = scored_rows(used)
    assert 0 < len(scored) < 300
    assert outcome.answers[:, 0] == pytest.approx(2.0 * ROWS.columns["signal"][scored])


def test_no_learner_sees_the_rows_that_score_it():
    @dataclass(frozen=True)
    class Remembering(Known):
        def fit(self, rows, *, check_rows=None, **how):
            assert not set(rows.target) & set(check_rows.target)
            return super().fit(rows, check_rows=check_rows, **how)

    (outcome,), _ = try_all([Remembering()])
    assert outcome.answers is not None


def test_a_first_learner_that_is_cut_short_leaves_as_many_folds_as_cores():
    outcomes, used = try_all([Known(needs_s=1e9), Known()])
    assert len(used) == min(cores(), 12)
    assert used == FOLDS[-len(used) :]
    assert outcomes[0].cut_short
    assert {len(each.answers) for each in outcomes} == {len(scored_rows(used))}


def test_a_first_learner_that_is_slow_leaves_as_many_folds_as_cores():
    outcomes, used = try_all([Sleeping(takes_s=0.2), Known()], seconds=0.6)
    assert len(used) == min(cores(), 12)
    assert len(outcomes[1].answers) == len(scored_rows(used))


def test_a_later_learner_that_is_cut_short_keeps_all_folds():
    outcomes, used = try_all([Known(), Known(needs_s=1e9)])
    assert used == FOLDS
    assert [each.cut_short for each in outcomes] == [False, True]


def test_a_learner_that_fails_is_skipped_with_the_reason():
    told = []
    outcomes, used = try_all([Refusing(), Known(least_s=1e9), Known()], report=told.append)
    assert [each.answers is None for each in outcomes] == [True, True, False]
    assert outcomes[0].failure == "Such rows cannot be learned from."
    assert "takes 1000000000.0 s" in outcomes[1].failure
    assert used == FOLDS
    assert "skipped" in told[0]
    assert "Such rows cannot" in told[0]


def test_without_any_that_ends_all_folds_are_left():
    outcomes, used = try_all([Refusing()])
    assert outcomes[0].answers is None
    assert used == FOLDS


def test_learners_share_the_budget_and_keep_time_for_learning_again():
    watched = [Watched(), Watched(), Watched()]
    try_all(watched, seconds=100.0)
    turns = -(-len(FOLDS) // cores())
    first, second, last = (max(seconds for _, seconds, _ in each.seen) for each in watched)
    # Each leaves half of the time to those that wait, the last one a part for learning again.
    assert first < 50.0
    assert turns * second < 50.0
    assert 50.0 < turns * last < 85.0


def test_rounds_are_the_mean_of_the_folds_by_their_size_and_a_little_more():
    folds = chain_forward(np.arange(300), 2)
    (outcome,), _ = try_all([Counting()], folds=folds)
    assert [len(train) for train, _ in folds] == [100, 200]
    assert outcome.rounds == round((100 * 100 + 200 * 200) / 300 * 1.05)
    watched = Watched()
    refit(
        try_learner(watched, ROWS, folds, clock=Budget.start(60), seed=0),
        ROWS,
        budget=Budget.start(60),
        seed=0,
    )
    assert watched.seen[-1][0] == 300
    assert watched.seen[-1][2] is None
    again = refit(outcome, ROWS, budget=Budget.start(60), seed=0)
    assert again.rounds == outcome.rounds


def test_folds_may_lack_classes():
    target = np.zeros(60, dtype=np.int64)
    target[30:] = 1
    target[59] = 2
    rows = make_rows("multiclass", count=60)
    rows = Rows(rows.schema, rows.columns, target, TASKS["multiclass"])
    # The first fold knows one class, the second two; the third occurs only in what they score.
    folds = chain_forward(np.arange(60), 3)
    (outcome,), used = try_all([Known()], rows, folds)
    assert outcome.answers.shape == (len(scored_rows(used)), 3)
    assert outcome.answers.sum(axis=1) == pytest.approx(1.0)
    assert outcome.answers.min() > 0
