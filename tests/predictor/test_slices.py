import numpy as np
import pytest

from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.slices import score_slices
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.rule import Rule

SCHEMA = Schema(
    columns=(
        Column(name="city", kind=Kind.CATEGORICAL),
        Column(name="shop", kind=Kind.CODED),
        Column(name="name", kind=Kind.CATEGORICAL),
        Column(name="size", kind=Kind.NUMERIC),
    )
)
CITIES = np.array([None] * 100 + ["Bern"] * 400 + ["Chur"] * 99 + ["Genf"] * 200, dtype=object)
COUNT = len(CITIES)


def slices(metric, truth, answers, threshold=0.5):
    columns = {
        "city": CITIES,
        "shop": np.array(["1"] * COUNT, dtype=object),
        "name": np.array([f"n{row}" for row in range(COUNT)], dtype=object),
        "size": np.zeros(COUNT),
    }
    return score_slices(
        METRICS[metric], SCHEMA, columns, truth=truth, answers=answers, rule=Rule(threshold)
    )


def test_the_worst_level_comes_first_and_small_ones_are_left_out():
    truth = np.zeros(COUNT)
    error = np.where(CITIES == "Genf", 5.0, 1.0) * np.tile([1.0, -1.0], COUNT)[:COUNT]
    error[:100] = 2.0
    found = slices("rmse", truth, error[:, None])
    # One level, as many levels as rows, and numbers make no slices; neither do 99 rows.
    assert [(each.column, each.level, each.rows) for each in found] == [
        ("city", "Genf", 200),
        ("city", "(missing)", 100),
        ("city", "Bern", 400),
    ]
    assert [each.score.value for each in found] == pytest.approx([5.0, 2.0, 1.0])


def test_more_is_better_for_other_metrics_and_the_threshold_is_used():
    truth = np.arange(COUNT) % 2
    likely = np.where(truth == 1, 0.3, 0.1)
    likely[CITIES == "Bern"] = 0.1
    answers = np.stack([1 - likely, likely], axis=1)
    found = slices("accuracy", truth, answers, threshold=0.2)
    assert found[0].level == "Bern"
    assert found[0].score.value == pytest.approx(0.5)
    assert found[-1].score.value == 1.0
    counts = found[0].counts
    assert (counts.rows, counts.positives, counts.warned, counts.warned_right) == (400, 200, 0, 0)
    assert found[-1].counts.warned == found[-1].counts.warned_right == found[-1].counts.positives


def test_a_level_on_which_the_score_is_undefined_is_left_out():
    truth = np.where(CITIES == "Bern", 0, np.arange(COUNT) % 2)
    likely = np.random.default_rng(0).random(COUNT)
    found = slices("roc_auc", truth, np.stack([1 - likely, likely], axis=1))
    assert {each.level for each in found} == {"Genf", "(missing)"}
