from pathlib import Path

from click.testing import CliRunner

from bench.labels import main


def test_each_set_of_classes_has_a_line_for_each_share(folder: Path):
    told = CliRunner().invoke(main, ["--data", str(folder)])
    assert told.exit_code == 0, told.output
    lines = told.output.splitlines()
    assert [line.split(",")[0] for line in lines] == ["visits"] * 4 + ["kinds"] * 4
    assert lines[0] == "visits, 0% wrong: nothing doubted"
