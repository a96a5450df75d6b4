from dataclasses import replace

import msgspec
import numpy as np
import pytest

from build_examples import TASKS, Known, ignore, make_folds, make_rows
from modelwright.build.certainty.conformal import fit_coverage
from modelwright.build.engine import build_program
from modelwright.build.judging.evaluation import Holdout, evaluate
from modelwright.build.judging.leaderboard import list_trials, out_of_fold_score
from modelwright.build.question import Question
from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.learners.base import Rows
from modelwright.tasks.intervals import bootstrap_interval
from modelwright.tasks.metrics import METRICS

METRIC = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}


def built_for(kind, *learners):
    training = make_rows(kind)
    question = Question(metric=METRICS[METRIC[kind]], learners=learners or (Known(),))
    return build_program(
        question, training, make_folds(training), budget=Budget.start(60), report=ignore
    )


def look(kind, holdout, *, built=None, metric=None, seconds=30.0, groups=None):
    return evaluate(
        built or built_for(kind),
        METRICS[metric or METRIC[kind]],
        Holdout(rows=holdout, groups=groups, openings=3),
        budget=Budget.start(seconds),
        seed=0,
    )


@pytest.fixture(scope="module", params=METRIC)
def seen(request):
    kind = request.param
    return kind, look(kind, make_rows(kind, count=3_000, seed=7))


def test_the_score_has_an_interval_and_gains_over_the_baseline(seen):
    kind, evaluation = seen
    assert evaluation.score.low < evaluation.score.value < evaluation.score.high
    metric = METRICS[METRIC[kind]]
    assert evaluation.gain.value == pytest.approx(
        metric.gain(evaluation.score.value, evaluation.baseline_score.value)
    )
    assert evaluation.gain.low > 0
    assert (evaluation.rows, evaluation.openings) == (3_000, 3)


def test_the_interval_is_for_as_many_new_rows(seen):
    kind, evaluation = seen
    holdout, metric = make_rows(kind, count=3_000, seed=7), METRICS[METRIC[kind]]
    answers = built_for(kind).program.run(holdout.columns)
    taken = answers[:, 0] if kind == "regression" else answers
    here = bootstrap_interval(metric, holdout.target, taken)
    wider = (evaluation.score.high - evaluation.score.low) / (here.high - here.low)
    assert wider == pytest.approx(2**0.5, rel=0.1)
    assert "3,000 new" in evaluation.score.method


def test_other_metrics_stand_beside_it(seen):
    kind, evaluation = seen
    wanted = {
        "binary": {"average_precision", "log_loss", "accuracy", "f1", "brier"},
        "multiclass": {"accuracy", "macro_f1"},
        "regression": {"mae", "r2"},
    }
    assert set(evaluation.others) == wanted[kind]
    assert all(one.low <= one.value <= one.high for one in evaluation.others.values())


def test_the_signal_matters_most(seen):
    _, evaluation = seen
    # The learner reads one column; others are not asked.
    assert [each.column for each in evaluation.importances] == ["signal"]
    assert evaluation.importances[0].loss > 0
    assert evaluation.importances[0].low <= evaluation.importances[0].loss
    assert [each.column for each in evaluation.movements.columns] == ["signal"]


def test_warnings_are_counted(seen):
    kind, evaluation = seen
    if kind == "binary":
        assert 0 < evaluation.warned_right <= min(evaluation.warned, evaluation.positives)
        assert evaluation.positives == 1_500
    else:
        assert (evaluation.warned, evaluation.warned_right, evaluation.positives) == (0, 0, 0)


@pytest.mark.parametrize("kind", METRIC)
def test_what_is_stated_beside_answers_is_measured(kind):
    built = built_for(kind)
    target = make_rows(kind).target[built.scored]
    found = fit_coverage(TASKS[kind], target, built.answers)
    covered = replace(
        built, program=msgspec.structs.replace(built.program, coverage=found.coverage)
    )
    evaluation = look(kind, make_rows(kind, count=3_000, seed=7), built=covered)
    assert [each.level for each in evaluation.coverage] == [0.8, 0.9, 0.95]
    assert all(each.share.value > each.level - 0.06 for each in evaluation.coverage)


def test_how_often_a_quantile_is_not_exceeded_is_measured():
    median = look("regression", make_rows("regression", count=300, seed=7), metric="quantile")
    assert median.below.level == 0.5
    assert 0.4 < median.below.share.value < 0.6
    assert look("regression", make_rows("regression", count=300, seed=7)).below is None


def test_noise_gains_nothing_with_confidence():
    low = [
        look("binary", make_rows(strength=0.0, seed=seed), built=built_for("binary")).gain.low
        for seed in range(5)
    ]
    assert max(low) <= 0.02
    assert min(low) < 0


def test_groups_widen_the_interval():
    rows = make_rows("regression", count=300, seed=7)
    copies = rows.take(np.repeat(np.arange(300), 10))
    plain = look("regression", copies)
    grouped = look("regression", copies, groups=np.repeat(np.arange(300), 10))
    assert grouped.score.high - grouped.score.low > 2 * (plain.score.high - plain.score.low)


def test_a_holdout_of_one_class_is_refused_where_the_metric_needs_two():
    rows = make_rows(count=40)
    negative = rows.take(np.flatnonzero(rows.target == 0))
    with pytest.raises(InputError, match="undefined on these 20 rows"):
        look("binary", negative)


def test_metrics_that_a_holdout_of_one_class_does_not_define_are_left_out():
    rows = make_rows(count=40)
    negative = rows.take(np.flatnonzero(rows.target == 0))
    evaluation = look("binary", negative, metric="log_loss")
    assert set(evaluation.others) >= {"accuracy", "brier"}
    assert "roc_auc" not in evaluation.others
    assert [curve.name for curve in evaluation.curves] == ["calibration"]


@pytest.mark.parametrize("kind", METRIC)
def test_five_rows_have_wide_intervals(kind):
    evaluation = look(kind, make_rows(kind, count=5, seed=3))
    assert evaluation.score.low <= evaluation.score.value <= evaluation.score.high
    assert evaluation.slices == ()


@pytest.mark.parametrize("count", [0, 1])
def test_without_two_rows_there_is_no_interval(count):
    rows = make_rows("regression", count=20)
    with pytest.raises(InputError, match="rows"):
        look("regression", rows.take(np.arange(count)))


def test_a_budget_that_is_over_costs_the_importances_only():
    evaluation = look("binary", make_rows(seed=7), seconds=1e-9)
    assert evaluation.importances == ()
    assert evaluation.movements is None
    assert evaluation.curves


def test_the_leaderboard_has_the_best_first_and_failures_last():
    learners = (
        Known(name="poor", column="noise"),
        Known(name="broken", least_s=1e9),
        Known(name="good"),
    )
    built = built_for("regression", *learners)
    target = make_rows("regression").target
    trials = list_trials(built, METRICS["rmse"], target, seed=0)
    names = [trial.learner for trial in trials]
    assert names[0] == "good"
    assert names[-1] == "broken"
    assert trials[0].gain.low > 0
    assert trials[0].weight > 0.9
    assert (trials[-1].score, trials[-1].gain) == (None, None)
    assert "takes" in trials[-1].failure
    ranked = [trial.score for trial in trials[:-1]]
    assert ranked == sorted(ranked)


def test_each_is_judged_at_a_threshold_of_its_own():
    rows = make_rows("binary")
    rare = replace(rows, target=(rows.target * (np.arange(len(rows)) % 8 == 0)).astype(np.int64))
    question = Question(metric=METRICS["f1"], learners=(Known(name="calm", slope=0.1),))
    built = build_program(question, rare, make_folds(rare), budget=Budget.start(60), report=ignore)
    # That all rows are positive is the simplest answer; at one half it would be that none is.
    constant = {
        each.learner: each for each in list_trials(built, METRICS["f1"], rare.target, seed=0)
    }
    share = rare.target.mean()
    assert constant["constant"].score == pytest.approx(2 * share / (1 + share), abs=0.01)
    assert constant["calm"].score > constant["constant"].score
    judged = look("binary", rare, built=built, metric="f1")
    assert judged.baseline_score.value >= constant["constant"].score - 0.01


def test_the_score_out_of_fold_is_that_of_the_scored_rows():
    rows = make_rows("binary")
    score = out_of_fold_score(built_for("binary"), METRICS["roc_auc"], rows.target, seed=0)
    answers = Known().program(rows.task).run(rows.columns)
    assert score.value == pytest.approx(METRICS["roc_auc"].score(rows.target, answers), abs=0.01)
    assert score.low < score.value < score.high


def test_absent_classes_in_the_holdout_do_no_harm():
    rows = make_rows("multiclass", count=300, seed=7)
    some = rows.take(np.flatnonzero(rows.target != 1))
    evaluation = look("multiclass", some)
    assert np.isfinite(evaluation.score.value)


def test_rows_that_all_have_the_same_number():
    rows = make_rows("regression", count=50, seed=7)
    evaluation = look("regression", replace(rows, target=np.full(50, 2.0)))
    assert "r2" not in evaluation.others
    assert "mae" in evaluation.others


def test_weights_are_carried_along():
    rows = make_rows("binary", count=100, seed=7, weight=np.ones(100))
    assert isinstance(rows, Rows)
    assert look("binary", rows).rows == 100
