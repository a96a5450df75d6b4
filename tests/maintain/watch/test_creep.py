from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits

from flights_example import draw_flights, make_flights_bundle
from modelwright.maintain.look.sketch import Sketch
from modelwright.maintain.watch.creep import Creep, _Series
from modelwright.maintain.watch.slow import find_slow_harm
from modelwright.testing import look_at_last

LEAST = float(np.log(5 * 8760 / 4))
STRETCHES = 150


def losses_of(features: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return how far a linear fit of half the rows is off on the others."""
    features = np.column_stack([np.ones(len(features)), features])
    order = np.random.default_rng(5).permutation(len(features))
    known, new = order[::2], order[1::2]
    fit = np.linalg.lstsq(features[known], target[known], rcond=1e-6)[0]
    return np.abs(target[new] - features[new] @ fit)


@pytest.fixture(scope="module")
def controls() -> list[np.ndarray]:
    """Losses on real rows, drawn again and again: whatever they are, they do not rise."""
    loaders = (load_diabetes, load_breast_cancer, load_digits)
    return [losses_of(*loader(return_X_y=True)) for loader in loaders]


def levels_of(losses: np.ndarray, draw: np.random.Generator, growth: float = 0.0) -> np.ndarray:
    """Return the levels of stretches of 400 rows; the loss grows by so much in each after 20."""
    means = losses[draw.integers(0, len(losses), (STRETCHES, 400))].mean(axis=1)
    return np.log(means) + growth * np.maximum(0, np.arange(STRETCHES) - 20)


def first_alarm(levels: np.ndarray) -> int | None:
    for count in range(6, len(levels) + 1):
        if Creep(levels=tuple(levels[:count])).rise().evidence >= LEAST:
            return count
    return None


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.9])
def test_likelihoods_are_those_of_an_autoregression_of_unknown_level_and_width(alike):
    levels = np.random.default_rng(1).normal(size=9)
    steps = np.abs(np.subtract.outer(np.arange(9), np.arange(9)))
    covariance = alike**steps / (1 - alike**2)

    def likely(of: np.ndarray) -> float:
        sharp = np.linalg.inv(of)
        total = sharp.sum()
        left = levels @ sharp @ levels - (sharp @ levels).sum() ** 2 / total
        return -0.5 * (np.linalg.slogdet(of)[1] + np.log(total) + 8 * np.log(left))

    series = _Series.of(levels, alike)
    assert series.log_steady() == pytest.approx(likely(covariance))
    rises = series.log_rises()
    for start in range(1, 9):
        line = np.maximum(0.0, np.arange(9) - start + 1)
        step = np.minimum(line, 1.0)
        for found, shape, width in zip(rises[:, start - 1], (line, step), (0.5, 2.0), strict=True):
            if np.isfinite(found):
                risen = covariance + width**2 * np.outer(shape, shape)
                assert found == pytest.approx(likely(risen))


def test_real_losses_that_do_not_rise_are_not_alarmed(controls):
    draw = np.random.default_rng(2)
    assert [first_alarm(levels_of(losses, draw)) for losses in controls] == [None] * 3


def test_the_sum_of_bets_keeps_its_rate(controls):
    draw = np.random.default_rng(3)
    streams = [levels_of(losses, draw)[:60] for losses in controls for _ in range(20)]
    # Of 60 looks a bound of 600 may be passed in a tenth, however often one looks.
    last = [Creep(levels=tuple(each)).rise().evidence for each in streams]
    assert np.mean(np.array(last) > np.log(600)) <= 0.1


def test_a_loss_that_creeps_up_is_found(controls):
    draw = np.random.default_rng(4)
    for losses in controls:
        found = first_alarm(levels_of(losses, draw, growth=0.02))
        assert found is not None
        assert found <= 60


def test_one_outlier_is_no_rise(controls):
    levels = levels_of(controls[0], np.random.default_rng(6))
    levels[80] += 4.0
    assert first_alarm(levels) is None


def test_too_little_at_a_time_for_a_stretch_is_kept():
    creep = Creep()
    for _ in range(9):
        creep = creep.seen(np.r_[np.ones(40), np.nan], since="")
    assert (len(creep.levels), creep.windows, creep.labels) == (1, 4, 160)


def test_what_rose_slowly_is_told_with_the_column_that_explains_it():
    bundle = make_flights_bundle()
    rising = Creep(
        levels=(*np.resize([0.0, 0.01, -0.01], 12), *np.arange(1, 25) * 0.02),
        since=tuple(f"day {number}" for number in range(36)),
    )
    table = draw_flights(2000, seed=6)
    last = pl.int_range(pl.len()) >= 1600
    heated = table.with_columns(temp=pl.when(last).then(pl.col("temp") + 20).otherwise("temp"))
    for rows, kind in ((table, "concept drift"), (heated, "covariate drift")):
        look = look_at_last(bundle, rows)
        # The loss is larger where it is warm.
        past = tuple(
            replace(each, losses=np.maximum(0.1, each.columns["temp"] / 15))
            for each in look.sketch.past
        )
        (found,) = find_slow_harm(rising, replace(look, sketch=Sketch(bundle, past)), LEAST)
        assert found.kind == kind
        assert found.columns == (("temp",) if kind == "covariate drift" else ())
        assert "by little in each window" in found.sentence
        assert "since day 1" in found.sentence
