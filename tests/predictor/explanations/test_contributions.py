from math import factorial

import msgspec
import numpy as np
import pytest

from grown_trees import grown
from modelwright.predictor.explanations.background import Background
from modelwright.predictor.explanations.combinations import try_combinations
from modelwright.predictor.explanations.contributions import contributions
from modelwright.predictor.explanations.led_back import lead_back
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.linear import Columns
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task


def _background(**columns) -> Background:
    arrays = {name: np.array(values) for name, values in columns.items()}
    rows = len(next(iter(arrays.values())))
    return Background(records=[{}] * rows, columns=arrays, answers=np.zeros((rows, 1)))


def _row(**values) -> dict[str, np.ndarray]:
    return {name: np.array([value]) for name, value in values.items()}


def test_parts_of_a_sum_are_its_terms():
    background = _background(a=[0.0, 2.0], b=[10.0, 30.0])
    made = contributions(
        _row(a=5.0, b=20.0), background, lambda rows: 3 * rows["a"] + rows["b"], seed=1
    )
    assert made.usual == 23.0
    assert made.parts == pytest.approx({"a": 12.0, "b": 0.0})


def test_what_two_columns_do_together_is_shared():
    background = _background(a=[0.0], b=[0.0], c=[0.0])
    made = contributions(
        _row(a=1.0, b=1.0, c=1.0), background, lambda rows: rows["a"] * rows["b"], seed=1
    )
    assert made.parts == pytest.approx({"a": 0.5, "b": 0.5, "c": 0.0})


def test_parts_add_up_and_come_near_the_exact_ones():
    draw = np.random.default_rng(3)
    table = {name: draw.normal(size=60) for name in "abcd"}
    background = _background(**table)
    row = _row(a=1.0, b=-1.0, c=2.0, d=0.5)

    def answer(rows):
        return np.tanh(rows["a"] * rows["b"] + rows["c"]) * rows["d"] + rows["a"]

    made = contributions(row, background, answer, seed=1)
    exact = _exact(row, background, answer)
    assert made.usual + sum(made.parts.values()) == pytest.approx(answer(row)[0])
    for name, part in made.parts.items():
        assert abs(part - exact[name]) < 4 * made.errors[name] + 1e-9


def _exact(row, background, answer):
    names, n = list(row), len(row)
    found = dict.fromkeys(names, 0.0)
    for mask in range(2**n):
        inside = [name for place, name in enumerate(names) if mask >> place & 1]
        weight = factorial(len(inside)) * factorial(max(0, n - len(inside) - 1)) / factorial(n)
        for name in set(names) - set(inside):
            found[name] += weight * (
                _value(row, background, answer, [*inside, name])
                - _value(row, background, answer, inside)
            )
    return found


def _value(row, background, answer, inside):
    rows = len(background)
    mixed = {
        name: np.repeat(row[name], rows) if name in inside else values
        for name, values in background.columns.items()
    }
    return answer(mixed).mean()


def test_texts_and_missing_values_take_part():
    background = Background(
        records=[{}, {}],
        columns={"t": np.array([None, "x"], dtype=object), "n": np.array([np.nan, 1.0])},
        answers=np.zeros((2, 1)),
    )
    row = {"t": np.array(["x"], dtype=object), "n": np.array([np.nan])}
    made = contributions(
        row, background, lambda rows: (rows["t"] == "x") * 1.0 + np.isnan(rows["n"]), seed=0
    )
    assert made.parts == {"t": 0.5, "n": 0.5}


def test_a_wide_row_is_compared_with_fewer_others():
    wide = {f"c{place}": np.zeros(60) for place in range(3000)}
    row = {name: np.ones(1) for name in wide}
    asked = []

    def answer(rows):
        asked.append(len(rows["c0"]))
        return rows["c0"] + rows["c2999"]

    made = contributions(row, _background(**wide), answer)
    assert sum(asked) <= 4 * 2 * 3001
    assert made.parts["c0"] == made.parts["c2999"] == 1.0


_MANY = tuple("abcdefghijk")


def _forest(*links) -> Program:
    names = tuple(f"column:{name}" for name in _MANY)
    trees = grown(np.random.default_rng(4), [16] * 12, width=len(_MANY), cuts=(-1.0, 0.0, 0.5))
    trees = msgspec.structs.replace(trees, scale=0.1)
    return Program(
        task=Task(kind="regression"),
        inputs=tuple(Input(name=name, type="number") for name in _MANY),
        steps=(Columns(inputs=names, output="x"), trees, *links),
        answer="z" if links else "y",
    )


def _explained(program, *, led: bool = True):
    draw = np.random.default_rng(8)
    background = _background(**{name: draw.normal(size=30) for name in _MANY})
    row = {name: draw.normal(size=1) for name in _MANY}

    def answer(rows):
        return program.run(rows)[:, 0]

    def led_back():
        return lead_back(program, row, background.columns, output=0) if led else None

    made = contributions(row, background, answer, led_back=led_back, seed=1)
    return made, try_combinations(row, background, answer), answer(row)[0]


def test_what_the_program_knows_has_no_error():
    made, exact, _ = _explained(_forest())
    assert made.method == "exact"
    assert made.parts == pytest.approx(exact, abs=1e-9)
    assert set(made.errors.values()) == {0.0}


def test_what_the_program_knows_of_makes_sampling_surer():
    program = _forest(Link(inputs=("y",), output="z", kind="exponential"))
    made, exact, answer = _explained(program)
    plain, _, _ = _explained(program, led=False)
    assert (made.method, plain.method) == ("corrected", "sampled")
    assert made.usual + sum(made.parts.values()) == pytest.approx(answer)
    assert sum(made.errors.values()) < 0.7 * sum(plain.errors.values())
    for name, part in made.parts.items():
        assert abs(part - exact[name]) < 4 * made.errors[name] + 1e-9


def test_few_columns_are_tried_in_every_combination():
    made = contributions(_row(a=1.0), _background(a=[0.0]), lambda rows: rows["a"])
    assert (made.method, made.parts) == ("combinations", {"a": 1.0})
