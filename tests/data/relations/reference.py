"""Features by definition: slow, in plain Python, of nothing but datetimes."""

from datetime import timedelta
from typing import Any

from modelwright.data.relations.feature import Feature
from modelwright.data.relations.relation import GRAIN_S, Relation


def value_of(  # noqa: C901
    feature: Feature, relation: Relation, row: dict[str, Any], orders: list[dict[str, Any]]
) -> Any:
    if row["id"] is None or row["now"] is None:
        return None
    length = timedelta(seconds=GRAIN_S[relation.grain] + relation.delay_s)
    known = []
    for order in orders:
        if order["who"] != row["id"] or order["at"] is None:
            continue
        end = order["at"] + length
        before = end <= row["now"] if relation.grain != "exact" else end < row["now"]
        if feature.window_s is not None:
            age = row["now"] - end
            window = timedelta(seconds=feature.window_s)
            before = before and (age < window if relation.grain != "exact" else age <= window)
        if before:
            known.append(order)
    if feature.aggregate == "count":
        return len(known)
    if feature.aggregate == "since":
        times = [order["at"] for order in known]
        return (row["now"] - max(times)) / timedelta(days=1) if times else None
    there = [order for order in known if order[feature.column] is not None]
    values = [order[feature.column] for order in there]
    if feature.aggregate == "sum":
        return sum(values)
    if feature.aggregate == "distinct":
        return len(set(values))
    if not values:
        return None
    match feature.aggregate:
        case "mean":
            return sum(values) / len(values)
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "share":
            return values.count(feature.level) / len(values)
        case _:
            latest = max(order["at"] for order in there)
            return max(order[feature.column] for order in there if order["at"] == latest)
