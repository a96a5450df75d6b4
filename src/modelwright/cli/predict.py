"""`modelwright predict`: a table in, answers out."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, quiet_option, source_options
from modelwright.cli.output import print_json
from modelwright.cli.tables import read_table


@click.command("predict")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("data")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
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
    help="A related table that the bundle's features are made of.",
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
    output: Path | None,
    coverage: float | None,
    related: tuple[str, ...],
    compiled: bool,
    table: str | None,
    query: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Predict the rows of DATA with the BUNDLE, and write DATA's columns with the answers.

    BUNDLE is a bundle's folder or a workspace, whose champion answers. Without `--output`, CSV
    goes to standard output. With `--json` and `--output`, a summary goes there.

    With `--coverage 0.9` the columns prediction_low and prediction_high follow, between which the
    truth lies in 90 of 100 rows; for classes prediction_set, the classes among which it is.

    A bundle with features of related tables takes them with `--related`, or as columns of DATA.

    With `--compiled` a C++ compiler makes a library of the model, which takes seconds once and
    then answers several times as many rows, on all cores; answers may differ in the last bit.

    \b
    Examples:
      modelwright predict flights-model november.csv -o answers.parquet
      modelwright predict flights-model november.csv -o answers.parquet --coverage 0.9
      modelwright predict flights-model/bundles/late-1f2e3d4c5b6a november.csv > answers.csv
    """
    from modelwright.engineer.champion import bundle_folder
    from modelwright.engineer.predictions import (
        check_name,
        csv_bytes,
        predict_table,
        write_table,
    )
    from modelwright.engineer.related import add_features, parse_related, read_frames
    from modelwright.predictor.bundle import read_bundle
    from modelwright.predictor.compiled import compiled_bundle

    if output is None and as_json:
        raise click.UsageError("With --json, say where the answers go: --output FILE.")
    if output is not None:
        check_name(output)
    read = read_bundle(bundle_folder(bundle))
    model = compiled_bundle(read) if compiled else read
    rows = read_table(data, table=table, query=query)
    frames = read_frames(dict(parse_related(each) for each in related))
    widened = add_features(rows, model.features, frames)
    answered = predict_table(model, widened, coverage=coverage)
    if output is None:
        # Bytes, because the letters of the data must not depend on the terminal.
        click.echo(csv_bytes(answered), nl=False)
        return 0
    write_table(answered, output)
    if as_json:
        print_json({"rows": len(answered), "output": str(output), "bundle": model.hash})
    elif not quiet:
        click.echo(f"{len(answered):,} rows answered: {output}", err=True)
    return 0
