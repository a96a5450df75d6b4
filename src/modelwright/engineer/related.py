"""Related tables of a question, read once each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelwright.data.relations.table import RelatedSource, RelatedTable
from modelwright.data.sources.open import open_source
from modelwright.documents import TableFacts
from modelwright.engineer.address import address_from_brief
from modelwright.engineer.archive import Report
from modelwright.engineer.brief_file import parse_delay
from modelwright.engineer.intake import fingerprint_of
from modelwright.errors import BriefError


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
    )
    table = RelatedTable.of(name, frame, said, delay_s=parse_delay(said.delay))
    return RelatedIntake(table, facts)


def read_frames(related: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """Read raw related tables by name from their addresses."""
    return {name: open_source(address).read() for name, address in related.items()}


def parse_related(said: str) -> tuple[str, str]:
    """Return the name and the source that an option means.

    Raises
    ------
    BriefError
        When it is not NAME=SOURCE.

    Examples
    --------
    >>> parse_related("orders=shop/orders.csv")
    ('orders', 'shop/orders.csv')
    """
    name, equal, source = said.partition("=")
    if not (equal and name.strip() and source.strip()):
        raise BriefError(
            f"The related table {said!r} has no name.", "Write it NAME=SOURCE: orders=orders.csv."
        )
    return name.strip(), source.strip()
