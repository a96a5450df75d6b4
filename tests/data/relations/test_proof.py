"""Sound features survive any change of the future; one that sees it is refuted."""

from collections.abc import Mapping

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from modelwright.data.relations.compute import compute_features
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.proof import refute_features
from tests.data.relations.examples import ORDERS, ROWS, feature_set, tables


@given(
    example=tables,
    features=st.sampled_from([feature_set(), feature_set(grain="day"), feature_set(delay_s=3600)]),
)
@settings(max_examples=15)
def test_changing_the_future_changes_nothing(
    example: tuple[list, list],  # type: ignore[type-arg]
    features: FeatureSet,
) -> None:
    rows, orders = example
    frames = pl.DataFrame(rows, schema=ROWS), pl.DataFrame(orders, schema=ORDERS)
    assert refute_features(features, frames[0], {"orders": frames[1]}) == ()


@pytest.mark.parametrize("leak_s", [1e-6, 3600])
def test_a_feature_that_sees_the_moment_or_later_is_refuted(leak_s: float) -> None:
    def leaky(
        features: FeatureSet, rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame]
    ) -> pl.DataFrame:
        seen = tuple(replace(each, delay_s=-leak_s) for each in features.relations)
        return compute_features(replace(features, relations=seen), rows, tables)

    moments = pl.datetime_range(
        pl.datetime(2024, 3, 1), pl.datetime(2024, 3, 9), "6h", eager=True
    ).cast(pl.Datetime("us"))
    rows = pl.DataFrame({"id": ["a"] * len(moments), "now": moments})
    orders = pl.DataFrame(
        {
            "who": ["a"] * len(moments),
            "at": moments,
            "amount": [float(number) for number in range(len(moments))],
            list(ORDERS)[3]: ["card", "cash", "card"] * (len(moments) // 3),
        }
    )
    refuted = refute_features(feature_set(), rows, {"orders": orders}, compute=leaky)
    assert {"orders.count", "orders.amount.sum"} <= {each.name for each in refuted}
    assert "in place of" in refuted[0].evidence
