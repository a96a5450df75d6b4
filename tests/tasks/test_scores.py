"""Scores of probabilities and numbers agree with scikit-learn's, weights and ties included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from modelwright.tasks import scores

BINARY = {
    scores.roc_auc: reference.roc_auc_score,
    scores.average_precision: reference.average_precision_score,
    scores.log_loss: reference.log_loss,
    scores.brier: reference.brier_score_loss,
}
VALUES = {
    scores.rmse: reference.root_mean_squared_error,
    scores.mae: reference.mean_absolute_error,
    scores.rmsle: reference.root_mean_squared_log_error,
    scores.mape: reference.mean_absolute_percentage_error,
    scores.r2: reference.r2_score,
    scores.poisson_deviance: reference.mean_poisson_deviance,
    scores.pinball: reference.mean_pinball_loss,
}


def _name(function):
    return function.__name__


@pytest.mark.parametrize("prepare", BINARY, ids=_name)
@pytest.mark.parametrize("digits", [1, 17])
def test_binary_as_scikit_learn(prepare, digits):
    random = np.random.default_rng(digits)
    truth = random.integers(0, 2, 400)
    positive = np.round(np.clip(truth * 0.2 + random.random(400) * 0.8, 0.05, 0.95), digits)
    weight = random.integers(0, 4, 400).astype(float)
    ours = prepare(truth, np.column_stack([1 - positive, positive]))(weight)
    assert ours == pytest.approx(BINARY[prepare](truth, positive, sample_weight=weight))


def test_multiclass_as_scikit_learn():
    random = np.random.default_rng(1)
    truth, probabilities = random.integers(0, 4, 300), random.dirichlet(np.ones(4), 300)
    ones = np.ones(300)
    assert scores.log_loss(truth, probabilities)(ones) == pytest.approx(
        reference.log_loss(truth, probabilities)
    )
    assert scores.brier(truth, probabilities)(ones) == pytest.approx(
        reference.brier_score_loss(truth, probabilities)
    )
    assert scores.roc_auc_ovr(truth, probabilities)(ones) == pytest.approx(
        reference.roc_auc_score(truth, probabilities, multi_class="ovr")
    )


@pytest.mark.parametrize("prepare", VALUES, ids=_name)
def test_values_as_scikit_learn(prepare):
    random = np.random.default_rng(0)
    truth = random.lognormal(size=200)
    values, weight = truth * random.lognormal(size=200), random.integers(1, 4, 200).astype(float)
    ours = prepare(truth, values)(weight)
    assert ours == pytest.approx(VALUES[prepare](truth, values, sample_weight=weight))


@pytest.mark.parametrize("level", [0.05, 0.5, 0.9])
def test_pinball_loss_is_least_at_the_quantile(level):
    truth = np.random.default_rng(3).gamma(2.0, size=501)
    answers = np.quantile(truth, [level - 0.04, level, level + 0.04])
    losses = [
        scores.pinball(truth, np.full(501, answer), level=level)(np.ones(501)) for answer in answers
    ]
    assert min(losses) == losses[1]
    assert losses[1] == pytest.approx(
        reference.mean_pinball_loss(truth, np.full(501, answers[1]), alpha=level)
    )


def test_poisson_deviance_of_rates_that_cannot_be():
    truth, ones = np.array([0.0, 0.0, 3.0]), np.ones(3)
    deviance = scores.poisson_deviance(truth, np.array([0.0, -1.0, 3.0]))(ones)
    assert deviance == pytest.approx(0.0, abs=1e-12)
    assert scores.poisson_deviance(truth, np.array([0.0, 0.0, -1.0]))(ones) < 100
    assert np.isnan(scores.poisson_deviance(truth - 1, truth + 1)(ones))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=40
    )
)
def test_a_weight_is_a_number_of_copies(rows):
    truth, score, copies = np.array(rows).T.astype(int)
    probabilities = np.column_stack([1 - score / 5, score / 5])
    repeated = np.repeat(np.arange(len(rows)), copies)
    for prepare in (*BINARY, scores.roc_auc_ovr):
        weighed = prepare(truth, probabilities)(copies.astype(float))
        copied = prepare(truth[repeated], probabilities[repeated])(np.ones(len(repeated)))
        assert weighed == pytest.approx(copied, nan_ok=True)
    weighed = scores.median_absolute_error(truth, score)(copies.astype(float))
    errors = np.abs(score - truth)[repeated]
    assert weighed == pytest.approx(np.median(errors) if len(errors) else np.nan, nan_ok=True)


def test_a_perfect_and_a_reversed_ranking():
    truth, positive = np.array([0, 0, 1]), np.array([0.1, 0.2, 0.3])
    assert scores.roc_auc(truth, np.column_stack([positive, positive]))(np.ones(3)) == 1.0
    assert scores.roc_auc(1 - truth, np.column_stack([positive, positive]))(np.ones(3)) == 0.0


@pytest.mark.parametrize(
    ("prepare", "truth", "prediction"),
    [
        (scores.roc_auc, [0, 0], [[0.9, 0.1], [0.8, 0.2]]),
        (scores.roc_auc, [1, 1], [[0.9, 0.1], [0.8, 0.2]]),
        (scores.average_precision, [0, 0], [[0.9, 0.1], [0.8, 0.2]]),
        (scores.r2, [0.1, 0.1, 0.1], [1.0, 2.0, 3.0]),
        (scores.rmsle, [-2.0, 1.0], [1.0, 1.0]),
        (scores.mape, [0.0, 0.0], [1.0, 1.0]),
    ],
)
def test_an_undefined_score_is_nan(prepare, truth, prediction):
    assert np.isnan(prepare(np.array(truth), np.array(prediction))(np.ones(len(truth))))


def test_one_against_the_rest_leaves_absent_classes_out():
    truth = np.array([0, 1, 0, 1])
    probabilities = np.array([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.6, 0.1, 0.3], [0.3, 0.5, 0.2]])
    assert scores.roc_auc_ovr(truth, probabilities)(np.ones(4)) == 1.0


def test_certainty_that_is_wrong_costs_much_but_not_infinitely():
    assert scores.log_loss(np.array([1]), np.array([[1.0, 0.0]]))(np.ones(1)) == pytest.approx(
        34.5, abs=0.1
    )


def test_negative_predictions_count_as_zero_and_zero_truths_have_no_fraction():
    assert scores.rmsle(np.array([0.0]), np.array([-5.0]))(np.ones(1)) == 0.0
    assert scores.mape(np.array([0.0, 2.0]), np.array([5.0, 1.0]))(np.ones(2)) == 0.5


def test_the_area_of_many_rows_is_drawn_again_as_finely_as_of_few(monkeypatch):
    draw = np.random.default_rng(2)
    score = np.where(draw.random(3_000) < 0.3, 0.4, draw.random(3_000))  # many rows are tied
    truth = (draw.random(3_000) < score).astype(int)
    predicted = np.column_stack([1 - score, score])
    weights = [np.bincount(draw.integers(0, 3_000, 3_000), minlength=3_000) for _ in range(20)]
    fine = [scores.roc_auc(truth, predicted)(weight.astype(float)) for weight in weights]
    whole = scores.roc_auc(truth, predicted)(np.ones(3_000))
    monkeypatch.setattr(scores, "_MANY_ROWS", 1_000)
    monkeypatch.setattr(scores, "_MOST_RUNS", 500)
    # Where one of the classes has few rows each rank counts.
    assert [scores.roc_auc(truth, predicted)(weight.astype(float)) for weight in weights] == fine
    monkeypatch.setattr(scores, "_MANY_OF_EACH", 1_000)
    area = scores.roc_auc(truth, predicted)
    assert area(np.ones(3_000)) == whole
    assert [area(weight.astype(float)) for weight in weights] == pytest.approx(fine, abs=1e-4)
