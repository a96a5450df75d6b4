"""Ranges and sets beside the answers of `modelwright predict`."""

import json

import polars as pl
import pytest

from example_bundle import MULTICLASS, REGRESSION, ROWS, make_bundle, make_covered_bundle
from modelwright.predictor.bundle_folder import write_bundle


@pytest.fixture
def written(folder):
    """A table, and bundles with and without coverage, in the present folder."""
    pl.DataFrame(ROWS).write_csv("rows.csv")
    write_bundle(make_covered_bundle(REGRESSION), folder / "numbers")
    write_bundle(make_covered_bundle(MULTICLASS), folder / "classes")
    write_bundle(make_bundle(), folder / "plain")


def test_ranges_are_columns(written, call):
    answered = pl.read_csv(call("predict", "numbers", "rows.csv", "--coverage", "0.9").out.encode())
    assert answered.columns[-3:] == ["prediction", "prediction_low", "prediction_high"]
    assert (answered["prediction_low"] <= answered["prediction"]).all()


def test_sets_are_json_in_csv(written, call):
    done = call("predict", "classes", "rows.csv", "--coverage", "0.9", "-o", "answers.csv", "-q")
    assert (done.code, done.err) == (0, "")
    answered = pl.read_csv("answers.csv")
    for answer, among in answered.select("prediction", "prediction_set").iter_rows():
        assert answer in json.loads(among)


def test_without_the_option_columns_are_as_they_were(written, call):
    answered = pl.read_csv(call("predict", "numbers", "rows.csv").out.encode())
    assert answered.columns == [*ROWS[0], "prediction"]


@pytest.mark.parametrize(
    ("bundle", "level", "sentence"),
    [
        ("plain", "0.9", "The model states no sets."),
        ("classes", "0.7", "not at 0.7. Ask for 0.8."),
        ("classes", "90", "Ask for 0.9."),
        ("classes", "much", "is not a valid float"),
    ],
)
def test_coverage_that_is_not_offered_is_refused(bundle, level, sentence, written, call):
    done = call("predict", bundle, "rows.csv", "--coverage", level, "-o", "answers.csv")
    assert (done.code, done.out) == (2, "")
    assert sentence in done.sentence
