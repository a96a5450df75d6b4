"""Features of raw records, in Python alone.

The server has no data frames: it makes of the related rows that a client sends what DuckDB makes of
whole tables. A test holds both against each other. Sums are exactly rounded here; DuckDB's differ
from them by at most the last bits.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from modelwright.data.records import MISSING_DATETIME, Columns, RecordReader
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.relation import DAY_S, Relation, Step
from modelwright.errors import SchemaError, nearest

Record = Mapping[str, Any]
_Key = tuple[Any, ...]
_Values = list[Any]
MOST_PAIRS = 100_000
"""Of related rows and those of a table between, for a request: more would keep others waiting."""


class Evaluator:
    """Makes the features of records; made once, called for every request.

    Parameters
    ----------
    features
        What to make.
    """

    def __init__(self, features: FeatureSet) -> None:
        self._features = features
        self._asked = {each.name: RecordReader(each.asked) for each in features.relations}
        self._related = {
            (each.name, table): RecordReader(schema)
            for each in features.relations
            for table, schema in each.reads.items()
        }

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the related tables."""
        return self._features.tables

    @property
    def asks(self) -> frozenset[str]:
        """Columns of a row that say which related rows are its own, and the moment."""
        return frozenset(name for each in self._features.relations for name in each.asked.names)

    def __call__(
        self, rows: Sequence[Record], related: Mapping[str, Sequence[Record]]
    ) -> list[dict[str, Any]]:
        """Return the features of each row, by name.

        Parameters
        ----------
        rows
            With the columns that `asks` names.
        related
            Rows of each related table; columns that no feature reads are left out. A table that is
            not given has no rows; one without rows is told from one that is unknown.

        Raises
        ------
        SchemaError
            When a table is unknown, or a row has a value of the wrong type, no key or no moment.
        """
        for name in related:
            if name not in self.tables:
                raise SchemaError(
                    f"There is no related table {name!r}.", nearest(name, self.tables)
                )
        made: list[dict[str, Any]] = [{} for _ in rows]
        for relation in self._features.relations:
            if relation.reads.keys() <= related.keys():
                self._add(relation, rows, related, made)
        return made

    def _add(
        self,
        relation: Relation,
        rows: Sequence[Record],
        related: Mapping[str, Sequence[Record]],
        made: list[dict[str, Any]],
    ) -> None:
        asked = self._asked[relation.name](fields_of(rows, relation.asked.names, "A row"))
        keys = set(zip(*(asked[name] for name in relation.columns), strict=True))
        columns = self._columns(relation, related, keys)
        by_key = _group(columns, relation.keys)
        features = self._features.of(relation)
        for place, values in enumerate(made):
            key = tuple(asked[name][place] for name in relation.columns)
            moment = int(asked[relation.moment][place]) if relation.time else 0
            if None in key or moment == MISSING_DATETIME:
                values.update({feature.name: None for feature in features})
                continue
            known = _known(relation, columns, by_key.get(key, []), moment)
            for feature in features:
                values[feature.name] = _value(feature, relation, columns, known, moment)

    def _columns(
        self, relation: Relation, related: Mapping[str, Sequence[Record]], keys: set[_Key]
    ) -> Columns:
        """Return the related rows, joined with those of the table between that have a key."""
        read = {
            table: self._related[relation.name, table](
                fields_of(related[table], schema.names, f"A row of {table!r}")
            )
            for table, schema in relation.reads.items()
        }
        own, step = read[relation.table], relation.through
        if step is None:
            return own
        groups = _group(read[step.table], relation.entry[1])
        asked = {place for key in keys for place in groups.get(key, ())}
        return _joined(relation, step, (read[step.table], own), asked)


def _joined(
    relation: Relation, step: Step, tables: tuple[Columns, Columns], asked: set[int]
) -> Columns:
    between, own = tables
    theirs = _group(own, step.keys)
    both = [
        ([place for place in places if place in asked], theirs[key])
        for key, places in _group(between, step.columns).items()
        if None not in key and key in theirs
    ]
    if (made := sum(len(here) * len(there) for here, there in both)) > MOST_PAIRS:
        raise SchemaError(
            f"The rows of {step.table!r} and {relation.table!r} make {made:,} pairs; "
            f"at most {MOST_PAIRS:,} are made for a request.",
            "Send fewer of them, or fewer rows at a time.",
        )
    pairs = [(one, other) for here, there in both for one in here for other in there]
    ours, others = [here for here, _ in pairs], [there for _, there in pairs]
    return {step.named(name): _at(values, ours) for name, values in between.items()} | {
        name: _at(values, others) for name, values in own.items() if name not in step.keys
    }


def _at(values: Any, places: list[int]) -> Any:
    return values[places] if places else values[:0]


def fields_of(rows: Sequence[Record], names: Sequence[str], where: str) -> list[Record]:
    """Return some fields of rows, in the order of their names.

    Raises
    ------
    SchemaError
        When a row has none of a name.

    Examples
    --------
    >>> fields_of([{"id": 7, "age": 39}], ["id"], "A row")
    [{'id': 7}]
    """
    for row in rows:
        if (missing := next((name for name in names if name not in row), None)) is not None:
            raise SchemaError(
                f"{where} has no field {missing!r}.", "Send it, as null when unknown."
            )
    return [{name: row[name] for name in names} for row in rows]


def _group(columns: Columns, keys: Sequence[str]) -> dict[_Key, list[int]]:
    groups: dict[_Key, list[int]] = defaultdict(list)
    for place, key in enumerate(zip(*(columns[name] for name in keys), strict=True)):
        groups[key].append(place)
    return groups


def _known(relation: Relation, columns: Columns, places: list[int], moment: int) -> list[int]:
    for clock in (relation, relation.through):
        if clock is not None and clock.time:
            times = columns[clock.time]
            places = [
                place
                for place in places
                if times[place] != MISSING_DATETIME and clock.is_known(int(times[place]), moment)
            ]
    return places


def _value(
    feature: Feature, relation: Relation, columns: Columns, known: list[int], moment: int
) -> Any:
    if feature.window_s is not None:
        times = columns[relation.time]
        window = feature.window_s
        known = [each for each in known if relation.is_within(int(times[each]), moment, window)]
    if feature.aggregate == "count":
        return float(len(known))
    if feature.aggregate == "since":
        last = max((int(columns[relation.time][each]) for each in known), default=None)
        return None if last is None else (moment - last) / 1_000_000 / DAY_S
    column = columns[feature.column]
    there = [each for each in known if _is_there(column[each])]
    values = [column[each] for each in there]
    if feature.aggregate == "last":
        times = columns[relation.time]
        pairs = [(int(times[each]), column[each]) for each in there]
        return _plain(max(pairs)[1]) if pairs else None
    if feature.aggregate == "share":
        return sum(each == feature.level for each in values) / len(values) if values else None
    return _AGGREGATES[feature.aggregate](values)


def _is_there(value: Any) -> bool:
    return value is not None and (isinstance(value, str) or math.isfinite(value))


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else float(value)


_AGGREGATES: dict[str, Callable[[_Values], Any]] = {
    "sum": lambda values: math.fsum(values),
    "mean": lambda values: math.fsum(values) / len(values) if values else None,
    "min": lambda values: _plain(min(values)) if values else None,
    "max": lambda values: _plain(max(values)) if values else None,
    "value": lambda values: _plain(max(values)) if values else None,
    "distinct": lambda values: float(len(set(values))),
}
