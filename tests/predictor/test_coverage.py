import json

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from example_bundle import BINARY, MULTICLASS, REGRESSION, make_coverage, make_program
from modelwright.errors import BundleError, InputError
from modelwright.predictor.coverage import Ranges, Sets
from modelwright.predictor.program import check_program
from modelwright.predictor.storage.storage import read_program, write_program

RANGES, SETS = make_coverage(REGRESSION), make_coverage(BINARY)
NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


def by_hand(ranges, answer, level):
    """Read the table as another language would."""
    place, band = ranges.levels.index(level), 0
    while band < len(ranges.edges) and ranges.edges[band] <= answer:
        band += 1
    low = answer - float(ranges.below[place, band])
    if ranges.floor is not None:
        low = max(low, min(answer, ranges.floor))
    return [low, answer + float(ranges.above[place, band])]


@given(NUMBERS, st.sampled_from(RANGES.levels))
def test_a_range_is_what_another_host_would_read_bit_for_bit(numbers, level):
    ends = RANGES.ends(np.array(numbers)[:, None], level)
    assert ends.tolist() == [by_hand(RANGES, number, level) for number in numbers]


@given(NUMBERS)
def test_a_range_holds_its_answer_and_those_of_lower_levels(numbers):
    answers = np.array(numbers)[:, None]
    (low, high), (lower, higher) = (RANGES.ends(answers, level).T for level in RANGES.levels)
    assert (low <= answers[:, 0]).all()
    assert (answers[:, 0] <= high).all()
    assert (lower <= low).all()
    assert (high <= higher).all()


def test_an_answer_on_an_edge_belongs_to_the_band_above():
    below = np.nextafter(0.5, 0.0)
    assert RANGES.ends(np.array([[below], [0.5]]), 0.8)[:, 1].tolist() == [below + 0.1, 1.0]


def test_a_range_ends_at_the_floor_unless_its_answer_lies_below():
    assert RANGES.ends(np.array([[-0.2], [-0.4]]), 0.9)[:, 0].tolist() == [-0.25, -0.4]


@pytest.mark.parametrize("task", [BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def test_a_row_alone_has_the_bits_of_the_batch(task):
    program = msgspec.structs.replace(make_program(task), coverage=make_coverage(task))
    answers = np.random.default_rng(0).dirichlet([1.0] * task.n_outputs, 50)
    if task == REGRESSION:
        answers = answers - np.linspace(0, 2, 50)[:, None]
    read = program.sets if task.is_classification else program.ranges
    every = read(answers, 0.8)
    for number in range(50):
        (alone,) = read(answers[number : number + 1], 0.8)
        assert list(alone) == list(every[number])


def test_a_set_holds_what_is_likely_and_at_least_the_answer():
    program = msgspec.structs.replace(make_program(BINARY), coverage=SETS)
    answers = np.array([[0.9, 0.1], [0.7, 0.3], [0.5, 0.5], [0.69, 0.31]])
    assert program.sets(answers, 0.8) == [("no",), ("no",), ("yes",), ("no",)]
    assert program.sets(answers) == [("no",), ("no", "yes"), ("no", "yes"), ("no", "yes")]


@pytest.mark.parametrize("level", [0.85, 0.0, 1.0, -3, 10**400, float("nan"), float("inf")])
def test_a_level_that_is_not_offered_gets_the_nearest(level):
    with pytest.raises(InputError, match=r"at 0\.8, 0\.9, not at .*Ask for 0\.[89]\."):
        RANGES.place(level)


def test_the_usual_level_is_the_one_nearest_to_nine_tenths():
    assert RANGES.usual_level == 0.9
    assert msgspec.structs.replace(RANGES, levels=(0.5, 0.99)).usual_level == 0.99


def test_without_coverage_none_is_stated():
    with pytest.raises(BundleError, match=r"states no ranges\. Build it again"):
        make_program(REGRESSION).ranges(np.zeros((1, 1)))
    with pytest.raises(BundleError, match="states no sets"):
        make_program().sets(np.full((1, 2), 0.5))


@pytest.mark.parametrize("task", [BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def test_what_is_stored_is_read_again(task):
    program = msgspec.structs.replace(make_program(task), coverage=make_coverage(task))
    stored = write_program(program)
    assert write_program(read_program(*stored)) == stored
    read = read_program(*stored).coverage
    assert isinstance(read, Sets if task.is_classification else Ranges)


def test_a_program_of_earlier_versions_states_none():
    text, arrays = write_program(make_program())
    document = json.loads(text)
    del document["coverage"]
    assert read_program(json.dumps(document).encode(), arrays).coverage is None


HOSTILE = {
    "no level": (REGRESSION, RANGES, {"levels": ()}),
    "levels that fall": (REGRESSION, RANGES, {"levels": (0.9, 0.8)}),
    "a level of all": (REGRESSION, RANGES, {"levels": (0.8, 1.0)}),
    "more levels than rows": (REGRESSION, RANGES, {"levels": (0.7, 0.8, 0.9)}),
    "too many levels": (REGRESSION, RANGES, {"levels": tuple(np.linspace(0.1, 0.9, 21))}),
    "edges that fall": (REGRESSION, RANGES, {"edges": np.array([0.5, -0.5])}),
    "an edge that is NaN": (REGRESSION, RANGES, {"edges": np.array([0.5, np.nan])}),
    "edges of two dimensions": (REGRESSION, RANGES, {"edges": np.zeros((1, 2))}),
    "a missing band": (REGRESSION, RANGES, {"below": np.zeros((2, 2))}),
    "a negative reach": (REGRESSION, RANGES, {"above": np.full((2, 3), -1.0)}),
    "an infinite reach": (REGRESSION, RANGES, {"above": np.full((2, 3), np.inf)}),
    "a floor that is NaN": (REGRESSION, RANGES, {"floor": float("nan")}),
    "ranges of classes": (BINARY, RANGES, {}),
    "sets of numbers": (REGRESSION, SETS, {}),
    "sets of another task": (MULTICLASS, SETS, {}),
    "a threshold that is NaN": (BINARY, SETS, {"thresholds": np.full((2, 2), np.nan)}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_tables_are_refused(name):
    task, coverage, changes = HOSTILE[name]
    changed = msgspec.structs.replace(coverage, **changes)
    with pytest.raises(BundleError, match="coverage is invalid"):
        check_program(msgspec.structs.replace(make_program(task), coverage=changed))
