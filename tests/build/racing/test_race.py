from dataclasses import dataclass, field
from time import sleep

import numpy as np
import pytest

from build_examples import Known, ignore, make_folds, make_rows
from modelwright.build.racing.entry import Entry
from modelwright.build.racing.fits import Ground
from modelwright.build.racing.race import Race
from modelwright.build.site import Site
from modelwright.compute.budget import Budget
from modelwright.compute.parallel import cores
from modelwright.errors import InputError
from modelwright.tasks.metrics import METRICS

ROWS = make_rows("regression", count=300)


def race(learners, *, folds=12, seconds=600.0, report=ignore, rows=ROWS):
    running = Race(
        site=Site.open(Ground(rows, tuple(make_folds(rows, folds)), 0)),
        metric=METRICS["rmse"],
        entries=[Entry(learner) for learner in learners],
        budget=Budget.start(seconds),
        report=report,
    )
    return running.run(), running.course


@dataclass(frozen=True)
class Watched(Known):
    """Notes the sizes of the rows that it is given."""

    seen: list = field(default_factory=list)

    def fit(self, rows, *, check_rows=None, **how):
        self.seen.append((len(rows), len(check_rows)))
        return super().fit(rows, check_rows=check_rows, **how)


@dataclass(frozen=True)
class Timed(Known):
    """Notes the seconds that it is given."""

    given_s: list = field(default_factory=list)

    def fit(self, rows, *, budget, **how):
        self.given_s.append(budget.seconds)
        return super().fit(rows, budget=budget, **how)


@dataclass(frozen=True)
class Sleeping(Known):
    """Takes its time."""

    takes_s: float = 0.1

    def fit(self, rows, **how):
        sleep(self.takes_s)
        return super().fit(rows, **how)


@dataclass(frozen=True)
class Refusing(Known):
    def fit(self, rows, **how):
        raise InputError("Such rows cannot be learned from.")


def test_quick_learners_learn_all_folds():
    raced, course = race([Known(name="a"), Known(name="b")])
    assert raced.folds == tuple(range(12))
    assert course.rest == ()
    assert all(entry.has(range(12)) for entry in raced.entries)
    assert len(raced.fits) == 24


def test_each_fold_is_learned_without_the_rows_that_score_it():
    watched = Watched()
    race([watched])
    assert sorted(watched.seen) == [(275, 25)] * 12


def test_a_slow_first_learner_leaves_as_many_folds_as_cores():
    raced, course = race([Sleeping(name="a"), Sleeping(name="b")], seconds=0.9)
    assert len(course.first) == cores()
    assert set(raced.folds) == set(course.first)


def test_the_last_folds_come_first_because_they_are_nearest_to_new_rows():
    slow = [Sleeping(name="a"), Sleeping(name="b")]
    _, course = race(slow, seconds=0.9)
    assert course.first == tuple(range(12))[::-1][: cores()]


def test_of_many_learners_the_best_go_on_to_all_folds():
    slow = [Sleeping(name=f"bad {n}", slope=-1.0 - n, takes_s=0.02) for n in range(12)]
    good = [Sleeping(name="good", takes_s=0.02), Sleeping(name="fair", slope=1.6, takes_s=0.02)]
    raced, course = race([*slow, *good], seconds=3.0)
    assert course.rest
    complete = {entry.learner.name for entry in raced.entries if entry.has(range(12))}
    assert {"good", "fair"} <= complete
    assert len(complete) <= 6


def test_where_there_is_plenty_of_time_a_hitch_cuts_nothing():
    timed = Timed(name="b")
    race([Known(name="a"), timed], seconds=6_000.0)
    assert min(timed.given_s) > 600.0


def test_when_the_time_ends_with_the_first_learner_its_folds_count():
    raced, course = race([Sleeping(), Known(name="b")], seconds=0.05)
    assert course is None
    assert raced.folds == tuple(sorted(raced.entries[0].fits)) != ()


def test_a_learner_that_fails_is_skipped_with_the_reason():
    told = []
    raced, _ = race([Refusing(name="no"), Known(name="yes")], report=told.append)
    assert raced.entries[0].failure == "Such rows cannot be learned from."
    assert raced.entries[1].has(raced.folds)
    assert any("skipped. Such rows" in sentence for sentence in told)


def test_when_all_fail_nothing_is_left_and_the_folds_are_all():
    raced, course = race([Refusing(name="no"), Refusing(name="nor this")])
    assert (course, raced.fits, len(raced.folds)) == (None, (), 12)


def test_a_learner_whose_library_fails_is_skipped_too():
    class Broken(Known):
        def fit(self, rows, **how):
            raise ZeroDivisionError("division by zero")

    raced, _ = race([Broken(name="no"), Known(name="yes")])
    assert raced.entries[0].failure.endswith("met a fault, ZeroDivisionError: division by zero.")
    assert raced.entries[1].has(raced.folds)


def test_a_warning_that_somebody_made_an_error_ends_the_race():
    class Warned(Known):
        def fit(self, rows, **how):
            raise RuntimeWarning

    with pytest.raises(RuntimeWarning):
        race([Warned()])


def test_answers_come_in_the_order_of_the_rows():
    raced, _ = race([Known(slope=3.0)])
    ground = Ground(ROWS, tuple(make_folds(ROWS, 12)), 0)
    answers = raced.entries[0].answers(raced.folds, ground)
    assert answers[:, 0] == pytest.approx(3.0 * ROWS.columns["signal"])
    assert np.isfinite(answers).all()
