import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.build.certainty.conformal import LEVELS, fit_coverage
from modelwright.predictor.coverage import Ranges, Sets
from modelwright.tasks.task import Task

REGRESSION = Task(kind="regression")
BINARY = Task(kind="binary", classes=("no", "yes"))


def classes(count):
    return Task(kind="multiclass", classes=tuple(range(count)))


def skewed(rows, seed=0):
    """Return numbers that are missed by more, and to one side, the larger the answer is."""
    draw = np.random.default_rng(seed)
    answers = draw.uniform(1, 100, rows)
    return answers + answers * (draw.exponential(0.3, rows) - 0.2), answers[:, None]


def drawn(rows, shares, seed=0, sharpness=2.0):
    """Return classes, and probabilities that are calibrated."""
    draw = np.random.default_rng(seed)
    raw = draw.normal(size=(rows, len(shares))) * sharpness + np.log(shares)
    chances = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    truth = (chances.cumsum(axis=1) < draw.random((rows, 1))).sum(axis=1)
    return truth.clip(max=len(shares) - 1), chances


def fitted(task, truth, answers):
    found = fit_coverage(task, truth, answers)
    assert found.coverage is not None
    found.coverage.check(task)
    assert found.coverage.levels == LEVELS
    return found.coverage


@pytest.mark.parametrize("level", LEVELS)
def test_ranges_hold_new_rows_as_often_as_stated_wherever_the_answer_lies(level):
    ranges = fitted(REGRESSION, *skewed(4_000))
    truth, answers = skewed(40_000, seed=1)
    low, high = ranges.ends(answers, level).T
    held = (low <= truth) & (truth <= high)
    assert held.mean() == pytest.approx(level, abs=0.015)
    order = np.argsort(answers[:, 0])
    assert min(held[part].mean() for part in np.array_split(order, 10)) > level - 0.05


def test_ranges_grow_with_the_answer_and_reach_further_to_the_longer_side():
    ends = fitted(REGRESSION, *skewed(4_000)).ends(np.array([[5.0], [95.0]]), 0.9)
    (low, high), (far_low, far_high) = ends
    assert far_high - far_low > 5 * (high - low)
    assert far_high - 95 > 1.5 * (95 - far_low)


@pytest.mark.parametrize("rows", [50, 100, 150, 399, 400, 1000])
def test_small_samples_are_covered_on_average(rows):
    shares = []
    for seed in range(40):
        draw = np.random.default_rng(seed)
        truth = draw.standard_t(3, size=rows)
        ranges = fitted(REGRESSION, truth, draw.normal(size=(rows, 1)))
        new, answers = draw.standard_t(3, size=2_000), draw.normal(size=(2_000, 1))
        low, high = ranges.ends(answers, 0.9).T
        shares.append(((low <= new) & (new <= high)).mean())
    assert 0.89 < np.mean(shares) < 0.93


@pytest.mark.parametrize(("rows", "bands"), [(100, 1), (399, 1), (400, 2), (3_000, 15), (9e4, 20)])
def test_bands_hold_two_hundred_rows_and_are_twenty_at_most(rows, bands):
    truth, answers = skewed(int(rows))
    assert len(fitted(REGRESSION, truth, answers).edges) + 1 == bands
    assert f" in {bands} band" in fit_coverage(REGRESSION, truth, answers).reason


def test_answers_that_repeat_share_bands():
    answers = np.repeat([1.0, 2.0, 3.0], [900, 50, 1_000])[:, None]
    truth = answers[:, 0] + np.tile([-0.5, 0.5], 975)
    # Fifty rows are too few for a band of their own.
    assert fitted(REGRESSION, truth, answers).edges.tolist() == [3.0]
    same = fitted(REGRESSION, truth, np.full((1_950, 1), 7.0))
    assert (len(same.edges), same.ends(np.array([[7.0]]), 0.9).shape) == (0, (1, 2))


@pytest.mark.parametrize("answer", [1.2, 0.1, 1 / 3, 1e-9, 1e9 / 7, 7.3e15])
def test_a_truth_on_the_end_of_a_range_is_held(answer):
    truth = answer + np.tile([-3.0, 0.7, 3.3], 200)
    ranges = fitted(REGRESSION, truth, np.full((600, 1), answer))
    low, high = ranges.ends(np.full((600, 1), answer), 0.8).T
    assert ((low <= truth) & (truth <= high)).all()


def test_a_range_ends_at_zero_where_no_truth_lies_below():
    truth, answers = skewed(1_000)
    assert fitted(REGRESSION, truth, answers).floor == 0.0
    assert fitted(REGRESSION, truth - 90, answers - 90).floor is None


def test_perfect_answers_have_ranges_without_width():
    truth = np.arange(1_000.0)
    ends = fitted(REGRESSION, truth, truth[:, None]).ends(np.array([[5.0]]), 0.95)
    assert ends.tolist() == [[5.0, 5.0]]


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.97, 0.03), (0.7, 0.2, 0.1)])
@pytest.mark.parametrize("level", LEVELS)
def test_sets_hold_the_rows_of_each_class_as_often_as_stated(shares, level):
    task = BINARY if len(shares) == 2 else classes(len(shares))
    sets = fitted(task, *drawn(8_000, shares))
    truth, answers = drawn(40_000, shares, seed=1)
    held = sets.holding(answers, answers.argmax(axis=1), level)
    assert held.any(axis=1).all()
    right = held[np.arange(len(truth)), truth]
    for label in range(len(shares)):
        # More than stated where the answer itself is right more often.
        assert right[truth == label].mean() > level - 0.06


def test_surer_sets_are_larger():
    sets = fitted(classes(3), *drawn(3_000, (0.7, 0.2, 0.1)))
    assert (np.diff(sets.thresholds, axis=0) <= 0).all()


def test_rare_classes_share_a_threshold():
    truth = np.repeat(np.arange(6), [400, 300, 60, 49, 12, 0])
    answers = np.random.default_rng(0).dirichlet(np.ones(6), len(truth))
    found = fit_coverage(classes(6), truth, answers)
    assert found.reason.endswith("for each class by itself, 3 rare ones together")
    thresholds = found.coverage.thresholds[1]
    assert len(set(thresholds[3:])) == 1
    assert len(set(thresholds[:4])) == 4


def test_rare_classes_that_are_few_together_are_joined_by_the_next():
    truth = np.repeat(np.arange(4), [400, 300, 5, 0])
    answers = np.random.default_rng(0).dirichlet(np.ones(4), len(truth))
    thresholds = fitted(classes(4), truth, answers).thresholds[1]
    assert thresholds[1] == thresholds[2] == thresholds[3] != thresholds[0]


def test_a_hundred_rows_of_a_thousand_classes():
    truth = np.arange(100)
    answers = np.full((100, 1_000), 1e-3)
    sets = fitted(classes(1_000), truth, answers)
    assert sets.holding(answers, answers.argmax(axis=1), 0.9).all()


@pytest.mark.parametrize("task", [REGRESSION, BINARY])
def test_few_rows_state_nothing_and_say_why(task):
    found = fit_coverage(task, np.zeros(49, dtype=np.int64), np.full((49, task.n_outputs), 0.5))
    assert (found.coverage, found.reason) == (None, "49 rows are too few, 50 are needed")


def test_an_answer_that_is_not_finite_states_nothing():
    truth, answers = skewed(200)
    answers[3] = np.inf
    assert fit_coverage(REGRESSION, truth, answers).coverage is None


@given(st.integers(50, 700), st.integers(0, 50), st.integers(1, 7))
def test_whatever_the_answers_are_the_table_is_sound(rows, seed, values):
    draw = np.random.default_rng(seed)
    answers = draw.integers(0, values, rows)[:, None].astype(np.float64)
    ranges = fitted(REGRESSION, draw.normal(size=rows) * 10.0 ** draw.integers(-9, 9), answers)
    assert isinstance(ranges, Ranges)
    chances = draw.dirichlet(np.ones(values + 1), rows)
    sets = fitted(classes(values + 1), draw.integers(0, values + 1, rows), chances)
    assert isinstance(sets, Sets)


def test_the_same_rows_give_the_same_table():
    truth, answers = skewed(2_000)
    again = fitted(REGRESSION, truth.copy(), answers.copy())
    assert np.array_equal(again.below, fitted(REGRESSION, truth, answers).below)
