"""`modelwright adopt`: a model that was trained elsewhere."""

from pathlib import Path
from typing import Any

import click

from modelwright.cli.options import json_option, quiet_option
from modelwright.cli.output import give_release, progress
from modelwright.cli.question import open_project, question_options


@click.command("adopt")
@click.argument("model", type=click.Path(path_type=Path))
@question_options
@click.option("--data", "named", metavar="DATA", help="DATA, for who names all that is given.")
@click.option("--trust", is_flag=True, help="MODEL may run code: a joblib or pickle file does.")
@click.option(
    "--classes", metavar="NAMES", help="The model's classes in its own order, as in no,yes."
)
@click.option(
    "--columns", metavar="NAMES", help="What a model without names reads, as in age,fare."
)
@quiet_option
@json_option
def command(
    model: Path,
    data: str | None,
    *,
    named: str | None,
    trust: bool,
    classes: str | None,
    columns: str | None,
    quiet: bool,
    as_json: bool,
    **question: Any,
) -> int:
    """Take in a MODEL that was trained elsewhere, on DATA that it has not learned from.

    MODEL is a file of LightGBM (text), XGBoost (.json, .ubj), CatBoost (.cbm, .json), Keras
    (.keras) or ONNX, or a .skops, .joblib or .pkl file with a pipeline of scikit-learn; the last
    two are programs, which `--trust` lets run. It becomes a program, is compared with the model
    itself row by row, and gets what a built one has: a contract, a judgement on sealed rows, gates,
    and a tested bundle. Exits with 1 when nothing was released.

    \b
    Examples:
      modelwright adopt churn.joblib churn-2024.csv --target left --trust
      modelwright adopt late.txt flights.csv --target late --classes no,yes
      modelwright adopt late.onnx flights.csv --target late --columns hour,distance
    """
    from modelwright.documents import Candidate, read_document
    from modelwright.learners.foreign.opening import open_model

    labels = tuple(classes.split(",")) if classes else ()
    read = tuple(columns.split(",")) if columns else ()
    foreign = open_model(model, trusted=trust, classes=labels, columns=read)
    project = open_project(_only(data, named), report=progress(quiet=quiet), **question)
    release = project.adopt(foreign)
    candidate = read_document(Candidate, project.workspace)
    return give_release(release, candidate, as_json=as_json)


def _only(data: str | None, named: str | None) -> str | None:
    if data and named:
        raise click.UsageError(f"The data are {data} and {named}: name them once.")
    return data or named
