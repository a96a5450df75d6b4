"""Related tables of a question, read once each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import polars as pl

from modelwright.data.relations.propose import schema_of
from modelwright.data.relations.table import RelatedSource, RelatedTable
from modelwright.data.schema import Schema
from modelwright.data.sources.asking import asking
from modelwright.data.sources.databases import is_database, split_table
from modelwright.data.sources.open import open_source
from modelwright.data.sources.selection import Selection
from modelwright.documents import Findings, Plan, TableFacts
from modelwright.engineer.archive import Report
from modelwright.engineer.question.address import address_from_brief
from modelwright.engineer.question.brief_file import has_brief, parse_delay, read_brief
from modelwright.engineer.question.intake import Intake, fingerprint_of, place_of
from modelwright.errors import BriefError
from modelwright.workspace.folder import Workspace


@dataclass(frozen=True)
class RelatedIntake:
    """A related table with what is known of its source."""

    table: RelatedTable
    facts: TableFacts


def read_related(name: str, said: RelatedSource, *, folder: Path, report: Report) -> RelatedIntake:
    """Read a related table that the brief names.

    Parameters
    ----------
    name, said
        Its name and what the brief says of it.
    folder
        The workspace, where a relative path begins.
    report
        Told that it is read.

    Raises
    ------
    SourceError
        When it cannot be read.
    """
    source = open_source(
        address_from_brief(said.data, folder),
        table=said.table or None,
        query=said.query or None,
    )
    report("data", f"Reading {source.address} as {name!r}")
    frame = source.read()
    facts = TableFacts(
        address=source.address,
        rows=frame.height,
        columns=frame.width,
        fingerprint=fingerprint_of(frame),
        facts=source.facts,
        **place_of(source.address, said.table, said.query),
    )
    table = RelatedTable.of(name, frame, said, delay_s=parse_delay(said.delay))
    return RelatedIntake(table, facts)


def try_related(said: RelatedSource, folder: Path) -> None:
    """Open a related table that the brief names, without reading its rows.

    Raises
    ------
    SourceError
        When it does not exist or may not be read.
    """
    address, table, query = address_from_brief(said.data, folder), said.table or None, said.query
    if is_database(address):
        with asking(address, Selection(table, query or None)) as database:
            database.of_rows("*", "LIMIT 0")
    else:
        open_source(address, table=table, query=query or None)


Widen = Callable[[pl.DataFrame], pl.DataFrame]
"""Adds features to raw rows."""


def widen(intake: Intake, findings: Findings, add: Widen) -> tuple[Intake, Plan]:
    """Return the question's table with the features that were found, and a plan that knows them.

    Each feature is computed as of its row's own moment, for rows of the holdout as for all others;
    no answer is read.
    """
    features, plan = findings.features, findings.plan
    if not features.features:
        return intake, plan
    table = add(intake.table)
    schema = Schema(columns=(*plan.schema.columns, *schema_of(features.features).columns))
    return replace(intake, table=table), msgspec.structs.replace(plan, schema=schema)


def frames_of(related: Mapping[str, RelatedIntake]) -> dict[str, pl.DataFrame]:
    """Return raw related tables by name."""
    return {name: each.table.frame for name, each in related.items()}


def related_of(path: Path) -> tuple[tuple[str, RelatedSource], ...]:
    """Return the related tables that a workspace names; none of the folder of a bundle."""
    workspace = Workspace(path)
    if not has_brief(workspace):
        return ()
    return tuple(
        (name, msgspec.structs.replace(said, data=address_from_brief(said.data, path)))
        for name, said in read_brief(workspace).related.items()
    )


def sources_of(said: Sequence[str]) -> tuple[tuple[str, RelatedSource], ...]:
    """Return the tables that options NAME=SOURCE mean.

    Raises
    ------
    BriefError
        When one has no name.
    """
    named = [parse_related(each) for each in said]
    return tuple((name, msgspec.convert(source, RelatedSource)) for name, source in named)


def parse_related(said: str) -> tuple[str, dict[str, str]]:
    """Return the name that an option means, and its source as the brief says it.

    Raises
    ------
    BriefError
        When it is not NAME=SOURCE.

    Examples
    --------
    >>> parse_related("orders=shop/orders.csv"), parse_related("items=shop.db#lines")
    (('orders', {'data': 'shop/orders.csv'}), ('items', {'data': 'shop.db', 'table': 'lines'}))
    """
    name, equal, source = said.partition("=")
    if not (equal and name.strip() and source.strip()):
        raise BriefError(
            f"The related table {said!r} has no name.", "Write it NAME=SOURCE: orders=orders.csv."
        )
    address, table = split_table(source.strip())
    return name.strip(), {"data": address} | ({"table": table} if table else {})
