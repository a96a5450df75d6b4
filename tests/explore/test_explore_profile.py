import polars as pl
import pytest

from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.explore.association import Strength
from modelwright.explore.profile import make_profile


def _one(series, kind, role=Role.FEATURE, strengths=None):
    frame = pl.DataFrame({"x": series})
    (profile,) = make_profile(
        frame, Schema(columns=(Column(name="x", kind=kind, role=role),)), strengths or {}
    )
    return profile


def test_numbers_have_percentiles_and_no_levels():
    profile = _one([float(i) for i in range(101)], Kind.NUMERIC)
    assert (profile.low, profile.middle, profile.high) == (1.0, 50.0, 99.0)
    assert profile.levels == ()


def test_infinite_numbers_do_not_reach_the_document():
    profile = _one([1.0, 2.0, float("inf")], Kind.NUMERIC)
    assert profile.high == 2.0


@pytest.mark.parametrize("kind", [Kind.NUMERIC, Kind.CATEGORICAL, Kind.BOOLEAN])
def test_a_column_without_values(kind):
    dtype = pl.String if kind == Kind.CATEGORICAL else pl.Float64
    profile = _one(pl.Series([None, None], dtype=dtype), kind)
    assert (profile.missing, profile.distinct, profile.levels) == (1.0, 0, ())


def test_levels_are_the_commonest_ten_in_a_fixed_order():
    texts = [f"l{i:02}" for i in range(20)] + ["l19"]
    profile = _one(texts, Kind.CATEGORICAL)
    assert profile.levels[0] == ("l19", 2 / 21)
    assert [level for level, _ in profile.levels[1:]] == [f"l{i:02}" for i in range(9)]


def test_truth_values_read_as_words():
    assert [level for level, _ in _one([1.0, 1.0, 0.0], Kind.BOOLEAN).levels] == ["yes", "no"]


def test_texts_and_ids_are_not_written_into_documents():
    assert _one(["a secret", "b secret"], Kind.TEXT).levels == ()
    assert _one(["4711", "4712"], Kind.ID, Role.ID).levels == ()


def test_association_is_that_of_the_strength():
    strengths = {"x": Strength(association=0.4, unexplained=0.8)}
    assert _one([1.0, 2.0], Kind.NUMERIC, strengths=strengths).association == 0.4
    assert _one([1.0, 2.0], Kind.NUMERIC).association is None
