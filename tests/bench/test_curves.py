from pathlib import Path

from click.testing import CliRunner

from bench.curves import main


def test_sets_that_are_too_small_are_named(folder: Path):
    told = CliRunner().invoke(main, ["--data", str(folder)])
    assert told.exit_code == 0, told.output
    assert told.output.splitlines()[0] == "visits: too few rows"
    assert told.output.splitlines()[-1] == "0 of 0 inside the 90% interval"
