import numpy as np
import pytest

from modelwright.build.certainty.class_weights import learn_weights
from modelwright.tasks.metrics import METRICS, metric_of
from modelwright.tasks.rule import Rule
from modelwright.tasks.task import Task


def answered(count=3_000, shares=(0.8, 0.15, 0.05), *, seed=0, strength=1.0):
    """Return classes that are more or less rare, and calibrated probabilities of them."""
    draw = np.random.default_rng(seed)
    logits = strength * draw.normal(size=(count, len(shares))) + np.log(shares)
    likely = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = (likely.cumsum(axis=1) < draw.random((count, 1))).sum(axis=1)
    return truth.clip(max=len(shares) - 1), likely


@pytest.mark.parametrize("name", ["balanced_accuracy", "macro_f1", "mcc"])
def test_weights_help_rows_that_they_were_not_learned_from(name):
    metric = METRICS[name]
    found = learn_weights(metric, *answered(), seed=0)
    truth, likely = answered(seed=1)
    plain = metric.score(truth, likely.argmax(axis=1))
    weighed = metric.score(truth, Rule(weights=found.weights).choose(likely))
    assert min(found.weights) == 1.0
    assert weighed > plain


def test_calibrated_probabilities_need_no_weights_for_accuracy():
    assert learn_weights(METRICS["accuracy"], *answered(), seed=0).weights == ()


@pytest.mark.parametrize("count", [0, 20, 199])
def test_few_rows_learn_none(count):
    assert learn_weights(METRICS["macro_f1"], *answered(count), seed=0).weights == ()


def test_answers_that_say_nothing_learn_none():
    truth, _ = answered(400)
    noise = answered(400, (0.4, 0.3, 0.3), seed=5)[1]
    assert learn_weights(METRICS["mcc"], truth, noise, seed=0).weights == ()


def test_a_persons_own_function_is_learned_for():
    def mean_recall(y_true, y_pred):
        return float(np.mean([(y_pred[y_true == each] == each).mean() for each in set(y_true)]))

    mean_recall.takes = "classes"
    task = Task(kind="multiclass", classes=("a", "b", "c"))
    found = learn_weights(metric_of(mean_recall, task), *answered(600), seed=0)
    assert found.weights[2] > found.weights[0]


def test_the_same_answers_learn_the_same():
    one, two = (learn_weights(METRICS["macro_f1"], *answered(), seed=3) for _ in range(2))
    assert one == two


def test_of_very_many_classes_weights_are_not_moved_one_by_one(monkeypatch):
    truth, likely = answered(shares=(1 / 101,) * 101)
    monkeypatch.setattr("modelwright.build.certainty.class_weights._one_by_one", None)
    assert not learn_weights(METRICS["macro_f1"], truth, likely, seed=0).gain < 0
