"""`modelwright explain`: why a row got its answer."""

from pathlib import Path
from typing import Any

import click

from modelwright.cli.options import json_option, source_options
from modelwright.cli.output import print_json


@click.command("explain")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("row")
@click.option(
    "--number",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Which row of a table, counted from 1.",
)
@source_options
@json_option
def command(
    bundle: Path,
    row: str,
    *,
    number: int,
    table: str | None,
    query: str | None,
    as_json: bool,
) -> int:
    """Say why the BUNDLE answers a ROW as it does.

    BUNDLE is a bundle's folder or a workspace, whose champion answers. ROW is an object of JSON, or
    a table, of which `--number` names the row.

    What each column adds to the usual answer is its Shapley value against the rows that the bundle
    recorded: the parts add up to the answer, and it is said how exact they are. Below stand the
    fewest values that would make it another class, the recorded rows most like it, and values that
    training rows hardly had.

    \b
    Examples:
      modelwright explain flights-model '{"carrier": "AA", "distance": 733}'
      modelwright explain flights-model november.csv --number 17 --json
    """
    from modelwright.engineer.champion import bundle_folder
    from modelwright.predictor.bundle_folder import read_bundle
    from modelwright.predictor.explanations.explanation import explain
    from modelwright.report.terminal.explained import describe_explanation

    model = read_bundle(bundle_folder(bundle))
    record = _parsed(row) if row.lstrip().startswith("{") else None
    if record is None:
        record = _row_of_table(row, number, model, table=table, query=query)
    explanation = explain(model, record)
    if as_json:
        print_json(explanation)
    else:
        click.echo(describe_explanation(explanation))
    return 0


def _parsed(text: str) -> dict[str, Any]:
    import msgspec

    from modelwright.errors import InputError

    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise InputError(f"The row is no JSON: {error}.", 'Write {"column": value}.') from error


def _row_of_table(
    data: str, number: int, model: Any, *, table: str | None, query: str | None
) -> dict[str, Any]:
    from modelwright.cli.tables import read_table
    from modelwright.errors import InputError
    from modelwright.predictor.cases import as_sent

    rows = read_table(data, table=table, query=query)
    if number > len(rows):
        raise InputError(f"The table has {len(rows):,} rows, not {number:,}.", "Count from 1.")
    (record,) = as_sent([rows.row(number - 1, named=True)], model.schema)
    return record
