import json

import polars as pl
import pytest

from example_bundle import BINARY, ROWS, make_bundle
from modelwright.predictor.bundle_folder import write_bundle


@pytest.fixture
def rows(folder):
    write_bundle(make_bundle(BINARY), folder / "classes")
    pl.DataFrame(ROWS).write_csv("rows.csv")


@pytest.mark.usefixtures("rows")
def test_a_row_as_json_and_in_a_table_are_explained_alike(call):
    row = json.dumps({**ROWS[1], "seen": "2024-12-31"})
    told = call("explain", "classes", row)
    assert told.code == 0
    assert told.out == call("explain", "classes", "rows.csv", "--number", "2").out
    found = json.loads(call("explain", "classes", row, "--json").out)
    assert found["parts"][0]["column"] in ROWS[1]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("{",), "no JSON"),
        (('{"jop": "cook"}',), "Did you mean 'job'?"),
        (("rows.csv", "--number", "9"), "has 4 rows"),
        (("nothing.csv",), "nothing.csv"),
    ],
)
def test_what_is_no_row_is_said(call, arguments, words):
    told = call("explain", "classes", *arguments)
    assert told.code == 2
    assert words in told.err
