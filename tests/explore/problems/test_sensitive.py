import numpy as np
import polars as pl

from modelwright.explore.problems.sensitive import find_gaps

N = 2_000


def people(rng, *, noise):
    sex = np.arange(N) % 2
    x = rng.normal(size=N)
    heard = np.where(sex == 1, noise, 0.1)
    return pl.DataFrame(
        {
            "sex": np.where(sex == 1, "female", "male"),
            "x": x,
            "y": x + heard * rng.normal(size=N) > 0,
        }
    )


def test_a_group_that_is_answered_worse_is_named(subject_for, rng):
    (risk,) = find_gaps(subject_for(people(rng, noise=3.0), "y"))
    assert risk.severity == "warning"
    assert "where 'sex' is 'female'" in risk.sentence


def test_equal_groups_are_a_note(subject_for, rng):
    (risk,) = find_gaps(subject_for(people(rng, noise=0.1), "y"))
    assert risk.severity == "note"
    assert "no group of enough rows worse beyond chance" in risk.sentence


def test_a_column_that_is_not_read_is_compared_all_the_same(subject_for, rng):
    subject = subject_for(people(rng, noise=3.0), "y", roles={"sex": "ignored"})
    (risk,) = find_gaps(subject)
    assert "the model does not read them" in risk.sentence
    assert "'female'" in risk.sentence


def test_ages_are_compared_in_spans(subject_for, rng):
    age = rng.integers(18, 90, N)
    x = rng.normal(size=N)
    heard = np.where(age >= 60, 4.0, 0.1)
    table = pl.DataFrame({"age": age, "job": ["a", "b"] * (N // 2), "x": x})
    (risk,) = find_gaps(subject_for(table.with_columns(y=x + heard * rng.normal(size=N) > 0), "y"))
    assert "'60 and more'" in risk.sentence


def test_the_age_of_things_is_no_attribute_of_people(subject_for, rng):
    table = pl.DataFrame({"age": rng.integers(1, 90, N), "cement": rng.normal(size=N)})
    assert list(find_gaps(subject_for(table.with_columns(y=pl.col("cement") > 0), "y"))) == []


def test_a_code_is_written_without_decimals(subject_for, rng):
    table = people(rng, noise=3.0).with_columns(sex=pl.col("sex").eq("female").cast(pl.Int8))
    (risk,) = find_gaps(subject_for(table, "y"))
    assert "where 'sex' is '1'" in risk.sentence


def test_few_rows_are_not_compared(subject_for, rng):
    (risk,) = find_gaps(subject_for(people(rng, noise=3.0).head(60), "y"))
    assert "too few rows" in risk.sentence
