"""`modelwright plan`: the first room."""

from typing import Any

import click

from modelwright.cli.options import json_option, quiet_option
from modelwright.cli.output import give_document, progress
from modelwright.cli.question import open_project, question_options


@click.command("plan")
@question_options
@quiet_option
@json_option
def command(data: str | None, *, quiet: bool, as_json: bool, **question: Any) -> int:
    """Plan how the question is answered and judged, and write plan.json.

    Without DATA, the workspace's `modelwright.toml` says what to do. An edited plan.json is what
    `run` and `explore` then carry out.

    \b
    Examples:
      modelwright plan flights.csv --target late
      modelwright plan --workspace flights-model
    """
    project = open_project(data, report=progress(quiet=quiet), **question)
    return give_document(project.plan(), as_json=as_json)
