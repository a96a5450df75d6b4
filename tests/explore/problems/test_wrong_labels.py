from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from modelwright.explore.problems.wrong_labels import LIST, find_wrong_labels
from modelwright.explore.written import Written

N = 3_000


@pytest.fixture
def clean(rng):
    x, z = rng.normal(size=(2, N))
    return pl.DataFrame({"x": x, "z": z, "y": np.where(x + z > 0, "up", "down")})


def spoil(table, rows):
    other = pl.when(pl.col("y") == "up").then(pl.lit("down")).otherwise(pl.lit("up"))
    return (
        table.with_row_index("row")
        .with_columns(y=pl.when(pl.col("row").is_in(list(rows))).then(other).otherwise("y"))
        .drop("row")
    )


def test_exchanged_answers_are_listed(subject_for, clean, rng):
    table = spoil(clean, rng.permutation(N)[:90].tolist())
    subject = subject_for(table, "y")
    (risk,) = find_wrong_labels(subject)
    assert "look wrong" in risk.sentence
    listed = pl.read_csv(subject.workspace.path / LIST)
    assert listed.columns == ["expected", "probability", "y", "x", "z"]
    truth = np.where(listed["x"] + listed["z"] > 0, "up", "down")
    wrong = (listed["y"].to_numpy() != truth).mean()
    assert wrong > 0.5
    assert (listed["expected"] != listed["y"]).all()


def test_the_list_has_the_rows_of_the_table_as_they_were_written(subject_for, clean, rng):
    table = spoil(clean, rng.permutation(N)[:90].tolist()).with_columns(
        paid=pl.Series(rng.choice(["yes", "no"], N)), row=pl.Series(rng.integers(5, size=N))
    )
    table = table.with_columns(y=pl.when(rng.random(N) < 0.1).then(None).otherwise("y"))
    subject = subject_for(table, "y")
    numbers = np.arange(N) * 2 + 1
    list(find_wrong_labels(replace(subject, written=Written(lambda: table, numbers))))
    listed = pl.read_csv(subject.workspace.path / LIST)
    assert listed.columns == ["row_", "expected", "probability", "y", "x", "z", "paid", "row"]
    own = table[(listed["row_"].to_numpy() - 1) // 2]
    assert own.select("y", "x", "z", "paid", "row").equals(listed[:, 3:])
    list(find_wrong_labels(replace(subject, written=Written(lambda: table))))
    drawn = pl.read_csv(subject.workspace.path / LIST)
    assert drawn.equals(listed.drop("row_"))


def test_answers_by_chance_are_not_doubted(subject_for, clean, rng):
    table = clean.with_columns(y=pl.Series(rng.choice(["up", "down"], N)))
    assert list(find_wrong_labels(subject_for(table, "y"))) == []


def test_numbers_and_few_rows_are_left_alone(subject_for, clean):
    numbers = clean.with_columns(y=pl.col("x") * 2)
    assert list(find_wrong_labels(subject_for(numbers, "y"))) == []
    assert list(find_wrong_labels(subject_for(clean.head(600), "y"))) == []
