import time

import numpy as np
import pytest

from modelwright.errors import BudgetError
from modelwright.tasks.metrics import METRICS, metric_of
from modelwright.tasks.price import (
    FEWEST_RESAMPLES,
    affordable,
    priced,
    scores_s,
    seconds_a_score,
)
from modelwright.tasks.task import Task
from plan_examples import made, plan_of

BINARY = Task(kind="binary", classes=("no", "yes"))
TRUTH = np.array([0, 1] * 50)


@pytest.mark.parametrize("takes", ["classes", "probabilities"])
def test_a_score_of_all_rows_is_timed(takes):
    ticks = iter([3.0, 4.5, 5.0, 5.5])
    asked = []

    def share(truth, prediction):
        asked.append(prediction.shape)
        return 0.5

    share.takes = takes
    metric = metric_of(share, BINARY)
    assert seconds_a_score(metric, TRUTH, BINARY, clock=lambda: next(ticks)) == 0.5
    assert asked == [(100,)] * 2


@pytest.mark.parametrize("task", [BINARY, Task(kind="regression")])
def test_a_function_that_no_perfect_or_even_prediction_has_is_timed_too(task):
    def sharpness(truth, prediction):
        far = abs(truth - prediction).mean()
        assert 0 < far != 0.5
        return 1 / far

    found = priced(metric_of(sharpness, task), TRUTH, task, budget_s=60.0)
    assert found.name.endswith("sharpness")


def test_the_dearer_the_fewer_resamples():
    metric = METRICS["accuracy"]
    assert affordable(metric, 0.0, budget_s=1.0) is metric
    found = [affordable(metric, each, budget_s=60.0) for each in (2e-4, 1e-3, 1.0)]
    assert [each.most_resamples for each in found] == [1000, 250, FEWEST_RESAMPLES]
    assert [scores_s(each, times=2) for each in found] == pytest.approx([0.4, 0.5, 40.0])
    assert scores_s(metric, times=30) == 0.0


def test_what_is_too_dear_is_refused_with_the_time_that_it_takes():
    metric = metric_of(lambda truth, prediction: time.sleep(0.002) or 1.0, BINARY)
    with pytest.raises(BudgetError, match=r"100 rows.*: 4 s are too short. Give \d+ s,"):
        priced(metric, TRUTH, BINARY, budget_s=4.0)
    found = priced(metric, TRUTH, BINARY, budget_s=60.0)
    assert found.score_s > 0.002
    assert priced(METRICS["accuracy"], TRUTH, BINARY, budget_s=1e-6) is METRICS["accuracy"]


def test_a_plan_remembers_what_its_metric_costs(tmp_path):
    (tmp_path / "own.py").write_text(
        "import time\n\n"
        "def far(truth, prediction):\n"
        "    time.sleep(0.001)\n"
        "    return float(abs(truth - prediction).mean())\n"
    )
    brief = {"metric": "minimize own.py:far", "folder": tmp_path}
    plan = plan_of(made(), budget_s=20.0, **brief)
    assert plan.score_s > 0.001
    assert FEWEST_RESAMPLES <= plan.metric_in(tmp_path).most_resamples < 200
    with pytest.raises(BudgetError, match=r"own\.py:far.* 2 s are too short"):
        plan_of(made(), budget_s=2.0, **brief)
    assert plan_of(made(), metric="mae").score_s == 0.0
