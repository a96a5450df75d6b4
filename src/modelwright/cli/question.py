"""The question as options, and the project that it leads to."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modelwright.cli.options import Command, budget_option, source_options
from modelwright.cli.output import Report

if TYPE_CHECKING:
    from modelwright.engineer.project import Project

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.argument("data", required=False),
    click.option("-t", "--target", metavar="COLUMN", help="The column to predict."),
    source_options,
    click.option(
        "--sample",
        type=int,
        metavar="ROWS",
        help="About this many of the rows at most, drawn at random.",
    ),
    click.option(
        "--memory", metavar="SIZE", help="For the work here, such as 2GB; fewer rows fit into less."
    ),
    click.option("--question", metavar="TEXT", help="The question in your words, for reports."),
    click.option("--task", metavar="KIND", help="binary, multiclass or regression."),
    click.option("--metric", metavar="NAME", help="What to improve, such as roc_auc or rmse."),
    click.option("--goal", metavar="TEXT", help="What is good enough, such as 'auc >= 0.85'."),
    click.option("--positive", metavar="CLASS", help="The class that a yes-or-no asks about."),
    click.option("--time", metavar="COLUMN", help="It says when a row happened."),
    click.option("--group", metavar="COLUMN", help="It names the entity that rows share."),
    click.option("--weight", metavar="COLUMN", help="It says how much a row counts."),
    click.option("--moment", metavar="COLUMN", help="It says when the prediction is made."),
    click.option("--holdout-from", metavar="MOMENT", help="Rows from then on are the holdout."),
    click.option(
        "--related",
        multiple=True,
        metavar="NAME=SOURCE",
        help="A table whose rows belong to these, such as orders=orders.csv; none: look for none.",
    ),
    click.option(
        "--pushed",
        is_flag=True,
        default=None,
        help="Let the database of DATA compute the features of related tables.",
    ),
    click.option("--exclude", multiple=True, metavar="COLUMN", help="A column never to use."),
    click.option(
        "--keep", multiple=True, metavar="COLUMN", help="Use it though it looks like a leak."
    ),
    click.option(
        "--seed",
        type=int,
        help="The same seed gives the same model, if the budget cut nothing short. [default: 0]",
    ),
    click.option("--max-latency", metavar="TIME", help="For one row, such as 5ms or 300us."),
    click.option("--max-size", metavar="SIZE", help="Of the program on disk, such as 5MB."),
    click.option(
        "--max-memory",
        metavar="SIZE",
        help="Of the loaded program, such as 50MB; from 1GB on of the work here too.",
    ),
    budget_option,
    click.option(
        "-w",
        "--workspace",
        type=click.Path(path_type=Path),
        help="The workspace folder. [default: one named after DATA; without DATA, this folder]",
    ),
)
"""As they are listed by `--help`; each is a key of `modelwright.toml`."""


def question_options(command: Command) -> Command:
    """Add DATA, `--target` and all else that a brief says in one word."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def open_project(
    data: str | None, *, workspace: Path | None, report: Report, compute: str = "here", **asked: Any
) -> "Project":
    """Return the project that the options mean, with its brief made or changed.

    Parameters
    ----------
    data
        The argument DATA.
    workspace
        The folder; None for one named after the data, or the present one.
    report
        Told what changes in a brief that was there, and what the project does.
    compute
        Who does the work.
    asked
        The other options; None and empty ones were not given.
    """
    from modelwright.documents import Brief
    from modelwright.engineer.project import Project
    from modelwright.engineer.question.brief_file import has_brief
    from modelwright.engineer.question.related import parse_related
    from modelwright.workspace.folder import Workspace

    given = {"data": data, **asked}
    keys = {key: value for key, value in given.items() if value not in (None, ())}
    if keys.get("related") == ("none",):
        keys["related"] = {}
    elif "related" in keys:
        keys["related"] = dict(parse_related(each) for each in keys["related"])
    folder = workspace or (Path() if data is None else folder_of(**keys))
    if data is not None and "target" not in keys and not has_brief(Workspace(folder)):
        raise click.UsageError("Say which column to predict: --target COLUMN.")
    assert set(given) <= {"budget", *Brief.__struct_fields__}
    is_asked = keys and (data is not None or has_brief(Workspace(folder)))
    now = Project.ask(folder, keys, report=report) if is_asked else None
    return Project.open(folder, report=report, compute=compute, asked=now)


def folder_of(
    data: str, *, target: str = "", table: str = "", query: str = "", **_: object
) -> Path:
    """Return the folder of a workspace, named after what the rows are.

    Examples
    --------
    >>> str(folder_of("data/orders.csv")), str(folder_of("data/2024/*.parquet"))
    ('orders-model', '2024-model')
    >>> str(folder_of("postgresql://me@host/shop", query="select 1", target="returned"))
    'returned-model'
    """
    parts = [part for part in data.partition("?")[0].split("/") if part]
    plain = [part for part in parts if not set("*[") & set(part)]
    name = table or (target if query else plain[-1].partition(".")[0] if plain else "")
    return Path((re.sub(r"[^\w.-]+", "-", name).strip("-.") or "table") + "-model")
