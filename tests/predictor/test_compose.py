import msgspec
import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.learners.registry import LEARNERS
from modelwright.predictor.compose import append_step, blend_programs
from modelwright.predictor.coverage import Sets
from modelwright.predictor.operations.answers import ScaleLogits
from modelwright.predictor.program import Program, check_program
from modelwright.testing import example_rows, hostile_columns


@pytest.fixture(scope="module")
def members() -> list[Program]:
    rows = example_rows("multiclass", count=150, seed=0)
    return [
        LEARNERS[name].fit(rows, rounds=3, budget=Budget.start(60), seed=0).program
        for name in ("lightgbm", "xgboost", "linear", "constant")
    ]


def test_a_blend_answers_with_the_weighted_mean(members):
    weights = [1.0, 2.0, 3.0, 2.0]
    blend = blend_programs(members, weights)
    check_program(blend)
    answers = [member.run(hostile_columns()) for member in members]
    expected = np.average(answers, axis=0, weights=weights)
    np.testing.assert_allclose(blend.run(hostile_columns()), expected, atol=1e-12)


def test_steps_that_are_the_same_are_kept_once(members):
    blend = blend_programs(members[:2], [1, 1])
    separate = sum(len(member.steps) for member in members[:2])
    own = sum(step.output in ("raw", "rounded", "answer") for step in members[1].steps)
    assert len(blend.steps) == len(members[0].steps) + own + 1 < separate
    assert len({step.output for step in blend.steps}) == len(blend.steps)


def test_a_program_blended_with_itself_is_itself(members):
    blend = blend_programs([members[0]] * 3, [1, 1, 1])
    assert len(blend.steps) == len(members[0].steps) + 1


def test_one_member_stays_as_it_is(members):
    assert blend_programs(members[:1], [5.0]) is members[0]


@pytest.mark.parametrize("weights", [[], [1.0]])
def test_one_weight_per_member_is_needed(members, weights):
    with pytest.raises(ValueError, match="one weight for each"):
        blend_programs(members[: 2 * len(weights)], weights)


def test_an_appended_step_reads_the_answer(members):
    step = ScaleLogits(inputs=(), output="", slope=0.5, bias=np.zeros(3))
    longer = append_step(members[2], step)
    check_program(longer)
    answers = members[2].run(hostile_columns())
    np.testing.assert_allclose(longer.run(hostile_columns()), step.run(answers))


def test_coverage_is_that_of_one_answer_only(members):
    stated = Sets(levels=(0.9,), thresholds=np.zeros((1, members[0].task.n_outputs)))
    covered = msgspec.structs.replace(members[0], coverage=stated)
    check_program(covered)
    step = ScaleLogits(inputs=("",), output="", slope=2.0, bias=np.zeros(members[0].task.n_outputs))
    assert append_step(covered, step).coverage is None
    assert blend_programs([covered, members[1]], [1, 1]).coverage is None
