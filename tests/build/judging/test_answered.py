import numpy as np
import pytest

from build_examples import Known, ignore, make_folds, make_rows
from modelwright.build.engine import build_program
from modelwright.build.judging.answered import Answered, judged_share
from modelwright.build.judging.evaluation import Holdout, evaluate
from modelwright.build.question import Question
from modelwright.compute.budget import Budget
from modelwright.tasks.metrics import METRICS

METRIC = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}
COUNT = 900


@pytest.fixture(scope="module", params=METRIC)
def case(request):
    kind = request.param
    training = make_rows(kind)
    question = Question(metric=METRICS[METRIC[kind]], learners=(Known(),))
    built = build_program(
        question, training, make_folds(training), budget=Budget.start(60), report=ignore
    )
    return built, METRICS[METRIC[kind]], make_rows(kind, count=COUNT, seed=7)


def names():
    """Return the name of a day for each row; they come in no order."""
    return np.array([f"day {number % 41}" for number in range(COUNT)], dtype=object)


def cut(rows, groups, ends):
    """Cut rows into pieces."""
    places = np.split(np.arange(COUNT), ends)
    return [(rows.take(each), None if groups is None else groups[each]) for each in places]


def judge(case, pieces, *, share=1.0):
    built, metric, _ = case
    (first, groups), *others = pieces
    holdout = Holdout(rows=first, groups=groups, openings=1, more=lambda: iter(others), share=share)
    return evaluate(built, metric, holdout, budget=Budget.start(1e-9), resamples=200, seed=3)


@pytest.mark.parametrize("groups", [None, names()], ids=["rows", "days"])
def test_every_figure_is_the_same_in_one_piece_and_in_many(case, groups):
    rows = case[2]
    whole = judge(case, cut(rows, groups, []))
    many = judge(case, cut(rows, groups, [300, 301, 520, 520, 899]))
    # Slices are those of the rows in memory.
    figures = "rows", "there", "score", "baseline_score", "gain", "others", "curves", "coverage"
    for name in (*figures, "warned", "warned_right", "positives", "rates"):
        assert getattr(many, name) == getattr(whole, name), name
    assert (many.rows, many.there, many.is_of_part) == (COUNT, COUNT, False)


def test_of_rows_whose_answers_memory_does_not_hold_a_random_part_is_judged(case):
    rows = case[2]
    pieces = cut(rows, names(), [100, 400, 700])
    part, again = judge(case, pieces, share=0.5), judge(case, pieces, share=0.5)
    assert part == again
    assert part.is_of_part
    assert part.there == COUNT
    assert 440 < part.rows < 560  # the first hundred, and half of the others
    assert part.score.low < judge(case, pieces).score.value < part.score.high


def test_names_are_held_as_numbers_in_their_order(case):
    built, _, rows = case
    (first, *more) = cut(rows, names(), [200, 500])
    every = Answered.of(built, first, more, share=1.0, seed=0)
    assert every.groups.dtype == np.int32
    assert every.groups.tolist() == np.unique(names(), return_inverse=True)[1].tolist()


def test_the_share_that_is_judged_falls_with_rows_and_outputs():
    assert judged_share(0, 2, 1) == 1.0
    assert judged_share(10**6, 1, 10**9) == 1.0
    shares = [judged_share(10**8, outputs, 10**9) for outputs in (1, 2, 3, 10)]
    assert shares == sorted(shares, reverse=True)
    assert judged_share(2 * 10**8, 2, 10**9) == pytest.approx(shares[1] / 2)
