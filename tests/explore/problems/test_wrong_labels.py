import numpy as np
import polars as pl
import pytest

from modelwright.explore.problems.wrong_labels import LIST, find_wrong_labels

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


def test_answers_by_chance_are_not_doubted(subject_for, clean, rng):
    table = clean.with_columns(y=pl.Series(rng.choice(["up", "down"], N)))
    assert list(find_wrong_labels(subject_for(table, "y"))) == []


def test_numbers_and_few_rows_are_left_alone(subject_for, clean):
    numbers = clean.with_columns(y=pl.col("x") * 2)
    assert list(find_wrong_labels(subject_for(numbers, "y"))) == []
    assert list(find_wrong_labels(subject_for(clean.head(600), "y"))) == []
