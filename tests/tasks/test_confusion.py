"""Scores of classes agree with scikit-learn's and work on many matrices at once."""

import numpy as np
import pytest
from sklearn import metrics as reference

from modelwright.tasks import confusion

REFERENCES = {
    confusion.accuracy: reference.accuracy_score,
    confusion.balanced_accuracy: reference.balanced_accuracy_score,
    confusion.macro_f1: lambda t, p, **w: reference.f1_score(t, p, average="macro", **w),
    confusion.mcc: reference.matthews_corrcoef,
    confusion.quadratic_kappa: lambda t, p, **w: reference.cohen_kappa_score(
        t, p, weights="quadratic", **w
    ),
}


@pytest.mark.parametrize("score", REFERENCES, ids=lambda score: score.__name__)
@pytest.mark.parametrize("k", [2, 5])
def test_as_scikit_learn(score, k):
    random = np.random.default_rng(k)
    truth, predicted = random.integers(0, k, (2, 300))
    weight = random.integers(0, 4, 300).astype(float)
    ours = score(confusion.matrix(truth, predicted, weight))
    assert ours == pytest.approx(REFERENCES[score](truth, predicted, sample_weight=weight))


def test_f1_is_of_the_second_class():
    truth, predicted = np.array([0, 1, 1, 1]), np.array([1, 1, 0, 1])
    ours = confusion.f1(confusion.matrix(truth, predicted, np.ones(4)))
    assert ours == pytest.approx(reference.f1_score(truth, predicted))


@pytest.mark.parametrize("score", [*REFERENCES, confusion.f1], ids=lambda score: score.__name__)
def test_many_matrices_at_once(score):
    matrices = np.random.default_rng(0).integers(1, 9, (4, 3, 2, 2)).astype(float)
    together = score(matrices)
    assert together.shape == (4, 3)
    assert together[1, 2] == pytest.approx(float(score(matrices[1, 2])))


@pytest.mark.parametrize(
    ("score", "truth", "predicted", "expected"),
    [
        (confusion.f1, [0, 0], [0, 0], np.nan),
        (confusion.f1, [0, 1], [0, 0], 0.0),
        (confusion.mcc, [0, 1], [0, 0], 0.0),
        (confusion.mcc, [1, 1], [0, 1], np.nan),
        (confusion.balanced_accuracy, [1, 1], [0, 1], 0.5),
        (confusion.quadratic_kappa, [0, 0], [0, 0], np.nan),
        (confusion.accuracy, [], [], np.nan),
        (confusion.macro_f1, [0, 2], [0, 2], 1.0),
    ],
)
def test_absent_classes(score, truth, predicted, expected):
    cells = confusion.matrix(
        np.array(truth, dtype=int), np.array(predicted, dtype=int), np.ones(len(truth))
    )
    np.testing.assert_equal(float(score(cells)), expected)
