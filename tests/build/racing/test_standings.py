from build_examples import Known, make_folds, make_rows
from modelwright.build.racing.course import Course
from modelwright.build.racing.entry import Entry
from modelwright.build.racing.fits import Ground
from modelwright.build.racing.standings import Standings
from modelwright.compute.budget import Budget
from modelwright.tasks.metrics import METRICS

COURSE = Course(first=(0, 1), rest=(), finalists=3, finals_s=0.0, refits=True)


def standings(kind, metric, slopes):
    rows = make_rows(kind, count=90)
    ground = Ground(rows, tuple(make_folds(rows)), 0)
    entries = [Entry(Known(name=f"known-{slope}", slope=slope)) for slope in slopes]
    for entry in entries:
        entry.fits = {
            fold: ground.fit(entry.learner, fold, budget=Budget.start(60)) for fold in COURSE.first
        }
    return Standings(ground, METRICS[metric], entries)


def test_a_likely_blend_has_the_good_ones_and_not_the_rest():
    likely = standings("regression", "rmse", [-3.0, 2.0, 1.8]).likely(COURSE)
    assert {entry.learner.slope for entry in likely} <= {2.0, 1.8} != set()


def test_every_class_has_a_say_in_it():
    assert standings("multiclass", "log_loss", [2.0, 1.0]).likely(COURSE)


def test_nobody_is_likely_before_anybody_has_ended():
    assert standings("binary", "roc_auc", []).likely(COURSE) == []


def test_it_is_asked_again_after_every_few():
    running = standings("regression", "rmse", [1.0, 2.0])
    assert running.likely(COURSE) is running.likely(COURSE)
