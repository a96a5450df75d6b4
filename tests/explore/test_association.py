import numpy as np
import polars as pl
import pytest

from modelwright.explore.association import measure_column

N = 3_000


@pytest.fixture
def strengths(case_for, rng):
    def measure(target, **columns):
        case = case_for(pl.DataFrame({**columns, "y": target}), "y", kind=None)
        return case.strengths

    return measure


def test_a_number_for_every_row_tells_nothing_by_itself(strengths, rng):
    y = rng.random(N) < 0.4
    found = strengths(y, ident=rng.permutation(N) * 1.5, words=[f"a{i % 1500}" for i in range(N)])
    assert all(strength.association < 0.1 for strength in found.values())


@pytest.mark.parametrize("labels", [["no", "yes"], ["a", "b", "c"]])
def test_the_class_itself_tells_everything(strengths, rng, labels):
    y = rng.choice(labels, N)
    found = strengths(y, same=np.char.add("is ", y), noise=rng.normal(size=N))
    assert found["same"].association > 0.95
    assert found["same"].unexplained == 0
    assert found["noise"].association < 0.1


@pytest.mark.parametrize("shape", ["rising", "falling", "bowl"])
def test_regression_finds_any_shape(strengths, rng, shape):
    x = rng.normal(size=N)
    y = {"rising": x**3, "falling": -np.exp(x), "bowl": x**2}[shape]
    found = strengths(y, x=x, noise=rng.normal(size=N))
    assert found["x"].association > 0.98
    assert found["noise"].association < 0.05


def test_a_threshold_is_exact_although_bins_are_not(strengths, rng):
    x = rng.normal(size=N)
    found = strengths(x > 1.234, x=x)
    assert found["x"].unexplained == 0
    assert found["x"].association == 1


def test_rows_of_a_group_stay_in_one_fold(case_for, rng):
    person = np.repeat(np.arange(300), 10)
    ill = (rng.random(300) < 0.5)[person]
    table = pl.DataFrame({"person": person, "birth": person % 299, "ill": ill})
    table = table.with_columns(pl.col("person", "birth").cast(pl.String))
    case = case_for(table, "ill", roles={"person": "group", "birth": "feature"})
    assert measure_column(case.sample, "birth").association < 0.15


def test_everything_is_between_nothing_and_all(strengths, rng):
    y = rng.random(60) < 0.5
    found = strengths(
        y,
        empty=pl.Series([None] * 59 + [1.0]),
        few=[None, "a", "b"] * 20,
        moment=pl.Series(np.arange(60)).cast(pl.Datetime("us")),
    )
    assert all(0 <= strength.association <= 1 for strength in found.values())


@pytest.mark.parametrize(("start", "step"), [(0.0, 1e50), (1e9, 1.0)])
def test_thresholds_between_classes_are_found_in_numbers_of_any_size(strengths, rng, start, step):
    y = rng.integers(0, 4, N)
    number = start + (y + rng.integers(0, 900, N) / 1000) * step
    assert strengths(np.array(list("abcd"))[y], number=number)["number"].unexplained < 0.005
