from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.score.costs import count_costs
from modelwright.maintain.score.estimate import Agreement, Estimator
from modelwright.maintain.score.periods import follow_score
from modelwright.predictor.expectation.part import Expectation
from modelwright.tasks.costs import Costs
from modelwright.tasks.metrics import METRICS

ROWS = 300


def window(seed: int, *, rows: int = ROWS, rarer: float = 0.0, colder: float = 0.0) -> LiveRows:
    table = draw_flights(rows, seed=seed).with_columns(pl.col("temp") - colder)
    labels = draw_labels(table, seed=seed, rarer=rarer)
    return live_rows_of(table.with_columns(labels), make_flights_bundle())


def estimator(metric: str = "roc_auc") -> Estimator:
    return Estimator(make_flights_bundle(metric), METRICS[metric])


WINDOWS = [window(seed) for seed in range(20)]


@pytest.mark.parametrize(
    "metric",
    ["roc_auc", "accuracy", "balanced_accuracy", "f1", "log_loss", "brier", "average_precision"],
)
def test_windows_without_concept_drift_lie_in_the_interval(metric: str) -> None:
    asked, held = estimator(metric), 0
    for rows in WINDOWS:
        estimate = asked.estimate(rows, foreseen := asked.foresee(rows, draws=60))
        agreement = asked.agreement(rows, foreseen)
        assert estimate.score is not None
        assert agreement is not None
        realised = asked.metric.score(
            rows.truth,
            rows.answers
            if asked.metric.takes == "probabilities"
            else asked.bundle.program.choose(rows.answers),
        )
        held += estimate.score.contains(realised)
    assert held >= 18


def test_other_rows_have_another_score() -> None:
    asked = estimator("log_loss")
    cold = window(3, rows=3_000, colder=5.0)
    estimate = asked.estimate(cold, asked.foresee(cold))
    assert estimate.score is not None
    assert asked.bundle.facts.holdout_score is not None
    assert estimate.score.high < asked.bundle.facts.holdout_score.low
    realised = METRICS["log_loss"].score(cold.truth, cold.answers)
    assert estimate.score.contains(realised)


class TestRefusals:
    def reason(self, rows: LiveRows, **given: object) -> str:
        asked = estimator()
        estimate = asked.estimate(rows, asked.foresee(rows), **given)
        assert estimate.score is None
        assert estimate.reason.startswith("Cannot be estimated here: ")
        return estimate.reason

    def test_few_rows(self) -> None:
        assert "99 rows are too few" in self.reason(WINDOWS[0].part(0, 99))

    def test_values_that_training_did_not_have(self) -> None:
        strange = np.array(["ZZ"] * ROWS, dtype=object)
        columns = {**WINDOWS[0].columns, "carrier": strange}
        reason = self.reason(replace(WINDOWS[0], columns=columns))
        assert "100 % of rows have a 'carrier' that the model was not tested on" in reason

    def test_numbers_beyond_those_of_training(self) -> None:
        bundle = replace(
            make_flights_bundle(), expectation=Expectation(rows=100, ranges={"temp": (-10.0, 40.0)})
        )
        columns = {**WINDOWS[0].columns, "temp": WINDOWS[0].columns["temp"] + 60.0}
        asked = Estimator(bundle, METRICS["roc_auc"])
        assert "'temp'" in asked.estimate(replace(WINDOWS[0], columns=columns), None).reason
        moving = Expectation(rows=100, ranges={"temp": (-10.0, 40.0)}, outside={"temp": 0.9})
        asked = Estimator(replace(bundle, expectation=moving), METRICS["roc_auc"])
        rows = replace(WINDOWS[0], columns=columns)
        assert asked.estimate(rows, asked.foresee(rows)).score is not None

    def test_a_broken_input(self) -> None:
        assert "'temp' is mostly missing" in self.reason(
            WINDOWS[0], fault="'temp' is mostly missing"
        )

    def test_labels_that_contradicted_it(self) -> None:
        off = [Agreement(apart=-1.5, error=0.1)] * 3
        assert "concept drift" in self.reason(WINDOWS[0], before=off)

    def test_no_errors_of_a_regression(self) -> None:
        from example_bundle import REGRESSION, make_bundle

        bundle = make_bundle(REGRESSION)
        asked = Estimator(bundle, METRICS["rmse"])
        table = pl.DataFrame({"age": [1.0] * 200, "member": [True] * 200, "job": ["cook"] * 200})
        rows = live_rows_of(table.with_columns(seen=pl.lit("2024-12-31")), bundle)
        assert "keeps no errors" in asked.estimate(rows, asked.foresee(rows)).reason


def test_disagreement_widens_the_interval() -> None:
    asked, rows = estimator(), WINDOWS[0]
    foreseen = asked.foresee(rows)
    plain = asked.estimate(rows, foreseen).score
    agreed = asked.estimate(rows, foreseen, before=[Agreement(0.0, 0.1)] * 8).score
    differed = asked.estimate(rows, foreseen, before=[Agreement(0.2, 0.1)] * 8).score
    assert plain is not None
    assert agreed is not None
    assert differed is not None
    assert agreed.high - agreed.low < plain.high - plain.low
    assert differed.high - differed.low > agreed.high - agreed.low


class TestPeriods:
    def test_both_stand_side_by_side(self) -> None:
        course = follow_score(estimator(), window(5, rows=1_500))
        assert [each.rows for each in course.periods] == [250] * 6
        assert all(each.estimated and each.realised for each in course.periods)
        assert sum(each.agrees is True for each in course.periods) >= 5
        assert course.estimate.score is not None
        assert "windows with labels since" in course.estimate.reason

    def test_after_concept_drift_the_estimate_is_refused(self) -> None:
        before, after = window(6, rows=750), window(7, rows=750)
        turned = replace(after, truth=1 - after.truth)
        rows = live_rows_of(
            pl.concat([before.table, after.table]).with_columns(
                late=pl.Series(np.concatenate([before.truth, turned.truth]) == 1).replace_strict(
                    {True: "yes", False: "no"}
                )
            ),
            make_flights_bundle(),
        )
        course = follow_score(estimator(), rows)
        assert [each.agrees for each in course.periods[:4]] == [True, True, True, False]
        assert course.periods[-1].estimated is None
        assert "concept drift" in course.periods[-1].reason
        assert course.estimate.score is None

    def test_periods_without_labels_are_estimated_alone(self) -> None:
        rows = window(8, rows=500)
        rows = replace(rows, truth=np.full(500, -1))
        course = follow_score(estimator(), rows)
        assert [each.realised for each in course.periods] == [None, None]
        assert all(each.agrees is None for each in course.periods)


def test_costs_are_estimated_and_realised() -> None:
    rows, costs = window(9, rows=1_500), Costs(false_negative=4.0, unit="EUR")
    asked = estimator()
    course = follow_score(asked, rows)
    counted = count_costs(asked, rows, course.estimate, costs)
    assert counted is not None
    assert counted.estimated is not None
    assert counted.realised is not None
    assert counted.saved_realised is not None
    assert counted.estimated.contains(counted.realised.value)
    chosen = asked.bundle.program.choose(rows.answers)
    paid = costs.matrix[rows.truth, chosen].mean()
    assert counted.realised.value == pytest.approx(1_000 * paid)
    assert counted.saved_realised.value == pytest.approx(
        1_000 * (min(costs.matrix[rows.truth].mean(axis=0)) - paid)
    )
