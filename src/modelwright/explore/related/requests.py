"""What is asked of the engineers who supply the data: features, their worth and their cost."""

from collections.abc import Sequence

import polars as pl

from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.relation import Relation
from modelwright.documents import Plan, Request
from modelwright.explore.related.gains import pays
from modelwright.tasks.interval import Interval


def make_request(
    features: Sequence[Feature],
    relation: Relation,
    *,
    plan: Plan,
    gain: Interval | None,
    kept: bool,
    reason: str,
    values: pl.DataFrame,
) -> Request:
    """Write the request for features of one relation.

    Parameters
    ----------
    features, relation
        What is asked for.
    plan
        Names the question's table.
    gain, kept, reason
        What was measured and decided.
    values
        All features of a sample of rows: they tell how many related rows one row reads.
    """
    one = FeatureSet(relations=(relation,), features=tuple(features))
    subject = features[0].column if len({each.column for each in features}) == 1 else ""
    return Request(
        name=f"{relation.name}: {subject or _all(features)}",
        features=one.names,
        meaning=tuple(feature.meaning for feature in features),
        sql=plan.home.query(one),
        gain=gain,
        kept=kept,
        reason=reason,
        cost=_cost(relation, features, values),
        freshness=_freshness(relation),
    )


def ranked(requests: Sequence[Request]) -> tuple[Request, ...]:
    """Return requests with the surest gain first."""
    return tuple(
        sorted(
            requests,
            key=lambda each: (not each.kept, not pays(each.gain), -_low(each.gain), each.name),
        )
    )


def _all(features: Sequence[Feature]) -> str:
    verbs = {feature.aggregate for feature in features}
    return "counts and recency" if verbs <= {"count", "since"} else "all columns"


def _low(gain: Interval | None) -> float:
    return float("-inf") if gain is None else gain.low


def _cost(relation: Relation, features: Sequence[Feature], values: pl.DataFrame) -> str:
    if relation.is_lookup:
        return "One row is looked up."
    windows = [feature.window_s for feature in features]
    longest = None if None in windows else max(each for each in windows if each is not None)
    name = Feature(relation=relation.name, aggregate="count", window_s=longest).name
    if name not in values.columns:
        return "All related rows of the key are read."
    counts = values[name].drop_nulls()
    if not len(counts):
        return "No related rows are read."
    mean, most = counts.mean(), counts.quantile(0.99)
    assert isinstance(mean, float)
    return f"{mean:,.1f} related rows are read on average, {most or 0:,.0f} at the 99th percentile."


def _freshness(relation: Relation) -> str:
    if not relation.time:
        return "As it is; it is taken not to change."
    if relation.grain != "exact":
        return f"Complete to the last whole {relation.grain} before the moment."
    late = f" less {relation.delay_s / 3600:g} hours" if relation.delay_s else ""
    return f"Complete to the moment of prediction{late}."
