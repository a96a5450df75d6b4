"""`modelwright check`: a table against the contract."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, source_options, workspace_option
from modelwright.cli.output import print_json
from modelwright.cli.tables import read_table


@click.command("check")
@click.argument("data")
@click.option(
    "--contract",
    type=click.Path(path_type=Path),
    help="A contract file. [default: the workspace's contract.yaml]",
)
@source_options
@workspace_option
@json_option
def command(
    data: str,
    workspace: Path,
    *,
    contract: Path | None,
    table: str | None,
    query: str | None,
    as_json: bool,
) -> int:
    """Test every rule of the data contract on DATA; failing rows are shown.

    Leaves with 0 when it passes, 1 when a rule is broken, 2 when it could not be tested.

    \b
    Examples:
      modelwright check november.csv --workspace flights-model
      modelwright check postgresql://me@host/shop --table orders --contract contract.yaml
    """
    from modelwright.data.contract import check_table
    from modelwright.data.odcs.reader import read_contract
    from modelwright.report.terminal import describe_check

    rules = read_contract(_text_of(contract or workspace / "contract.yaml"))
    result = check_table(read_table(data, table=table, query=query), rules)
    if as_json:
        print_json(result)
    else:
        click.echo(describe_check(result))
    return 0 if result.passed else 1


def _text_of(path: Path) -> str:
    from modelwright.errors import InputError

    if not path.is_file():
        raise InputError(f"There is no contract {path}.", "Name one: --contract FILE.")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not in UTF-8: {error}.", "Write it again.") from error
