"""Raw rows with the features that related tables give them."""

from collections.abc import Mapping

import polars as pl

from modelwright.data.relations.compute import compute_features
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.table import RelatedSource
from modelwright.data.sources.open import open_source


def add_features(
    table: pl.DataFrame, features: FeatureSet, frames: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return raw rows with their features; those that are columns already are left as they are.

    Raises
    ------
    SchemaError
        When a related table, or a column of it, is missing.
    """
    lacking = tuple(each for each in features.features if each.name not in table.columns)
    if not lacking:
        return table
    return table.hstack(compute_features(features.reading(lacking), table, frames))


def read_frames(related: Mapping[str, RelatedSource]) -> dict[str, pl.DataFrame]:
    """Read raw related tables by name."""
    return {
        name: open_source(said.data, table=said.table or None, query=said.query or None).read()
        for name, said in related.items()
    }
