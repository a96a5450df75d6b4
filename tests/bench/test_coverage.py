from pathlib import Path

from click.testing import CliRunner

from bench.coverage import main


def test_each_set_has_a_line_with_its_share(folder: Path):
    told = CliRunner().invoke(
        main, ["--data", str(folder), "--only", "visits,prices", "--splits", "3"]
    )
    assert told.exit_code == 0, told.output
    visits, prices, every = told.output.splitlines()
    assert visits.startswith("visits ") and "roc_auc" in visits and "of 3" in visits
    assert prices.startswith("prices ") and "rmse" in prices
    assert every.startswith("all ") and every.endswith("of 6")
