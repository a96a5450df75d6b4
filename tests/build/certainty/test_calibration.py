import numpy as np
import pytest
from msgspec.structs import replace
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from build_examples import TASKS
from modelwright.build.certainty.calibration import choose_calibration
from modelwright.predictor.operations.answers import Isotonic, ScaleLogits
from modelwright.tasks.metrics import METRICS

BINARY, MULTICLASS = TASKS["binary"], TASKS["multiclass"]
LOSS = METRICS["log_loss"]


def binary(count, distort, seed=0):
    """Return truths and answers that are what `distort` makes of the true probabilities."""
    draw = np.random.default_rng(seed)
    likely = expit(draw.normal(scale=1.5, size=count))
    truth = (draw.random(count) < likely).astype(np.int64)
    said = np.clip(distort(likely), 1e-6, 1 - 1e-6)
    return truth, np.stack([1 - said, said], axis=1)


DISTORTIONS = {
    "too sure": lambda p: expit(3 * logit(p)),
    "too timid": lambda p: expit(0.3 * logit(p)),
    "too high": lambda p: expit(logit(p) + 1.5),
}


@pytest.mark.parametrize("count", [300, 2_000, 6_000])
@pytest.mark.parametrize("distort", DISTORTIONS.values(), ids=DISTORTIONS.keys())
def test_miscalibrated_probabilities_get_better_on_new_rows(distort, count):
    calibration = choose_calibration(BINARY, *binary(count, distort), seed=0)
    truth, answers = binary(20_000, distort, seed=1)
    corrected = calibration.apply(answers)
    assert LOSS.score(truth, corrected) < LOSS.score(truth, answers) - 0.01
    assert np.allclose(corrected.sum(axis=1), 1.0)
    assert "lowered the out-of-fold log-loss" in calibration.reason


@pytest.mark.parametrize("count", [250, 2_000, 6_000])
@pytest.mark.parametrize("seed", range(5))
def test_calibrated_probabilities_are_left_alone_or_hardly_changed(count, seed):
    calibration = choose_calibration(BINARY, *binary(count, lambda p: p, seed), seed=seed)
    truth, answers = binary(20_000, lambda p: p, seed=99)
    assert LOSS.score(truth, calibration.apply(answers)) < LOSS.score(truth, answers) + 0.01


def test_most_calibrated_probabilities_have_no_step():
    steps = [
        choose_calibration(BINARY, *binary(1_000, lambda p: p, seed), seed=seed).step
        for seed in range(30)
    ]
    assert sum(step is None for step in steps) >= 22


def test_a_class_with_few_rows_among_many_keeps_its_probability():
    draw = np.random.default_rng(0)
    raw = draw.normal(scale=2.0, size=(4_000, 200))
    raw[:, 0] -= 2.0
    likely = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    truth = (likely.cumsum(axis=1) > draw.random((len(raw), 1))).argmax(axis=1)
    too_sure = likely**2 / (likely**2).sum(axis=1, keepdims=True)
    task = replace(MULTICLASS, classes=tuple(map(str, range(200))))
    calibration = choose_calibration(task, truth, too_sure, seed=0)
    assert calibration.step is not None
    share = calibration.apply(too_sure)[:, 0].mean()
    assert share == pytest.approx(np.mean(truth == 0), rel=0.5)


def test_a_bend_that_no_logit_mends_is_mended_by_isotonic_regression():
    truth, answers = binary(8_000, lambda p: np.where(p < 0.5, 0.3 * p, 0.6 + 0.39 * p))
    calibration = choose_calibration(BINARY, truth, answers, seed=0)
    assert isinstance(calibration.step, Isotonic)
    assert calibration.reason.startswith("isotonic regression")


def test_the_isotonic_step_answers_as_scikit_learn_does():
    truth, answers = binary(6_000, DISTORTIONS["too sure"])
    # Answers in few different steps, so that no knot has to be left out.
    answers = np.round(answers, 2)
    answers[:, 0] = 1 - answers[:, 1]
    calibration = choose_calibration(BINARY, truth, answers, seed=0)
    assert isinstance(calibration.step, Isotonic)
    other = IsotonicRegression(y_min=1e-4, y_max=1 - 1e-4, out_of_bounds="clip")
    other.fit(answers[:, 1], truth)
    new = np.linspace(0, 1, 333)
    ours = calibration.step.run(np.stack([1 - new, new], axis=1))[:, 1]
    assert ours == pytest.approx(other.predict(new), abs=1e-9)


def test_the_logit_step_answers_as_logistic_regression_on_the_logit_does():
    truth, answers = binary(1_000, DISTORTIONS["too sure"])
    calibration = choose_calibration(BINARY, truth, answers, seed=0)
    assert isinstance(calibration.step, ScaleLogits)
    other = LogisticRegression(C=np.inf, tol=1e-10).fit(logit(answers[:, 1:]), truth)
    expected = other.predict_proba(logit(answers[:, 1:]))
    assert calibration.apply(answers) == pytest.approx(expected, abs=1e-3)


def test_many_classes_are_calibrated_by_one_slope_and_biases():
    draw = np.random.default_rng(0)
    raw = draw.normal(size=(2_000, 3))
    likely = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    truth = np.array([draw.choice(3, p=p) for p in likely])
    sure = np.exp(4 * raw) / np.exp(4 * raw).sum(axis=1, keepdims=True)
    calibration = choose_calibration(MULTICLASS, truth, sure, seed=0)
    assert isinstance(calibration.step, ScaleLogits)
    assert calibration.step.slope == pytest.approx(0.25, abs=0.05)
    assert calibration.apply(sure) == pytest.approx(likely, abs=0.05)


def test_probabilities_of_nothing_and_of_all_are_mended():
    truth, answers = binary(1_000, lambda p: np.round(p))
    answers = np.round(answers)
    corrected = choose_calibration(BINARY, truth, answers, seed=0).apply(answers)
    assert LOSS.score(truth, corrected) < 0.7


def test_a_class_that_does_not_occur_does_no_harm():
    truth, answers = binary(1_000, DISTORTIONS["too sure"])
    three = np.concatenate([answers * 0.999, np.full((1_000, 1), 0.001)], axis=1)
    corrected = choose_calibration(MULTICLASS, truth, three, seed=0).apply(three)
    assert np.isfinite(corrected).all()
    assert LOSS.score(truth, corrected) < LOSS.score(truth, three)


@pytest.mark.parametrize(
    ("task", "count", "reason"),
    [(BINARY, 199, "199 rows are too few"), (TASKS["regression"], 500, "a number needs no")],
)
def test_where_there_is_nothing_to_choose_nothing_is_changed(task, count, reason):
    truth, answers = binary(count, DISTORTIONS["too sure"])
    calibration = choose_calibration(task, truth, answers, seed=0)
    assert calibration.step is None
    assert calibration.reason.startswith(reason)
    assert calibration.apply(answers) is answers
