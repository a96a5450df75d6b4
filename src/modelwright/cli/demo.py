"""`modelwright demo`: the whole job on real flights."""

from pathlib import Path

import click

from modelwright.cli.countdown import counted_down
from modelwright.cli.options import json_option, quiet_option
from modelwright.cli.output import print_json


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("demo"))
@click.option(
    "--budget", metavar="TIME", default="150s", show_default=True, help="Wall time for the model."
)
@quiet_option
@json_option
def command(folder: Path, *, budget: str, quiet: bool, as_json: bool) -> int:
    """Build, serve and watch a model of late flights in FOLDER.

    336,776 flights from New York in 2013: January to September train, October is the holdout,
    November is live traffic through the real server. Needs `pip install 'modelwright[demo]'`.

    \b
    Example:
      modelwright demo
    """
    from modelwright.demo.flights import run_demo
    from modelwright.demo.summary import say_demo

    with counted_down(quiet=quiet, as_json=as_json) as report:
        result = run_demo(folder, budget=budget, report=report)
    if as_json:
        print_json({"release": result.release, "health": result.health, "report": str(result.page)})
    else:
        click.echo(say_demo(result))
    return 0 if result.release.released else 1
