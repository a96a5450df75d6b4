from pathlib import Path

from click.testing import CliRunner

from bench.coverage import main


def test_each_set_has_a_line_with_its_share(folder: Path):
    told = CliRunner().invoke(
        main, ["--data", str(folder), "--only", "visits,prices", "--splits", "3"]
    )
    assert told.exit_code == 0, told.output
    visits, prices, every = told.output.splitlines()
    for line, name, count in ((visits, "visits", 3), (prices, "prices", 3), (every, "all", 6)):
        assert line.startswith(f"{name} ")
        assert line.endswith(f" of {count}")
    assert "roc_auc" in visits
    assert "rmse" in prices
