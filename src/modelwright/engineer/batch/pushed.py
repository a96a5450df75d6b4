"""Features of related tables that the database computes where the rows are."""

from modelwright.data.relations.home import Home
from modelwright.data.relations.moment_sql import require_readable
from modelwright.data.sources.catalogue import family_of
from modelwright.data.sources.databases import is_database
from modelwright.data.sources.open import shown_address
from modelwright.engineer.batch.recipe import Recipe
from modelwright.errors import BriefError
from modelwright.predictor.bundle_folder import read_bundle

_ROWS = "asked_rows"


def pushed_query(recipe: Recipe, data: str, *, table: str | None, query: str | None) -> str:
    """Return the query that reads rows with their features.

    Parameters
    ----------
    recipe
        Names the bundle and the related tables.
    data, table, query
        The rows: a table or a query of a database.

    Raises
    ------
    BriefError
        When the database cannot compute the features.
    """
    features = read_bundle(recipe.bundle).features
    if not features.features:
        raise BriefError("The model has no features of related tables.", "Leave out --pushed.")
    require_readable(features)
    shown = shown_address(data)
    if not is_database(data) or not (table or query):
        raise BriefError(
            f"{shown} is no table or query of a database, which could compute features.",
            "Name the rows by --table or --query of a database, or leave out --pushed.",
        )
    related = dict(recipe.related)
    for name in features.tables:
        if name not in related or shown_address(related[name].data) != shown:
            raise BriefError(
                f"The related table {name!r} is not in {shown}.",
                f"Name it there: --related {name}={shown}, or leave out --pushed.",
            )
    queries = {name: related[name].query for name in features.tables if related[name].query}
    home = Home(
        table or _ROWS,
        family_of(data),
        {name: related[name].table for name in features.tables if related[name].table},
        queries if table else {_ROWS: query or "", **queries},
    )
    return home.query(features)
