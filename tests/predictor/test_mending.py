import numpy as np
import pytest

from example_bundle import BINARY, REGRESSION, ROWS, SCHEMA, make_program
from modelwright.data.records import columns_from_records
from modelwright.errors import InputError
from modelwright.predictor.mending import (
    convert_column,
    fill_column,
    hold_column,
    rename_levels,
    swap_columns,
)
from modelwright.predictor.storage.storage import read_program, write_program

PROGRAM = make_program(BINARY)


def columns(**changes):
    rows = [
        {**row, **{name: change(row[name]) for name, change in changes.items()}} for row in ROWS
    ]
    return columns_from_records(rows, SCHEMA)


USUAL = PROGRAM.run(columns())


def test_a_unit_is_undone_and_a_second_change_too():
    once = convert_column(PROGRAM, "age", factor=12.0, offset=0.0)
    months = columns(age=lambda age: None if age is None else age * 12)
    assert np.allclose(once.run(months), USUAL)
    twice = convert_column(once, "age", factor=1.0, offset=5.0)
    late = columns(age=lambda age: None if age is None else age * 12 + 5)
    assert np.allclose(twice.run(late), USUAL)


def test_a_renamed_level_is_read_as_the_one_that_is_known():
    renamed = columns(job=lambda job: {"cook": "chef"}.get(job, job))
    once = rename_levels(PROGRAM, "job", {"chef": "cook"})
    assert np.array_equal(once.run(renamed), USUAL)
    assert np.array_equal(once.run(columns()), USUAL)
    twice = rename_levels(once, "job", {"koch": "chef"})
    again = columns(job=lambda job: {"cook": "koch"}.get(job, job))
    assert np.array_equal(twice.run(again), USUAL)


def test_a_known_level_cannot_stand_for_another():
    with pytest.raises(InputError, match="The model knows 'clerk'"):
        rename_levels(PROGRAM, "job", {"clerk": "cook"})


def test_a_moment_has_no_levels():
    with pytest.raises(InputError, match="does not read 'seen' as categories alone"):
        rename_levels(PROGRAM, "seen", {"a": "b"})
    with pytest.raises(InputError, match="does not read 'seen'"):
        hold_column(PROGRAM, "seen", value=None)


def test_swapped_columns():
    swapped = swap_columns(PROGRAM, "age", "member")
    there = columns()
    other = {**there, "age": there["member"], "member": there["age"]}
    assert np.array_equal(swapped.run(other), USUAL)


def test_a_column_that_is_held_does_not_matter():
    held = hold_column(PROGRAM, "age", value=20.5)
    assert np.array_equal(held.run(columns(age=lambda _: 1e9)), held.run(columns()))
    assert np.array_equal(held.run(columns())[1], USUAL[1])
    cooks = hold_column(PROGRAM, "job", value="cook")
    assert np.array_equal(cooks.run(columns())[1], USUAL[1])
    assert np.array_equal(cooks.run(columns(job=lambda _: "x")), cooks.run(columns()))


def test_a_missing_number_is_filled():
    filled = fill_column(PROGRAM, "age", value=20.5)
    there = columns(age=lambda age: 20.5 if age is None else age)
    assert np.array_equal(filled.run(columns()), PROGRAM.run(there))


def test_a_mended_program_is_stored_and_read():
    program = make_program(REGRESSION)
    mended = rename_levels(
        convert_column(program, "age", factor=2.0, offset=1.0), "job", {"chef": "cook"}
    )
    again = read_program(*write_program(mended))
    assert np.array_equal(again.run(columns()), mended.run(columns()))
