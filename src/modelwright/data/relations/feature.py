"""One number or level made of the related rows that are known at a moment.

This module needs no data-frame library, because the server reads it too.
"""

from typing import Literal

import msgspec

from modelwright.data.relations.relation import DAY_S, Relation
from modelwright.data.schema import Column, Kind
from modelwright.errors import SchemaError, nearest

Aggregate = Literal[
    "count", "since", "sum", "mean", "min", "max", "last", "distinct", "share", "value"
]

_MEANINGS: dict[str, str] = {
    "count": "number of {rows}",
    "since": "days since the last of {rows}",
    "sum": "sum of {column} of {rows}",
    "mean": "mean of {column} of {rows}",
    "min": "smallest {column} of {rows}",
    "max": "largest {column} of {rows}",
    "last": "latest {column} of {rows}",
    "distinct": "number of different {column} of {rows}",
    "share": "share of {rows} whose {column} is {level!r}",
    "value": "{column} of {rows}",
}


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One value for each row of the question.

    Parameters
    ----------
    relation
        The name of its relation.
    aggregate
        What is done with the rows. Of several rows at the latest time, ``last`` takes the largest
        value; missing values never count.
    column
        The related table's column; empty for counts and times.
    window_s
        Only rows of the last so many seconds; None for all that is known.
    level
        The level whose share is taken.
    text
        Whether it is a level rather than a number.

    Examples
    --------
    >>> Feature(relation="orders", aggregate="sum", column="amount", window_s=30 * 86_400).name
    'orders.amount.sum.30d'
    """

    relation: str
    aggregate: Aggregate
    column: str = ""
    window_s: int | None = None
    level: str = ""
    text: bool = False

    @property
    def name(self) -> str:
        """Its name as a column of the question's table."""
        verb = f"share={self.level}" if self.aggregate == "share" else self.aggregate
        window = "" if self.window_s is None else _short(self.window_s)
        return ".".join(part for part in (self.relation, self.column, verb, window) if part)

    @property
    def meaning(self) -> str:
        """What it is, as a phrase."""
        rows = f"its rows in {self.relation}"
        said = _MEANINGS[self.aggregate].format(rows=rows, column=self.column, level=self.level)
        if self.window_s is not None:
            said += f" in the last {_long(self.window_s)}"
        return said

    @property
    def schema_column(self) -> Column:
        """The column that it is in the question's table."""
        return Column(
            name=self.name,
            kind=Kind.CATEGORICAL if self.text else Kind.NUMERIC,
            reason=f"Computed: {self.meaning}.",
        )


class FeatureSet(msgspec.Struct, frozen=True, kw_only=True):
    """Features with the relations that they read: all that a bundle needs to make them.

    Parameters
    ----------
    sql
        By dialect, the query that computes them in a database.
    """

    relations: tuple[Relation, ...] = ()
    features: tuple[Feature, ...] = ()
    sql: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features as columns."""
        return tuple(feature.name for feature in self.features)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the related tables that are read."""
        return tuple(dict.fromkeys(name for each in self.relations for name in each.reads))

    def of(self, relation: Relation) -> tuple[Feature, ...]:
        """Return the features of one relation."""
        return tuple(each for each in self.features if each.relation == relation.name)

    def relation(self, name: str) -> Relation:
        """Return a relation by its name.

        Raises
        ------
        SchemaError
            When there is none.
        """
        for relation in self.relations:
            if relation.name == name:
                return relation
        raise SchemaError(
            f"There is no relation {name!r}.", nearest(name, [each.name for each in self.relations])
        )

    def check(self) -> None:
        """Raise when the parts do not fit: a set may have been read from anywhere.

        Raises
        ------
        SchemaError
            With the relation or the feature at fault.
        """
        for relation in self.relations:
            _check_relation(relation)
        for feature in self.features:
            _check_feature(feature, self.relation(feature.relation))

    def reading(self, features: tuple[Feature, ...]) -> "FeatureSet":
        """Return the set of some features, with only the relations and columns that they need."""
        needed = {feature.relation for feature in features}
        kept = (_read_by(each, features) for each in self.relations if each.name in needed)
        return FeatureSet(relations=tuple(kept), features=features)


def _check_relation(relation: Relation) -> None:
    relation.schema.select(relation.keys)
    relation.asked.select(relation.columns)
    step = relation.through
    if step is not None:
        step.schema.select(step.columns)
        step.theirs.select(step.keys)
        own = {*relation.keys} <= step.names.keys() and len(step.columns) == len(step.keys) > 0
        if not own or step.table == relation.table:
            raise SchemaError(f"The relation {relation.name!r} has a step that leads nowhere.")
    paired = len(relation.keys) == len(relation.columns) > 0
    if relation.time:
        further = [step.time] if step is not None and step.time else []
        named = [relation.schema[name] for name in (relation.time, *further)]
        times = (*named, relation.asked[relation.moment])
        paired = paired and all(each.value_type == "datetime" for each in times)
    if not paired:
        raise SchemaError(f"The relation {relation.name!r} has keys or times that do not fit.")


def _check_feature(feature: Feature, relation: Relation) -> None:
    times = feature.aggregate in ("since", "last") or feature.window_s is not None
    fits = bool(relation.time) or not times
    if feature.aggregate not in ("count", "since"):
        kind = relation.schema[feature.column].value_type
        if feature.aggregate in ("sum", "mean", "min", "max"):
            fits = fits and kind == "number"
        elif feature.aggregate in ("last", "value"):
            fits = fits and kind == ("string" if feature.text else "number")
        else:
            fits = fits and kind != "datetime"
    if not fits:
        raise SchemaError(f"The feature {feature.name!r} cannot be made of its relation.")


def _read_by(relation: Relation, features: tuple[Feature, ...]) -> Relation:
    columns = {each.column for each in features if each.relation == relation.name}
    further = relation.through.time if relation.through else ""
    wanted = columns | {*relation.keys, relation.time, further}
    names = tuple(name for name in relation.schema.names if name in wanted)
    return msgspec.structs.replace(relation, schema=relation.schema.select(names))


def _short(seconds: int) -> str:
    return f"{seconds // DAY_S}d" if seconds % DAY_S == 0 else f"{seconds // 3600}h"


def _long(seconds: int) -> str:
    count, unit = (seconds // DAY_S, "day") if seconds % DAY_S == 0 else (seconds // 3600, "hour")
    return unit if count == 1 else f"{count} {unit}s"
