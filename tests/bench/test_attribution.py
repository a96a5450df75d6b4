from pathlib import Path

import polars as pl
from click.testing import CliRunner

from bench.attribution import command
from example_bundle import ROWS, make_bundle
from modelwright.predictor.bundle_folder import write_bundle


def test_what_explanations_take_is_measured(folder: Path):
    write_bundle(make_bundle(), folder / "bundle")
    pl.DataFrame(ROWS * 10).write_parquet(folder / "rows.parquet")
    arguments = [str(folder / "bundle"), str(folder / "rows.parquet"), "--rows", "2"]
    told = CliRunner().invoke(command, arguments)
    assert told.exit_code == 0, told.output
    # Of four columns every combination is tried.
    assert told.output.splitlines()[0].startswith("sampled alone     0 largest error")
    assert told.output.splitlines()[-1].startswith("the report")
