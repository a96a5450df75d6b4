from click.testing import CliRunner

from bench.checks import CONTRACT, main, make_table
from modelwright.data.contracts.contract import check_table


def test_the_table_keeps_its_rules():
    assert check_table(make_table(2_000), CONTRACT).passed


def test_each_side_has_a_line():
    told = CliRunner().invoke(main, ["--rows", "2000", "--runs", "1"])
    assert told.exit_code == 0, told.output
    assert told.output.startswith("modelwright: check ")
