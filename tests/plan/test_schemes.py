"""Which schemes are offered, what they are expected to take, and what is refused."""

import pytest

from modelwright.documents.plan import ADOPTED
from modelwright.learners.registry import LEARNERS
from modelwright.plan.pace import Work, spans_of, take_or_refuse
from modelwright.plan.probes import Measure, Probe
from modelwright.plan.schemes import list_schemes, probed_learners
from modelwright.tasks.metrics import METRICS

AUC = METRICS["roc_auc"]


def probe(name, seconds=0.1, *, score=0.8, failure="", measured=True):
    measures = (Measure(250, seconds / 4), Measure(1_000, seconds)) if measured else ()
    return Probe(LEARNERS[name], measures, score if measured else None, failure=failure)


def probes(**changed):
    every = {name: probe(name) for name in probed_learners()}
    return list({**every, **changed}.values())


def test_with_time_enough_the_widest_is_chosen():
    schemes = list_schemes(probes(), Work(10_000, 5, 600.0), AUC)
    assert [scheme.name for scheme in schemes] == [
        "baseline",
        "readable",
        "boosted trees",
        "line and trees",
        "portfolio",
    ]
    assert [scheme.chosen for scheme in schemes] == [False] * 4 + [True]
    assert "refused" not in schemes[-1].reason


def test_expected_seconds_grow_with_rows_and_stay_inside_the_budget():
    small, large, huge = (
        list_schemes(probes(), Work(rows, 5, 300.0), AUC)[-1].expected_s
        for rows in (1_000, 50_000, 50_000_000)
    )
    assert small < large <= huge < 300.0


def test_one_learner_is_expected_to_take_what_was_measured():
    work = Work(2_000, 5, 600.0)
    linear = list_schemes(probes(), work, AUC)[1]
    fit_s = 0.1 + 1_000 * 0.1 / 1_000
    assert linear.expected_s == pytest.approx(5.0 + fit_s * work.turns_with_refit, abs=0.1)


@pytest.mark.parametrize(("here", "turns", "with_refit"), [(1, 5, 6.6), (2, 3, 3.8), (8, 1, 1.2)])
def test_one_fold_runs_on_each_core(monkeypatch, here, turns, with_refit):
    monkeypatch.setattr("modelwright.plan.pace.cores", lambda: here)
    work = Work(2_000, 5, 600.0)
    assert (work.turns, work.turns_with_refit) == (turns, pytest.approx(with_refit))


def test_a_learner_for_few_rows_is_in_no_scheme_of_many():
    schemes = list_schemes(probes(), Work(20_001, 5, 600.0), AUC)
    assert "kernel_machine" not in schemes[-1].learners
    assert "Kernel machine is refused: it is for 20,000 rows or fewer" in schemes[-1].reason


def test_a_learner_that_failed_is_in_no_scheme():
    schemes = list_schemes(
        probes(xgboost=probe("xgboost", failure="It met a strange value.")),
        Work(1_000, 5, 600.0),
        AUC,
    )
    assert all("xgboost" not in scheme.learners for scheme in schemes)
    assert "XGBoost is refused: It met a strange value" in schemes[-1].reason


def test_a_learner_far_too_slow_is_refused_and_the_first_is_cut_short():
    schemes = list_schemes(
        probes(extra_trees=probe("extra_trees", 90.0), lightgbm=probe("lightgbm", 20.0)),
        Work(10_000, 5, 100.0),
        AUC,
    )
    assert "extra_trees" not in schemes[-1].learners
    assert "Extra trees is refused: it would need" in schemes[-1].reason
    assert "LightGBM will be cut short" in schemes[-1].reason


def test_without_any_learner_the_baseline_is_left():
    failed = [probe(name, failure="no") for name in probed_learners()]
    schemes = list_schemes(failed, Work(1_000, 5, 60.0), AUC)
    assert [(scheme.name, scheme.learners, scheme.chosen) for scheme in schemes] == [
        ("baseline", (), True)
    ]


def test_what_could_not_be_measured_is_tried_and_said():
    silent = [probe(name, measured=False) for name in probed_learners()]
    *_, widest = list_schemes(silent, Work(1_000, 5, 60.0), AUC)
    assert widest.learners
    assert "nothing could be measured of" in widest.probe
    assert widest.expected_score is None


def test_scores_are_compared_in_the_direction_of_the_metric():
    lower = METRICS["rmse"]
    schemes = list_schemes(
        probes(linear=probe("linear", score=3.0), lightgbm=probe("lightgbm", score=4.0)),
        Work(1_000, 5, 600.0),
        lower,
    )
    assert "better than one gradient boosting" in schemes[1].reason
    assert "worse than a linear model" in schemes[2].reason
    assert schemes[3].expected_score == 3.0


def test_spans_keep_inside_the_budget():
    slow = [probe(name, 50.0) for name in probed_learners()]
    spans = list(spans_of(slow, Work(100_000, 5, 100.0)))
    assert sum(span.seconds for span in spans) < 100.0
    assert all(span.done < 1.0 for span in spans)


def test_nothing_is_refused_for_lack_of_time_when_there_is_no_rival():
    taken, refusals = take_or_refuse([probe("linear", 1e4)], Work(10_000, 5, 1.0))
    assert [each.learner.name for each in taken] == ["linear"]
    assert refusals == ()


def test_a_model_that_is_there_already_needs_no_learner():
    assert probed_learners([ADOPTED]) == ()
    (scheme,) = list_schemes((), Work(10_000, 5, 600.0), AUC, schemes=[ADOPTED])
    assert (scheme.chosen, scheme.learners, scheme.probe) == (True, (), "")
    assert scheme.expected_score is None
