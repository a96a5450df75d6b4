"""Where the question's table and its related ones are, for whoever writes SQL about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from modelwright.data.relations.dialect import DIALECTS
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.relation import Relation
from modelwright.data.relations.sql import features_query, relation_query_of

_SAME = {"mariadb": "mysql"}


@dataclass(frozen=True)
class Home:
    """What tables are called where they are.

    Parameters
    ----------
    main
        The question's table.
    database
        What kind it is in, such as ``"postgresql"``; empty where it is a file.
    tables
        Names of related tables, where they differ from the brief's.
    queries
        The SELECT of each that is no table, by the name that stands for it.
    """

    main: str
    database: str = ""
    tables: Mapping[str, str] = field(default_factory=dict)
    queries: Mapping[str, str] = field(default_factory=dict)

    @property
    def dialect(self) -> str:
        """The dialect of its database; that of DuckDB for files."""
        named = _SAME.get(self.database, self.database)
        return named if named in DIALECTS else "duckdb"

    def relation_query(self, relation: Relation, features: Sequence[Feature]) -> str:
        """Return the query for features of one relation, a row for each distinct key and moment."""
        return relation_query_of(
            relation,
            features,
            self.dialect,
            main=self.main,
            tables=self.tables,
            queries=self.queries,
        )

    def query(self, features: FeatureSet, *, dialect: str = "", main: str = "") -> str:
        """Return the query that computes features there.

        Parameters
        ----------
        features
            What to compute.
        dialect, main
            Instead of its own.

        Examples
        --------
        >>> print(Home("orders", "mariadb").query(FeatureSet()))
        SELECT m.*
        FROM `orders` AS m
        """
        return features_query(
            features,
            dialect or self.dialect,
            main=main or self.main,
            tables=self.tables,
            queries={} if main else self.queries,
        )
