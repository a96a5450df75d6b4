"""Features of related tables that the database of the rows computes for the build."""

from pathlib import Path

import polars as pl

from modelwright.data.relations.ask import ask_features
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.sources.databases import is_database
from modelwright.data.sources.open import open_source, shown_address
from modelwright.documents import Brief, Plan
from modelwright.engineer.question.address import address_from_brief
from modelwright.errors import BriefError

FACT = "The database computes the features of related tables (`pushed`)."


def pushed_features(
    rows: pl.DataFrame, features: FeatureSet, plan: Plan, *, brief: Brief, folder: Path
) -> pl.DataFrame:
    """Return the features of rows that were read from a database, as it computes them.

    Parameters
    ----------
    rows
        Of the question's table.
    features
        What to compute.
    plan
        Says what the tables are called in the database.
    brief, folder
        Where it is, and where a relative path begins.

    Raises
    ------
    BriefError
        When a table is not in the database.
    SourceError
        When it has not one answer for each key and moment.
    """
    address = address_from_brief(brief.data, folder)
    require_database(address, brief, folder=folder)
    return ask_features(
        features, rows, plan.home, ask=lambda query: open_source(address, query=query).read()
    )


def require_database(address: str, brief: Brief, *, folder: Path) -> None:
    """Raise where no database could compute the features.

    Raises
    ------
    BriefError
        With the table that is elsewhere.
    """
    advice = "Leave out `pushed`, and features are computed here."
    if not is_database(address) or not (brief.table or brief.query):
        raise BriefError(
            f"{shown_address(address)} is no table or query of a database, which could compute "
            "features.",
            advice,
        )
    home = open_source(address).address
    for name, said in brief.related.items():
        there = address_from_brief(said.data, folder)
        if not is_database(there) or open_source(there).address != home:
            raise BriefError(
                f"The related table {name!r} is in {shown_address(there)}, not in {home}.", advice
            )
