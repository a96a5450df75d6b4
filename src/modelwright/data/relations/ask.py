"""Features of a whole table, computed by the database that has its rows and the related ones.

The database is asked for each distinct key and moment of its rows, and these answers are given to
the rows that were read: in whatever order and however few of them they are.
"""

from collections.abc import Callable, Sequence

import polars as pl

from modelwright.data.conform import conform
from modelwright.data.relations.compute import give_features
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.home import Home
from modelwright.data.relations.moment_sql import require_readable
from modelwright.data.relations.relation import Relation
from modelwright.errors import SourceError

Ask = Callable[[str], pl.DataFrame]
"""Answers a query of the database."""


def ask_features(features: FeatureSet, rows: pl.DataFrame, home: Home, *, ask: Ask) -> pl.DataFrame:
    """Return the features of rows, each as it was known at its row's moment.

    Parameters
    ----------
    features
        What to compute.
    rows
        Raw rows of the question's table, as they were read from the database.
    home
        What the tables are called there.
    ask
        Answers a query.

    Returns
    -------
    DataFrame
        As `compute_features` does.

    Raises
    ------
    SourceError
        When the database has not one answer for each key and moment of the rows, or keeps moments
        as texts that it does not read.
    """
    require_readable(features)
    made = [
        _of_relation(relation, features.of(relation), rows, ask(home.relation_query(relation, own)))
        for relation in features.relations
        if (own := features.of(relation))
    ]
    frame = pl.concat(made, how="horizontal") if made else pl.DataFrame()
    return frame.select(features.names)


def _of_relation(
    relation: Relation, features: Sequence[Feature], rows: pl.DataFrame, answers: pl.DataFrame
) -> pl.DataFrame:
    by = [*relation.columns, *([relation.moment] if relation.time else [])]
    asked = conform(rows, relation.asked).select(by)
    answers.columns = [*by, *(feature.name for feature in features)]
    if relation.time and answers[relation.moment].dtype.is_integer():  # SQLite counts seconds
        moment = pl.col(relation.moment)
        answers = answers.with_columns(pl.from_epoch(moment, "s").cast(pl.Datetime("us")))
        asked = asked.with_columns(moment.dt.truncate("1s"))
    answers = answers.with_columns(conform(answers, relation.asked).select(by))
    _require_one_each(answers.select(by), asked.drop_nulls().unique())
    return give_features(answers, asked, relation, features)


def _require_one_each(answered: pl.DataFrame, asked: pl.DataFrame) -> None:
    lacking = asked.join(answered, on=asked.columns, how="anti")
    doubled = answered.filter(answered.is_duplicated())
    for strays, found in ((lacking, "no features"), (doubled, "features twice")):
        if strays.height:
            shown = ", ".join(
                f"{name} {value!s}" for name, value in strays.row(0, named=True).items()
            )
            raise SourceError(
                f"The database computed {found} for {strays.height:,} keys and moments of the rows "
                f"that were read, such as {shown}.",
                "Its rows changed meanwhile, or it compares texts otherwise than letter by letter: "
                "run again, or leave out `pushed`, and features are computed here.",
            )
