"""`modelwright pipeline`: tests of what feeds the model."""

import re
import sys
from pathlib import Path

import click

from modelwright.cli.options import json_option, quiet_option
from modelwright.cli.output import print_json

_NAME = re.compile(r"\w[\w -]*(?:\.\w[\w -]*)?")
"""Of a table, also with its schema."""


@click.command("pipeline")
@click.argument("pipeline")
@click.option(
    "--input", "inputs", multiple=True, metavar="NAME=DATA", required=True, help="A table it reads."
)
@click.option(
    "--output", default="", metavar="MODEL", help="Of a folder; of a command .csv, .parquet."
)
@click.option("--key", default="", metavar="COLUMN", help="It names the rows of the output.")
@click.option("--main", default="", metavar="NAME", help="The input with a row for each of them.")
@click.option("--moment", default="", metavar="COLUMN", help="When a row of the output is known.")
@click.option(
    "--time", "times", multiple=True, metavar="NAME=COLUMN", help="When a row of an input happened."
)
@click.option(
    "--max-age", default="", metavar="TIME", help="Of an input's newest row, such as 24h."
)
@click.option(
    "--write",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write the tests there, for pytest without modelwright.",
)
@quiet_option
@json_option
def command(
    pipeline: str,
    inputs: tuple[str, ...],
    output: str,
    key: str,
    main: str,
    moment: str,
    times: tuple[str, ...],
    max_age: str,
    *,
    write: Path | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Test PIPELINE on copies of its inputs, whole and damaged.

    PIPELINE is a function (features.py:build), a file with one SELECT (orders.sql), a folder of
    such files that name each other by ref, or a command with {output} and {NAME} in it. It runs
    with your rights, some dozen times; the inputs are only read.

    Exits with 0 when nothing is wrong, 1 when something is, 2 when it could not be tested.

    \b
    Examples:
      modelwright pipeline orders.sql --input orders=orders.csv --key customer_id
      modelwright pipeline features.py:build --input orders=o.parquet --write tests/pipeline
      modelwright pipeline 'python etl.py {orders} {output}' --input orders=orders.csv
    """
    from datetime import UTC, datetime, timedelta

    from modelwright.engineer.question.brief_file import parse_delay
    from modelwright.explore.pipelines.examination import Facts, find_unsteady, list_checks
    from modelwright.explore.pipelines.pipeline import first_output, pipeline_of, read_inputs
    from modelwright.explore.pipelines.pytest_file import write_tests
    from modelwright.explore.pipelines.words import describe_outcomes

    now = datetime.now(UTC)
    facts = Facts(
        key=key,
        main=main,
        moment=moment,
        times=_pairs(times, "--time"),
        most_age=timedelta(seconds=parse_delay(max_age)) if max_age else None,
    )
    named = pipeline_of(pipeline, _pairs(inputs, "--input"), output=output)
    tables = read_inputs(named)
    made = first_output(named, tables)
    facts = find_unsteady(named.run, tables, made, facts)
    checks = list_checks(named.run, tables, made, facts, now=now)
    with click.progressbar(
        checks, label="Testing", file=sys.stderr, hidden=quiet or as_json
    ) as told:
        outcomes = [check.make() for check in told]
    if as_json:
        print_json(outcomes)
    else:
        click.echo(describe_outcomes(pipeline, made, outcomes))
    if write is not None:
        file = write_tests(named, tables, facts, outcomes, folder=write, day=now.date())
        click.echo(f"The tests are in {file}. Run them: pytest {write}", err=True)
    return 1 if any(outcome.verdict == "failed" for outcome in outcomes) else 0


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not (equals and _NAME.fullmatch(name) and value):
            raise click.UsageError(
                f"{option} {each!r} is not of the form NAME=VALUE. A name is of letters and "
                "digits, also behind a schema and a point."
            )
        pairs[name] = value
    return pairs
