import numpy as np
import pytest

from build_examples import TASKS, make_rows
from modelwright.build.judging.dependence import measure_dependences
from modelwright.compute.budget import Budget
from modelwright.data.values.moments import moment_of
from modelwright.documents import Importance
from modelwright.learners.registry import LEARNERS
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.program import Input, Program

MAIN = tuple(
    Importance(column=name, loss=1.0, low=1.0, high=1.0) for name in ("signal", "colour", "noise")
)


def measure(program, columns, *, seconds=60.0, importances=MAIN):
    return measure_dependences(
        program, columns, importances=importances, budget=Budget.start(seconds), seed=0
    )


@pytest.fixture(scope="module", params=TASKS)
def looked(request):
    rows = make_rows(request.param)
    program = LEARNERS["linear"].fit(rows, budget=Budget.start(60), seed=0).program
    return request.param, measure(program, make_rows(request.param, seed=1).columns)


def test_the_answer_follows_the_signal_and_nothing_else(looked):
    kind, (signal, colour, noise) = looked
    assert signal.column == "signal"
    assert list(signal.values) == sorted(signal.values)
    assert abs(np.corrcoef(signal.values, signal.answers)[0, 1]) > 0.8
    for other in (colour, noise):
        assert np.ptp(other.answers) < np.ptp(signal.answers) / 3
    assert set(colour.values) == {"red", "blue"}
    of = {"binary": ("yes",), "multiclass": ("low", "high"), "regression": (None,)}[kind]
    assert signal.of in of


def test_most_answers_lie_between_the_ends(looked):
    for each in looked[1]:
        assert len(each.values) == len(each.answers) == len(each.low) == len(each.high)
        assert all(low <= high for low, high in zip(each.low, each.high, strict=True))


def test_what_the_budget_does_not_reach_or_has_one_value_is_left_out():
    rows = make_rows()
    program = LEARNERS["linear"].fit(rows, budget=Budget.start(60), seed=0).program
    assert measure(program, rows.columns, seconds=1e-9) == ()
    same = {**rows.columns, "signal": np.ones(len(rows)), "noise": np.full(len(rows), np.nan)}
    assert [each.column for each in measure(program, same)] == ["colour"]


def test_moments_are_told_as_text():
    first = moment_of("2024-01-01")
    days = first + np.arange(50) * 86_400_000_000
    month = DateParts(inputs=("column:day",), output="month", parts=("month",))
    program = Program(
        task=TASKS["regression"],
        inputs=(Input(name="day", type="datetime"),),
        steps=(month,),
        answer="month",
    )
    main = Importance(column="day", loss=1.0, low=1.0, high=1.0)
    (found,) = measure(program, {"day": days}, importances=(main,))
    assert found.values[0] == "2024-01-02T00:00:00"
    assert (found.answers[0], found.answers[-1]) == (1.0, 2.0)
