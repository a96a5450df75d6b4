"""A person's own function is a metric like any other."""

import numpy as np
import pytest
from sklearn import metrics as reference

from modelwright.errors import BriefError, InputError
from modelwright.tasks.intervals import bootstrap_interval, paired_difference
from modelwright.tasks.metrics import METRICS, metric_named, metric_of
from modelwright.tasks.task import Task

BINARY = Task(kind="binary", classes=("no", "yes"))
THREE = Task(kind="multiclass", classes=("a", "b", "c"))
NUMBER = Task(kind="regression")


def mean_error(truth, prediction):
    return float(np.abs(truth - prediction).mean())


def weighed_error(truth, prediction, weight):
    return np.average(np.abs(truth - prediction), weights=weight)


def hits(truth, prediction):
    return np.mean(truth == prediction)


mean_error.direction = weighed_error.direction = "minimize"
hits.takes = "classes"


@pytest.mark.parametrize("function", [mean_error, weighed_error])
def test_scores_and_intervals_as_the_metric_of_the_house(function):
    random = np.random.default_rng(0)
    truth, prediction = random.normal(size=(2, 300))
    own, mae = metric_of(function, NUMBER), METRICS["mae"]
    assert own.score(truth, prediction) == pytest.approx(mae.score(truth, prediction))
    weight = random.integers(0, 4, 300).astype(float)
    assert own.score(truth, prediction, weight) == pytest.approx(
        mae.score(truth, prediction, weight)
    )
    ours, theirs = (
        paired_difference(metric, truth, prediction, prediction + 1, resamples=200)
        for metric in (own, mae)
    )
    assert (ours.value, ours.low) == pytest.approx((theirs.value, theirs.low))


def test_functions_of_scikit_learn_are_metrics():
    random = np.random.default_rng(0)
    truth = random.integers(0, 2, 200)
    positive = np.clip(truth * 0.3 + random.random(200) * 0.7, 0, 1)
    probabilities = np.column_stack([1 - positive, positive])
    own = metric_of(reference.roc_auc_score, BINARY)
    assert own.name.startswith("maximize sklearn.metrics")
    assert own.title == "roc auc score"
    assert own.score(truth, probabilities) == pytest.approx(
        METRICS["roc_auc"].score(truth, probabilities)
    )


def test_probabilities_of_many_classes_come_whole():
    shapes = []

    def look(truth, prediction):
        shapes.append(prediction.shape)
        return 1.0

    metric_of(look, THREE).score(np.arange(6) % 3, np.full((6, 3), 1 / 3))
    assert shapes == [(6, 3)]


def test_attributes_and_the_name_say_what_it_is(tmp_path):
    (tmp_path / "m.py").write_text(
        "def cost(t, p): return 1.0\ncost.takes = 'classes'\ncost.direction = 'minimize'\n"
    )
    metric = metric_named("m.py:cost", BINARY, folder=tmp_path)
    assert (metric.name, metric.takes, metric.direction) == (
        "minimize m.py:cost",
        "classes",
        "minimize",
    )
    # What the brief says goes first.
    assert metric_named("maximize m.py:cost", BINARY, folder=tmp_path).direction == "maximize"
    again = metric_named(metric.name, BINARY, folder=tmp_path)
    assert again.name == metric.name


def test_without_a_folder_nothing_is_run(tmp_path, monkeypatch):
    (tmp_path / "m.py").write_text("raise AssertionError('it was run')")
    monkeypatch.chdir(tmp_path)
    for name in ("m.py:cost", "minimize m.py:cost", f"minimize {tmp_path}/m.py:cost"):
        with pytest.raises(BriefError, match="run only where the brief names"):
            metric_named(name, BINARY)
    with pytest.raises(BriefError, match="run only where the brief names"):
        metric_named("minimize notebook:cost", BINARY, folder=tmp_path)


def test_rows_that_it_gets_cannot_be_changed():
    def greedy(truth, prediction):
        truth -= prediction
        return 0.0

    truth = np.array([1.0, 2.0])
    with pytest.raises(BriefError, match="greedy' raised ValueError"):
        metric_of(greedy, NUMBER).score(truth, truth + 1)
    assert truth.tolist() == [1.0, 2.0]


def test_rows_that_lack_a_class_need_no_score():
    def strict(truth, prediction):
        if len(np.unique(truth)) < 2:
            raise ValueError("only one class")
        return 0.5

    metric = metric_of(strict, BINARY)
    probabilities = np.full((6, 2), 0.5)
    assert np.isnan(metric.score(np.zeros(6, dtype=int), probabilities))
    assert metric.score(np.arange(6) % 2, probabilities) == 0.5
    # A resample may lack a class too.
    truth = np.array([1, *[0] * 40])
    interval = bootstrap_interval(metric, truth, np.full((41, 2), 0.5))
    assert interval.value == 0.5


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (None, "returned nothing"),
        ("0.5", "returned a value of type str"),
        (np.zeros(3), r"returned an array of shape \(3,\)"),
        (1j, "of type complex"),
    ],
)
def test_what_is_no_number_is_refused(returned, message):
    with pytest.raises(BriefError, match=message):
        metric_of(lambda truth, prediction: returned, NUMBER).score(np.arange(3.0), np.arange(3.0))


@pytest.mark.parametrize("returned", [1, True, np.float32(1), np.int64(1), np.array(1.0)])
def test_numbers_of_every_kind_are_taken(returned):
    score = metric_of(lambda truth, prediction: returned, NUMBER).score(
        np.arange(3.0), np.arange(3.0)
    )
    assert type(score) is float
    assert score == 1.0


@pytest.mark.parametrize("returned", [float("nan"), float("inf"), np.float64("-inf")])
def test_what_is_not_finite_is_undefined(returned):
    metric = metric_of(lambda truth, prediction: returned, NUMBER)
    assert np.isnan(metric.score(np.arange(3.0), np.arange(3.0)))
    with pytest.raises(InputError, match="undefined on these 3 rows"):
        bootstrap_interval(metric, np.arange(3.0), np.arange(3.0))


def test_a_fault_in_the_function_is_told():
    with pytest.raises(BriefError, match=r"raised ZeroDivisionError: .*Mend the function"):
        metric_of(lambda truth, prediction: 1 / 0, NUMBER).score(np.arange(3.0), np.arange(3.0))


def test_weights_that_it_does_not_take_are_refused():
    metric = metric_of(mean_error, NUMBER)
    with pytest.raises(BriefError, match=r"takes no weights.*third argument `weight`"):
        metric.score(np.arange(3.0), np.arange(3.0), np.array([0.5, 1.0, 2.0]))


def test_arguments_and_attributes_that_do_not_fit_are_refused():
    def wrong(truth, prediction):
        return 1.0

    with pytest.raises(BriefError, match=r"takes \(truth\), expected \(truth, prediction\)"):
        metric_of(lambda truth: 1.0, NUMBER)
    wrong.direction = "up"
    with pytest.raises(BriefError, match="direction = 'up', expected 'maximize' or 'minimize'"):
        metric_of(wrong, NUMBER)
    wrong.direction, wrong.takes = "maximize", "probabilities"
    with pytest.raises(BriefError, match="takes = 'probabilities', expected 'values' for regr"):
        metric_of(wrong, NUMBER)
