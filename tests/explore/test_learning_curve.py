import numpy as np
import polars as pl
import pytest

from modelwright.explore.learning_curve import LearningCurve
from modelwright.tasks.metrics import METRICS

SIZES = np.array([500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0])


def curve_of(errors, metric="rmse", *, noise=0.01, seed=0):
    rng = np.random.default_rng(seed)
    wobble = np.exp(noise * rng.normal(size=(len(errors), 3)))
    return LearningCurve(
        SIZES[-len(errors) :], np.asarray(errors)[:, None] * wobble, METRICS[metric]
    )


def law(stays, falls, rate):
    return lambda rows: stays + falls * np.asarray(rows) ** -rate


LAWS = [law(0.0, 50.0, 0.5), law(1.0, 30.0, 0.4), law(2.0, 0.0, 1.0), law(0.2, 5.0, 0.25)]


@pytest.mark.parametrize("truth", LAWS)
@pytest.mark.parametrize("more", [2, 4, 10])
def test_what_follows_a_law_is_foreseen(truth, more):
    held = [
        curve_of(truth(SIZES), seed=seed).at(8_000 * more).contains(float(truth(8_000 * more)))
        for seed in range(10)
    ]
    assert sum(held) >= 9


def test_the_further_the_less_sure():
    curve = curve_of(LAWS[1](SIZES))
    widths = [curve.at(rows).high - curve.at(rows).low for rows in (8_000, 32_000, 128_000)]
    assert widths == sorted(widths)


def test_scores_that_rise_are_foreseen_on_their_own_scale():
    curve = curve_of(0.5 * SIZES**-0.2, metric="roc_auc")
    foreseen = curve.at(16_000)
    assert curve.measured(-1) < foreseen.value < foreseen.high <= 1.0
    assert curve.growth(8_000, 80_000).value > curve.growth(8_000, 16_000).value > 0


def test_a_build_is_foreseen_to_err_less_and_less_surely():
    curve = curve_of(LAWS[0](SIZES))
    quick, built = curve.at(8_000), curve.built_at(8_000)
    assert built.value < quick.value
    assert built.high / built.low > quick.high / quick.low


def test_the_rows_for_a_score():
    curve = curve_of(LAWS[0](SIZES))
    needed = curve.rows_for(curve.built_at(32_000).value, most=1e6)
    assert needed == pytest.approx(32_000, rel=0.15)
    assert curve.rows_for(1e-9, most=1e6) is None


def test_a_curve_is_measured_on_parts_of_the_rows(subject_for, rng):
    x, z = rng.normal(size=(2, 3_000))
    table = pl.DataFrame({"x": x, "z": z, "y": x * z + 0.1 * rng.normal(size=3_000)})
    curve = LearningCurve.measure(subject_for(table, "y").rehearsal)
    assert curve.sizes.tolist() == [125.0, 250.0, 500.0, 1_000.0, 2_000.0]
    scores = [score for _, score in curve.points]
    assert scores[-1] < scores[0]


def test_few_rows_and_metrics_without_a_best_have_no_curve(subject_for, rng):
    table = pl.DataFrame({"x": rng.normal(size=240), "y": rng.random(240) < 0.5})
    assert LearningCurve.measure(subject_for(table, "y").rehearsal) is None
