"""`modelwright predict`: a table in, answers out."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import compute_option, json_option, quiet_option, source_options
from modelwright.cli.output import print_json
from modelwright.cli.tables import read_table

if TYPE_CHECKING:
    from modelwright.engineer.batch.job import Outcome, Seen
    from modelwright.engineer.batch.recipe import Recipe

_TELL_EVERY_S = 2.0


@click.command("predict")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("data")
@click.option(
    "-o",
    "--to",
    "--output",
    "to",
    metavar="OUT",
    help="A .csv, .parquet or .jsonl file, a folder (ending in /), or a database.",
)
@click.option("--to-table", metavar="NAME", default="", help="Which table of the database OUT.")
@click.option("--key", metavar="COLUMN", default="", help="It tells a row of DATA from all others.")
@click.option(
    "--columns",
    metavar="NAME,…",
    help="DATA's columns that are written. [default: all; into a table, the key]",
)
@click.option(
    "--contract",
    "policy",
    type=click.Choice(["refuse", "quarantine", "warn", "ignore"]),
    default="warn",
    show_default=True,
    help="What becomes of rows that break the bundle's contract.",
)
@click.option(
    "--existing",
    type=click.Choice(["update", "keep"]),
    default="update",
    show_default=True,
    help="What becomes of a row of the table whose key is there.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Processes. [default: 1; of 400,000 rows and more one for each core, up to 8]",
)
@click.option(
    "--max-memory",
    "--memory",
    "max_memory",
    metavar="SIZE",
    help="What the processes may hold together, such as 2GB: fewer work side by side.",
)
@compute_option
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=50_000,
    show_default=True,
    help="Of a piece: read, checked, answered and written at once.",
)
@click.option(
    "--coverage",
    type=float,
    metavar="SHARE",
    help="Add ranges or sets that hold the truth so often: 0.8, 0.9 or 0.95.",
)
@click.option(
    "--related",
    multiple=True,
    metavar="NAME=SOURCE",
    help="A related table that features are made of. [default: as the workspace names them]",
)
@click.option(
    "--pushed",
    is_flag=True,
    help="Let the database of DATA compute the features of related tables.",
)
@click.option(
    "--compiled", is_flag=True, help="Compile the model first, by a C++ compiler; kept for later."
)
@source_options
@quiet_option
@json_option
def command(
    bundle: Path,
    data: str,
    *,
    to: str | None,
    to_table: str,
    key: str,
    columns: str | None,
    policy: str,
    existing: str,
    jobs: int | None,
    max_memory: str | None,
    compute: str,
    rows: int,
    coverage: float | None,
    related: tuple[str, ...],
    pushed: bool,
    compiled: bool,
    table: str | None,
    query: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Predict the rows of DATA with the BUNDLE, and write DATA's columns with the answers.

    BUNDLE is a bundle's folder or a workspace, whose champion answers. DATA is a file, a folder of
    Parquet or CSV, or a database, of any size: it is read, held to the contract, answered and
    written a piece at a time. The same command goes on where a killed one ended, and every row is
    there once. Without `--to`, CSV goes to standard output.

    With `--contract refuse` a broken contract stops it before the piece is written, and it exits
    with 1; `quarantine` sets the rows aside that break it, with the rule, in a file beside OUT.

    With `--coverage 0.9` the columns prediction_low and prediction_high follow, between which the
    truth lies in 90 of 100 rows; for classes prediction_set, the classes among which it is.

    Features of related tables are made of the tables that the workspace names, or of `--related`,
    unless they are columns of DATA. With `--pushed` the database computes them, where all of these
    tables are in it: they are not read.

    With `--compiled` a C++ compiler makes a library of the model, which takes seconds once. It pays
    where no compiled kernel came with modelwright; answers may differ in the last bit.

    With `--compute ray` or `ray://HOST:PORT` nodes of a cluster answer the pieces; they must reach
    BUNDLE, DATA and OUT by the same paths.

    \b
    Examples:
      modelwright predict flights-model november.csv --to answers.parquet
      modelwright predict flights-model november.csv --to answers.parquet --coverage 0.9
      modelwright predict flights-model flights/ --to answers/ --jobs 4 --contract quarantine
      modelwright predict flights-model flights/ --to answers/ --compute ray
      modelwright predict flights-model postgresql://me@host/shop --table flights --key id \\
          --to postgresql://me@host/shop --to-table late_flights
      modelwright predict flights-model/bundles/late-1f2e3d4c5b6a november.csv > answers.csv
    """
    from modelwright.compute.limits import parse_bytes
    from modelwright.data.sources.open import shown_address
    from modelwright.engineer.batch.ask import Asked, predict_all
    from modelwright.engineer.batch.pushed import pushed_query
    from modelwright.engineer.batch.recipe import Recipe
    from modelwright.engineer.champion import bundle_folder
    from modelwright.engineer.question.related import related_of, sources_of

    if to is None and as_json:
        raise click.UsageError("With --json, say where the answers go: --to FILE.")
    _say_it_once(compute, jobs=jobs, max_memory=max_memory)
    recipe = Recipe(
        bundle=bundle_folder(bundle),
        coverage=coverage,
        compiled=compiled,
        related=sources_of(related) or related_of(bundle),
        policy=policy,  # type: ignore[arg-type]
        key=key,
        columns=None if columns is None else tuple(each.strip() for each in columns.split(",")),
    )
    if pushed:
        table, query = None, pushed_query(recipe, data, table=table, query=query)
    if to is None:
        return _to_console(recipe, data, table=table, query=query)
    asked = Asked(
        source=data,
        to=to,
        table=table,
        query=query,
        to_table=to_table,
        existing=existing,  # type: ignore[arg-type]
        rows=rows,
    )
    outcome = predict_all(
        recipe,
        asked,
        jobs=jobs,
        memory_bytes=parse_bytes(max_memory) if max_memory else None,
        compute=compute,
        report=_teller(quiet=quiet),
        tell=lambda sentence: None if quiet else click.echo(sentence, err=True),
    )
    if as_json:
        print_json(
            {**_summary(outcome), "output": shown_address(to), "bundle": _hash_of(recipe.bundle)}
        )
    elif not quiet:
        _say(outcome, shown_address(to))
    return 1 if outcome.refused else 0


def _say_it_once(compute: str, *, jobs: int | None, max_memory: str | None) -> None:
    """Refuse what belongs to this machine where the address of a crew says it, too."""
    from modelwright.engineer.batch.ask import HERE

    for option, given, address in (
        ("--jobs", jobs, "processes?workers=4"),
        ("--max-memory", max_memory, "ray?workers=4&memory=2GB"),
    ):
        if given and compute != HERE:
            raise click.UsageError(f"Say {option} or --compute: with --compute it is '{address}'.")


def _to_console(recipe: "Recipe", data: str, *, table: str | None, query: str | None) -> int:
    from modelwright.data.pieces.base import Held
    from modelwright.engineer.batch.answers import csv_bytes
    from modelwright.engineer.batch.worker import Worker

    rows = read_table(data, table=table, query=query)
    answers = Worker(recipe).answer(1, Held(rows))
    for sentence in answers.broken:
        click.echo(sentence, err=True)
    if answers.answered is None:
        return 1
    _say_unanswered(answers.unanswered)
    # Bytes, because the letters of the data must not depend on the terminal.
    click.echo(csv_bytes(answers.answered), nl=False)
    return 0


def _teller(*, quiet: bool) -> Callable[["Seen"], None]:
    """Return what tells how far it is, not more often than a person reads."""
    told = time.monotonic()

    def tell(seen: "Seen") -> None:
        nonlocal told
        if quiet or time.monotonic() - told < _TELL_EVERY_S:
            return
        told = time.monotonic()
        of = "" if seen.of is None else f" of {seen.of:,}"
        click.echo(f"{seen.rows:,}{of} rows, {seen.rows_per_s:,.0f} a second", err=True)

    return tell


def _say_unanswered(rows: int) -> None:
    if rows:
        said = f"The model cannot answer {rows:,} of the rows: their prediction is empty."
        click.echo(said, err=True)


def _say(outcome: "Outcome", to: str) -> None:
    for sentence in outcome.broken:
        click.echo(sentence, err=True)
    if outcome.refused:
        click.echo(f"The contract is broken behind row {outcome.rows:,}: {to}", err=True)
        return
    _say_unanswered(outcome.unanswered)
    aside = f", {outcome.set_aside:,} of them set aside" if outcome.set_aside else ""
    before = f", {outcome.resumed_at:,} of them before" if outcome.resumed_at else ""
    click.echo(f"{outcome.rows:,} rows answered{aside}{before}: {to}", err=True)


def _summary(outcome: "Outcome") -> dict[str, object]:
    import msgspec

    return dict(msgspec.to_builtins(outcome))


def _hash_of(bundle: Path) -> str:
    from modelwright.predictor.bundle_folder import read_bundle

    return read_bundle(bundle).hash
