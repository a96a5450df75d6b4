from math import log as natural

import numpy as np
import pytest

from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import InputError
from modelwright.learners.features import (
    bend,
    days,
    log,
    lookup,
    missing,
    moment,
    number,
    positive,
    says,
)
from modelwright.predictor.program import Program, check_program
from modelwright.tasks.task import Task

DAY_US = 86_400_000_000
COLUMNS = {
    "a": np.array([1.0, -2.0, np.nan, np.inf]),
    "b": np.array([4.0, 0.5, 1.0, 1.0]),
    "city": np.array(["Bern", "Genf", None, "Thun"], dtype=object),
    "note": np.array(["Too SLOW, really", "too fast", None, "slow"], dtype=object),
    "since": np.array([0, 36 * 3_600_000_000, MISSING_DATETIME, DAY_US], dtype=np.int64),
}


def _values(formula):
    program = Program(
        task=Task(kind="regression"),
        inputs=formula.reads,
        steps=formula.steps,
        answer=formula.output,
    )
    check_program(program)
    found = program.run(COLUMNS)[:, 0]
    for row in range(len(found)):
        alone = program.run({name: values[row : row + 1] for name, values in COLUMNS.items()})
        np.testing.assert_array_equal(alone[:, 0], found[row : row + 1])
    return found.tolist()


@pytest.mark.parametrize(
    ("formula", "text", "values"),
    [
        (number("a") + number("b"), "'a' + 'b'", [5.0, -1.5, np.nan, 1e100]),
        (2 * (number("a") - 1), "2 * ('a' - 1)", [0.0, -6.0, np.nan, 2e100]),
        (1 - number("b") / 2, "(-'b' / 2 + 1)", None),
        (abs(number("a") - number("b")), "abs('a' - 'b')", [3.0, 2.5, np.nan, 1e100]),
        (positive(number("a")), "positive('a')", [1.0, 0.0, np.nan, 1e100]),
        (missing(number("a")), "missing('a')", [0.0, 0.0, 1.0, 0.0]),
        (days("since"), "days('since')", [0.0, 1.5, np.nan, 1.0]),
        (moment("since", "hour"), "moment('since', 'hour')", [0.0, 12.0, np.nan, 0.0]),
        (says("note", "too slow"), "says('note', 'too slow')", [1.0, 0.0, 0.0, 0.0]),
        (says("note", "slow", "fast"), "says('note', 'slow', 'fast')", [1.0, 1.0, 0.0, 1.0]),
        (lookup("city", {"Bern": 7.0}, otherwise=1.0), None, [7.0, 1.0, 1.0, 1.0]),
        (bend(number("a"), lambda x: x * x, (-1, 0, 1)), None, [1.0, 1.0, np.nan, 1.0]),
    ],
    ids=str,
)
def test_a_formula_says_what_it_is(formula, text, values):
    if values is not None:
        np.testing.assert_array_equal(_values(formula), values)
        assert text is None or repr(formula) == f"Formula({text})"
    else:
        np.testing.assert_array_equal(_values(formula), [-1.0, 0.75, 0.5, 0.5])


def test_a_logarithm_is_near_and_keeps_what_is_missing():
    found = _values(log(number("b")))
    np.testing.assert_allclose(found, [natural(each) for each in (4.0, 0.5, 1.0, 1.0)], atol=4e-3)
    found = _values(log(number("a")))
    assert np.isnan(found[2])
    assert found[1] == _values(log(number("a") * 0))[1], "below a millionth all is the same"


def test_a_value_is_computed_once():
    gone = log(number("a"))
    both = gone - gone * 2
    outputs = [step.output for step in both.steps]
    assert len(set(outputs)) == len(outputs)


def test_tables_that_differ_have_other_names():
    one, other = (lookup("city", {"Bern": each}, otherwise=0.0) for each in (1.0, 1.0000001))
    assert one.output != other.output


def test_a_formula_fits_a_table_with_its_columns():
    schema = Schema(
        columns=(
            Column(name="a", kind=Kind.NUMERIC),
            Column(name="city", kind=Kind.CATEGORICAL),
        )
    )
    assert (number("a") + lookup("city", {"Bern": 1.0}, otherwise=0.0)).fits(schema)
    assert not (number("a") + number("b")).fits(schema)
    assert not number("city").fits(schema)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: number("a") * number("b"), "multiplies no two numbers.*Add their logarithms"),
        (lambda: number("a") / number("b"), "divides no two numbers.*Subtract their logarithms"),
        (lambda: number("a") / 0, "divided by zero"),
        (lambda: number("a") + float("nan"), "finite numbers and formulas, not nan"),
        (lambda: number("a") + "b", "finite numbers and formulas, not 'b'"),
        (lambda: lookup("city", {}, otherwise=0.0), "1 to 5,000 categories, not 0"),
        (lambda: lookup("city", {"x": np.inf}, otherwise=0.0), "not finite"),
        (lambda: says("note", "?"), "phrases of 1 to 8 words"),
        (lambda: bend(number("a"), float, [1.0]), "2 to 1,000 knots, not 1"),
        (lambda: bend(number("a"), float, [1.0, 1.0]), "must rise"),
    ],
)
def test_what_no_program_can_do_is_said(make, message):
    with pytest.raises(InputError, match=message):
        make()
