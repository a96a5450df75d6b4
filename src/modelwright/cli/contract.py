"""`modelwright contract`: what is promised to the model."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import json_option, source_options
from modelwright.cli.output import print_json

if TYPE_CHECKING:
    from modelwright.data.contracts.contract import Contract


@click.group("contract")
def command() -> None:
    """What is promised to the model, and what changes in it.

    \b
    Example:
      modelwright contract diff orders-model december.csv --json
    """


@command.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new")
@source_options
@json_option
def diff(old: Path, new: str, *, table: str | None, query: str | None, as_json: bool) -> int:
    """Say what changes from OLD to NEW, and how much it will hurt the model.

    OLD is a workspace, a bundle or a contract file; those of a built model say how much its score
    depends on each column. NEW is a contract file, or a table whose contract is derived.

    Exits with 0 when nothing breaks the model, 1 when something does.

    \b
    Examples:
      modelwright contract diff orders-model new-contract.yaml
      modelwright contract diff orders-model december.csv --json
    """
    from modelwright.data.contracts.diff import compare_contracts
    from modelwright.report.terminal.contract_changes import describe_changes

    before = _contract_at(old)
    changes = compare_contracts(before, _coming(new, before, table=table, query=query))
    if as_json:
        print_json(changes)
    else:
        click.echo(describe_changes(changes, metric=before.metric))
    return 1 if any(change.severity == "breaking" for change in changes) else 0


def _contract_at(path: Path) -> "Contract":
    """Read the contract of a workspace, of a bundle or of a file."""
    from modelwright.data.odcs.reader import read_contract
    from modelwright.errors import InputError

    places = (_released(path), path / "candidate" / "contract.yaml", path / "contract.yaml", path)
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise InputError(
            f"There is no contract at {path}.", "Name a workspace, a bundle or a contract file."
        )
    try:
        return read_contract(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not in UTF-8: {error}.", "Write it again.") from error


def _released(path: Path) -> Path:
    """Return the contract of a workspace's champion, or the path itself where there is none."""
    from modelwright.engineer.champion import bundle_folder
    from modelwright.errors import BundleError

    try:
        return bundle_folder(path) / "contract.yaml"
    except BundleError:
        return path


def _coming(new: str, old: "Contract", *, table: str | None, query: str | None) -> "Contract":
    """Return the contract that NEW is, or that its rows keep."""
    from modelwright.cli.tables import read_table
    from modelwright.data.contracts.rules import contract_as

    if Path(new).suffix in (".yaml", ".yml") or Path(new).is_dir():
        return _contract_at(Path(new))
    return contract_as(read_table(new, table=table, query=query), old)
