"""Which features of related tables pay: measured by relations, then by their parts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.propose import schema_of
from modelwright.data.relations.relation import Relation
from modelwright.data.schema import Schema
from modelwright.documents import Plan, Request, Supplied
from modelwright.explore.related.gains import Ground, pays, with_features, without
from modelwright.explore.related.requests import make_request
from modelwright.tasks.interval import Interval

MOST_SUPPLIED = 15
"""Columns of the question that are taken away, one after another, to see what they are worth."""


@dataclass
class Search:
    """What is known while features are tried.

    Parameters
    ----------
    ground
        Where gains are measured.
    base
        The question's own columns.
    values
        The features of the rows that are measured.
    plan
        Of the question.
    kept, requests
        What pays so far, and what is asked of whoever supplies the data.
    """

    ground: Ground
    base: Schema
    values: pl.DataFrame
    plan: Plan
    kept: list[Feature] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def try_relation(
        self, relation: Relation, features: tuple[Feature, ...], whole: Interval | None
    ) -> None:
        """Keep of a relation what pays by itself, or all of it where only all together does."""
        if not pays(whole):
            self._request(relation, features, gain=whole, kept=False, reason=_no_reason(whole))
            return
        groups = list(by_column(features).values())
        gains = dict(zip(groups, self.gains(groups), strict=True))
        payers = {group for group, gain in gains.items() if pays(gain)}
        for group, gain in gains.items():
            kept = group in payers or not payers or gain is None
            reason = _reason(gain, kept=kept)
            self._request(relation, group, gain=gain, kept=kept, reason=reason)

    def gains(self, groups: Sequence[tuple[Feature, ...]]) -> list[Interval | None]:
        """Measure what each group of features adds to the question's own columns."""
        ground, base = self.ground, self.base
        schemas = [with_features(base, [schema_of(group)]) for group in groups]
        ground.learn([base, *schemas])
        return [ground.gain(more, base) for more in schemas]

    def supplied(self, proposed: FeatureSet) -> tuple[Supplied, ...]:
        """Measure what is lost when a related table, or a column of the question, is taken away."""
        full = with_features(self.base, [schema_of(tuple(self.kept))])
        own_columns = [column.name for column in self.base.features[:MOST_SUPPLIED]]
        self.ground.learn([full, *(without(full, [name]) for name in own_columns)])
        worth: list[Supplied] = []
        for relation in proposed.reading(tuple(self.kept)).relations:
            own = tuple(each.name for each in self.kept if each.relation == relation.name)
            columns = tuple(
                dict.fromkeys(each.column for each in self.kept if each.name in own and each.column)
            )
            gain = self.ground.gain(full, without(full, own))
            worth.append(
                Supplied(table=relation.table, columns=columns, gain=gain, pays=pays(gain))
            )
        for name in own_columns:
            gain = self.ground.gain(full, without(full, [name]))
            worth.append(Supplied(table="", columns=(name,), gain=gain, pays=pays(gain)))
        return tuple(
            sorted(worth, key=lambda each: -(each.gain.low if each.gain else float("-inf")))
        )

    def _request(
        self,
        relation: Relation,
        features: tuple[Feature, ...],
        *,
        gain: Interval | None,
        kept: bool,
        reason: str,
    ) -> None:
        if kept:
            self.kept += features
        made = make_request(
            features,
            relation,
            plan=self.plan,
            gain=gain,
            kept=kept,
            reason=reason,
            values=self.values,
        )
        self.requests.append(made)


def by_column(features: Sequence[Feature]) -> dict[str, tuple[Feature, ...]]:
    """Return features by the column that they are made of."""
    columns = dict.fromkeys(feature.column for feature in features)
    return {name: tuple(each for each in features if each.column == name) for name in columns}


def _no_reason(whole: Interval | None) -> str:
    if whole is None:
        return "It was not measured: the time was over, or the score is not defined."
    return "All its features together gain nothing that is above chance."


def _reason(own: Interval | None, *, kept: bool) -> str:
    if pays(own):
        return "It pays by itself."
    if own is None:
        return "The relation pays; this part of it was not measured."
    if kept:
        return "It pays only together with the relation's other features."
    return "The relation pays; this part gains nothing by itself that is above chance."
