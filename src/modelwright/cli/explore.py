"""`modelwright explore`: the second room."""

from typing import Any

import click

from modelwright.cli.options import compute_option, json_option, quiet_option
from modelwright.cli.output import give_document, progress
from modelwright.cli.question import open_project, question_options


@click.command("explore")
@question_options
@compute_option
@quiet_option
@json_option
def command(data: str | None, *, quiet: bool, as_json: bool, **question: Any) -> int:
    """Find what data works and what leaks, and write findings.json and contract.yaml.

    Carries out the plan as it stands; makes one first when there is none.

    \b
    Examples:
      modelwright explore flights.csv --target late
      modelwright explore --workspace flights-model --compute ray
    """
    project = open_project(data, report=progress(quiet=quiet), **question)
    return give_document(project.explore(), as_json=as_json)
