"""A job as a person asks for it."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from modelwright.compute.crews.registry import open_crew
from modelwright.data.pieces.base import ROWS
from modelwright.data.pieces.open import open_pieces
from modelwright.engineer.batch.crew import paying_processes, processes_within
from modelwright.engineer.batch.destination import Destination
from modelwright.engineer.batch.formats import SUFFIXES
from modelwright.engineer.batch.job import Outcome, Report, run_job
from modelwright.engineer.batch.merged import MergedFile
from modelwright.engineer.batch.parts import Parts, PartsFolder
from modelwright.engineer.batch.recipe import Recipe
from modelwright.engineer.batch.tables.door import Existing
from modelwright.engineer.batch.tables.open import is_database, open_door
from modelwright.engineer.batch.tables.table import Table
from modelwright.errors import InputError
from modelwright.predictor.bundle_folder import read_bundle

HERE = "here"
"""Processes of this machine, as many as are asked for."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """From where to where.

    Parameters
    ----------
    source
        A file, a folder of Parquet or CSV, or a database.
    to
        A file (CSV, Parquet, JSON Lines), a folder (its name ends in a slash, or it is there), or
        a database. Neither address is shown by `repr`, because it may hold a password.
    table, query
        Which table of the source.
    to_table
        Which table of the destination.
    existing
        What becomes of a row of that table whose key is there already.
    rows
        Of a piece.
    """

    source: str = field(repr=False)
    to: str = field(repr=False)
    table: str | None = None
    query: str | None = None
    to_table: str = ""
    existing: Existing = "update"
    rows: int = ROWS


def predict_all(
    recipe: Recipe,
    asked: Asked,
    *,
    jobs: int | None = None,
    memory_bytes: int | None = None,
    compute: str = HERE,
    report: Report = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Answer every row of a source, once, also when a run was killed in between.

    Parameters
    ----------
    recipe
        What is done with each piece.
    asked
        From where to where.
    jobs
        Processes side by side; None for as many as pay.
    memory_bytes
        What they may hold together: no more work than it holds. None for as much as there is.
    compute
        Who does the work instead, as `CrewAddress.parse` reads it: a cluster needs storage that
        all of its nodes reach by the same paths.
    report
        Told how far it is.
    tell
        Told who does the work, and what was lost and begun again.

    Returns
    -------
    Outcome
        A contract that is broken is a value.

    Raises
    ------
    InputError
        When the source cannot be read or the destination cannot be written.
    """
    if compute != HERE:
        recipe, asked = replace(recipe, bundle=recipe.bundle.absolute()), _from_anywhere(asked)
    with ExitStack() as opened:
        destination = opened.enter_context(closing(open_destination(asked, key=recipe.key)))
        pieces = open_pieces(
            asked.source, table=asked.table, query=asked.query, key=recipe.key, size=asked.rows
        )
        if recipe.columns is None and isinstance(destination, Table):
            recipe = replace(recipe, columns=(recipe.key,))
        crew = opened.enter_context(open_crew(compute, report=tell)) if compute != HERE else None
        return run_job(
            recipe,
            pieces,
            destination,
            asked=_named(recipe, asked),
            jobs=_within(memory_bytes, jobs or paying_processes(pieces.rows)),
            crew=crew,
            report=report,
        )


def _within(memory_bytes: int | None, jobs: int) -> int:
    return jobs if memory_bytes is None else min(jobs, processes_within(memory_bytes))


def open_destination(asked: Asked, *, key: str) -> Destination:
    """Return where the answers go.

    Raises
    ------
    InputError
        When the name of a file says no format, or a table or its key is not named.
    """
    if is_database(asked.to):
        return _open_table(asked, key)
    if asked.to_table:
        raise InputError(f"{asked.to} is no database.", "Leave --to-table out.")
    path = Path(asked.to)
    if asked.to.endswith("/") or path.is_dir():
        return PartsFolder(Parts(path, SUFFIXES[-1]))
    return MergedFile(path)


def _from_anywhere(asked: Asked) -> Asked:
    """Return paths that mean the same to processes that work in other folders."""
    to, source = asked.to, asked.source
    if not is_database(to):
        to = f"{Path(to).absolute()}{'/' * to.endswith('/')}"
    return replace(
        asked, to=to, source=str(Path(source).absolute()) if Path(source).exists() else source
    )


def _open_table(asked: Asked, key: str) -> Table:
    if not asked.to_table:
        raise InputError("The table for the answers has no name.", "Name it: --to-table NAME.")
    if not key:
        raise InputError(
            "Without a key a row could be written twice.",
            "Name the column that tells a row from all others: --key COLUMN.",
        )
    return Table(open_door(asked.to), asked.to_table, key=key, existing=asked.existing)


def _named(recipe: Recipe, asked: Asked) -> str:
    """Return all that makes two jobs two, without an address, which may hold a password."""
    told = (
        read_bundle(recipe.bundle).hash, recipe.coverage, recipe.compiled, recipe.related,
        recipe.policy, recipe.key, recipe.columns, asked.table, asked.query, asked.to_table,
        asked.rows,
    )  # fmt: skip
    return repr(told)
