import numpy as np
import pytest
from sklearn.metrics import auc, average_precision_score, roc_auc_score

from build_examples import TASKS
from modelwright.build.judging.curves import draw_curves


def binary(count=2_000, seed=0):
    draw = np.random.default_rng(seed)
    likely = np.round(draw.random(count), 2)
    truth = (draw.random(count) < likely).astype(np.int64)
    return truth, np.stack([1 - likely, likely], axis=1)


def curves(kind, truth, answers):
    return {curve.name: curve for curve in draw_curves(TASKS[kind], truth, answers)}


def test_the_roc_curve_encloses_the_area_and_goes_from_corner_to_corner():
    truth, answers = binary()
    roc = curves("binary", truth, answers)["roc"]
    assert auc(roc.x, roc.y) == pytest.approx(roc_auc_score(truth, answers[:, 1]), abs=1e-3)
    assert (roc.x[0], roc.y[0], roc.x[-1], roc.y[-1]) == (0.0, 0.0, 1.0, 1.0)
    assert list(roc.x) == sorted(roc.x)


def test_the_precision_recall_curve_ends_at_the_share_of_positives():
    truth, answers = binary()
    curve = curves("binary", truth, answers)["precision_recall"]
    steps = np.diff(np.append(0.0, curve.x))
    expected = average_precision_score(truth, answers[:, 1])
    assert float(steps @ np.array(curve.y)) == pytest.approx(expected, abs=0.01)
    assert (curve.x[-1], curve.y[-1]) == pytest.approx((1.0, truth.mean()))


def test_calibrated_answers_lie_on_the_diagonal():
    for kind, (truth, answers) in (("binary", binary(20_000)), ("multiclass", _three(20_000))):
        curve = curves(kind, truth, answers)["calibration"]
        assert len(curve.x) == len(curve.y) == 10
        assert curve.y == pytest.approx(curve.x, abs=0.05)


def _three(count):
    draw = np.random.default_rng(0)
    answers = draw.dirichlet([1.0, 1.0, 1.0], size=count)
    return np.array([draw.choice(3, p=row) for row in answers]), answers


def test_numbers_are_scattered():
    truth = np.arange(1_000.0)
    curve = curves("regression", truth, truth[:, None] + 1)["residuals"]
    assert len(curve.x) == len(curve.y) == 400
    assert np.subtract(curve.x, curve.y) == pytest.approx(1.0)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_rows_and_one_class_have_what_there_is(count):
    truth, answers = binary(count)
    for only in (np.zeros_like(truth), np.ones_like(truth)):
        found = curves("binary", only, answers)
        assert set(found) == {"calibration"}
        assert len(found["calibration"].x) == count
    assert len(curves("regression", answers[:, 0], answers[:, :1])["residuals"].x) == count
