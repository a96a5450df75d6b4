from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.build.blending.blend import choose_weights, mix
from modelwright.tasks.metrics import METRICS, metric_of
from modelwright.tasks.price import affordable
from modelwright.tasks.task import Task

RMSE, LOG_LOSS, AUC = METRICS["rmse"], METRICS["log_loss"], METRICS["roc_auc"]


def numbers(*columns):
    return [np.asarray(column, dtype=np.float64)[:, None] for column in columns]


def test_a_dear_metric_is_asked_less_and_of_fewer_rows():
    asked = []

    def far(truth, prediction):
        asked.append(len(truth))
        return float(abs(truth - prediction).mean())

    metric = replace(metric_of(far, Task(kind="regression")), direction="minimize")
    truth = np.arange(4_000.0)
    answers = numbers(truth + 1, truth - 1)
    assert choose_weights(metric, truth, answers, seed=0) == (0.5, 0.5)
    usual, asked[:] = list(asked), []
    dear = affordable(metric, 0.02, budget_s=60.0)
    assert choose_weights(dear, truth, answers, seed=0) == (0.5, 0.5)
    assert (set(usual), set(asked)) == ({4_000}, {500})
    assert len(asked) < len(usual)


def test_opposite_errors_are_averaged_away():
    truth = np.arange(10.0)
    answers = numbers(truth + 1, truth - 1, truth + 5)
    assert choose_weights(RMSE, truth, answers, seed=0) == (0.5, 0.5, 0.0)


def test_errors_of_different_size_get_weights_that_cancel_them():
    truth = np.arange(10.0)
    weights = choose_weights(RMSE, truth, numbers(truth + 3, truth - 1), seed=0)
    assert weights == pytest.approx((0.25, 0.75))


def test_the_best_member_stays_alone_when_no_other_helps():
    truth = np.arange(10.0)
    answers = numbers(truth + 2, truth, truth - 2)
    assert choose_weights(RMSE, truth, answers, seed=0) == (0.0, 1.0, 0.0)


def test_of_equal_members_the_first_is_taken():
    truth = np.arange(10.0)
    same = truth + np.tile([1.0, -1.0], 5)
    assert choose_weights(RMSE, truth, numbers(same, same), seed=0) == (1.0, 0.0)


def test_weights_below_a_twentieth_are_dropped():
    truth = np.arange(100.0)
    # One part in 25 would be best, and is not worth running a model for.
    answers = numbers(truth + 1, truth - 24)
    assert choose_weights(RMSE, truth, answers, seed=0) == (1.0, 0.0)


def test_at_most_four_members_stay():
    draw = np.random.default_rng(0)
    truth = draw.normal(size=200)
    answers = numbers(*(truth + draw.normal(size=200) for _ in range(8)))
    assert sum(weight > 0 for weight in choose_weights(RMSE, truth, answers, seed=0)) == 4


@given(
    members=st.integers(1, 6),
    seed=st.integers(0, 1000),
    metric=st.sampled_from([LOG_LOSS, AUC, METRICS["brier"]]),
)
def test_weights_are_shares_and_the_blend_is_never_worse_than_a_member(members, seed, metric):
    draw = np.random.default_rng(seed)
    truth = draw.permutation(np.arange(60) % 2)
    positive = [draw.random(60) for _ in range(members)]
    answers = [np.stack([1 - one, one], axis=1) for one in positive]
    weights = choose_weights(metric, truth, answers, seed=0)
    assert sum(weights) == pytest.approx(1.0)
    assert all(weight == 0 or weight >= 0.05 for weight in weights)
    # Dropping small weights can cost a little of what they gained, never all of it.
    best = max(metric.gain(metric.score(truth, each), 0.0) for each in answers)
    assert metric.gain(metric.score(truth, mix(answers, weights)), 0.0) >= best - 0.01


def test_an_undefined_score_leaves_the_first_member():
    truth = np.zeros(10, dtype=np.int64)
    answers = [np.full((10, 2), 0.5), np.full((10, 2), 0.5)]
    assert choose_weights(AUC, truth, answers, seed=0) == (1.0, 0.0)


def test_many_rows_are_sampled_the_same_way_for_the_same_seed():
    draw = np.random.default_rng(0)
    truth = draw.normal(size=70_000)
    answers = numbers(truth + draw.normal(size=70_000), truth + draw.normal(size=70_000))
    first = choose_weights(RMSE, truth, answers, seed=1)
    assert first == choose_weights(RMSE, truth, answers, seed=1)
    assert first == pytest.approx((0.5, 0.5), abs=0.06)


def test_mix_is_the_weighted_mean_of_members_with_a_weight():
    answers = [np.full((3, 2), 1.0), np.full((3, 2), np.nan), np.full((3, 2), 5.0)]
    assert mix(answers, (0.25, 0.0, 0.75)).tolist() == [[4.0, 4.0]] * 3
