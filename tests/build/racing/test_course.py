from hypothesis import given
from hypothesis import strategies as st

from build_examples import Known
from modelwright.build.racing.course import ENOUGH_ROWS, FEW_ROWS, hastened, settle_course
from modelwright.compute.budget import Budget
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.network import Network


def settle(fold_s, *, seconds=60.0, learners=10, folds=8, fold_rows=100):
    budget = Budget.start(seconds, clock=lambda: 0.0)
    return settle_course(
        range(folds),
        fold_rows=fold_rows,
        fold_s=fold_s,
        learners=learners,
        budget=budget,
        workers=2,
    )


def test_quick_folds_are_for_everybody():
    course = settle(0.01)
    assert (course.rest, course.refits, course.haste) == ((), True, 1.0)


def test_many_rows_are_told_apart_by_the_first_folds():
    course = settle(0.01, fold_rows=ENOUGH_ROWS)
    assert (course.rest, len(course.first)) == ((), 2)


def test_folds_that_not_all_can_learn_are_for_nobody_unless_rows_are_few():
    first, few = settle(1.0, fold_rows=FEW_ROWS), settle(1.0, fold_rows=FEW_ROWS // 4)
    assert (len(first.first), first.rest) == (2, ())
    assert few.rest


def test_slow_folds_leave_no_time_to_learn_again():
    assert not settle(40.0).refits


def test_slow_boosters_learn_in_larger_steps():
    assert settle(9.0).haste > 1.0
    assert settle(40.0).haste == 4.0


@given(st.floats(1e-4, 1e4), st.floats(0.1, 1e4), st.integers(1, 60), st.integers(2, 12))
def test_the_parts_fit_into_the_time_and_make_up_the_folds(fold_s, seconds, learners, folds):
    course = settle(fold_s, seconds=seconds, learners=learners, folds=folds)
    assert 0 <= course.finals_s <= seconds
    assert {*course.first, *course.rest} <= set(range(folds))
    assert course.first


def test_haste_multiplies_a_rate_and_leaves_others_alone():
    assert hastened(LightGBM(rate=0.05), 2.0).rate == 0.1
    assert hastened(LightGBM(rate=0.2), 4.0).rate == 0.25
    assert hastened(Known(), 4.0) == Known()
    assert hastened(Network(), 4.0) == Network()
