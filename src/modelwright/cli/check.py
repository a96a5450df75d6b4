"""`modelwright check`: a table against the contract."""

import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import compute_option, json_option, source_options, workspace_option
from modelwright.cli.output import print_json

if TYPE_CHECKING:
    import polars as pl

    from modelwright.data.checks.parts.pieces import Room, Rules
    from modelwright.data.contracts.contract import CheckReport, Contract
    from modelwright.data.sources.base import Source


@click.command("check")
@click.argument("data")
@click.option(
    "--contract",
    type=click.Path(path_type=Path),
    help="A contract file. [default: the workspace's contract.yaml]",
)
@source_options
@workspace_option
@click.option(
    "--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit XML there."
)
@click.option(
    "--failing-rows",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the rows that break a rule there, as CSV or Parquet.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=1_000,
    metavar="N",
    help="Failing rows of each rule. [default: 1,000]",
)
@click.option(
    "--max-memory",
    "--memory",
    "max_memory",
    metavar="SIZE",
    help="What the check may hold, such as 1GB: pieces of Parquet are as large as fit.",
)
@compute_option
@json_option
def command(
    data: str,
    workspace: Path,
    *,
    contract: Path | None,
    table: str | None,
    query: str | None,
    junit: Path | None,
    failing_rows: Path | None,
    most: int,
    max_memory: str | None,
    compute: str,
    as_json: bool,
) -> int:
    """Test every rule of the data contract on DATA; failing rows are shown.

    A database counts where the rows are: only columns of broken rules are read, for examples.
    Parquet is read a piece at a time, however long it is; with `--compute ray` or
    `ray://HOST:PORT` nodes of a cluster look at the pieces, which they must reach by the same path.

    Exits with 0 when it passes, 1 when a rule is broken, 2 when it could not be tested.

    \b
    Examples:
      modelwright check november.csv --workspace flights-model
      modelwright check postgresql://me@host/shop --table orders --contract contract.yaml
      modelwright check november.csv --junit report.xml --failing-rows broken.csv
      modelwright check flights/ --contract contract.yaml --max-memory 1GB --compute ray
    """
    import time

    from modelwright.compute.limits import parse_bytes
    from modelwright.data.checks.parts.failing_rows import list_failing_rows
    from modelwright.data.checks.parts.pieces import Room
    from modelwright.data.odcs.reader import read_contract
    from modelwright.data.pieces.first import FirstRows
    from modelwright.data.pieces.open import open_pieces
    from modelwright.data.sources.open import open_source
    from modelwright.report.junit import junit_of
    from modelwright.report.terminal.check import describe_check

    _check_suffix(failing_rows)
    rules = read_contract(_text_of(contract or workspace / "contract.yaml"))
    began = time.monotonic()
    source = open_source(data, table=table, query=query)
    room = Room.within(parse_bytes(max_memory)) if max_memory else Room()
    result = _check(data, source, rules, place=(table, query), room=room, compute=compute)
    if junit is not None:
        seconds = time.monotonic() - began
        _write(junit, junit_of(result, name=table or source.address, seconds=seconds).encode())
    if failing_rows is not None:
        broken = _broken(rules, result)
        pieces = open_pieces(data, table=table, query=query)
        if pieces.rows is None:
            # Totals and notes below the rows of a file were left out of the check.
            pieces = FirstRows(pieces, result.rows)
        _write_rows(list_failing_rows(pieces, broken, most=most, room=room), failing_rows)
    if as_json:
        print_json(result)
    else:
        click.echo(describe_check(result))
    return 0 if result.passed else 1


def _check(
    data: str,
    source: "Source",
    rules: "Contract",
    *,
    place: tuple[str | None, str | None],
    room: "Room",
    compute: str,
) -> "CheckReport":
    from modelwright.data.checks.parts.source import check_source
    from modelwright.data.pushed.check import check_database
    from modelwright.data.sources.databases import is_database
    from modelwright.errors import InputError

    if is_database(data):
        if compute != "here":
            raise InputError(
                "A database counts where the rows are: nobody else has a part of it.",
                "Leave out --compute.",
            )
        return check_database(data, rules, table=place[0], query=place[1])
    if compute != "here":
        from modelwright.engineer.checking import check_by_crew

        tell = partial(click.echo, err=True)
        return check_by_crew(data, rules, compute=compute, room=room, report=tell)
    return check_source(source, rules, room=room)


def _broken(rules: "Contract", report: "CheckReport") -> "Rules":
    """Return the rules that are broken: some rows more than may break them do."""
    from modelwright.data.checks.parts.pieces import Rules

    results = zip(rules.every_check, report.results, strict=True)
    return Rules(rules.schema, tuple(check for check, found in results if not found.passed))


def _text_of(path: Path) -> str:
    from modelwright.errors import InputError

    if not path.is_file():
        raise InputError(f"There is no contract {path}.", "Name one: --contract FILE.")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not in UTF-8: {error}.", "Write it again.") from error


def _check_suffix(path: Path | None) -> None:
    from modelwright.errors import InputError

    if path is not None and path.suffix not in (".csv", ".parquet"):
        raise InputError(f"Rows cannot be written as {path.name!r}.", "Say .csv or .parquet.")


def _write_rows(rows: "pl.DataFrame", path: Path) -> None:
    text = io.BytesIO()
    rows.write_parquet(text) if path.suffix == ".parquet" else rows.write_csv(text)
    _write(path, text.getvalue())


def _write(path: Path, data: bytes) -> None:
    from modelwright.errors import InputError

    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
