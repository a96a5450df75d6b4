import pytest

from build_examples import Known, make_rows
from modelwright.build.blending.refits import Refit, within_limits
from modelwright.build.racing.outcomes import Outcome
from modelwright.compute.limits import Limits
from modelwright.predictor.compose import blend_programs
from modelwright.predictor.speed import program_bytes

ROWS = make_rows()
SMALL = Known().program(ROWS.task)
LARGE = blend_programs([SMALL, Known(slope=1.0).program(ROWS.task)], [1, 1])
BOTH = blend_programs([LARGE, SMALL], [1, 1])


@pytest.mark.parametrize(("spare", "folds"), [(0, [None, None]), (-1, [2, None])])
def test_a_member_that_outgrows_the_limits_ships_what_it_learned_on_a_fold(spare, folds):
    outcomes = [Outcome(Known(), None, 0.0, program=SMALL, fold=fold) for fold in (2, 1)]
    told = []
    kept = within_limits(
        {0: Refit(LARGE, 5), 1: Refit(SMALL, 5)},
        outcomes,
        ROWS,
        limits=Limits(size_bytes=program_bytes(BOTH) + spare),
        report=told.append,
    )
    assert [refit.fold for refit in kept.values()] == folds
    assert ["beyond the limits of the host" in each for each in told] == [True] * bool(spare)


def test_what_was_learned_on_a_fold_and_is_larger_is_passed_over():
    outcomes = [Outcome(Known(), None, 0.0, program=each, fold=2) for each in (BOTH, SMALL)]
    refits = {0: Refit(LARGE, 5), 1: Refit(LARGE, 5)}
    limits = Limits(size_bytes=program_bytes(BOTH))
    kept = within_limits(refits, outcomes, ROWS, limits=limits, report=lambda _: None)
    assert [refit.fold for refit in kept.values()] == [None, 2]
