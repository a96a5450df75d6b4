"""A question's rows and their related ones, small and full of traps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from hypothesis import strategies as st

from modelwright.data.inference.infer import infer_schema
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.home import Home
from modelwright.data.relations.keys import key_column
from modelwright.data.relations.relation import Grain, Relation
from modelwright.data.schema import Column, Kind, Schema

BEGIN = datetime(2024, 3, 1)  # noqa: DTZ001
ODD = 'pa\'id "by"'

moments = st.one_of(
    st.none(), st.integers(0, 12).map(lambda hours: BEGIN + timedelta(hours=6 * hours))
)
row = st.fixed_dictionaries({"id": st.sampled_from(["a", "b", "c", None]), "now": moments})
order = st.fixed_dictionaries(
    {
        "who": st.sampled_from(["a", "b", "x", None]),
        "at": moments,
        "amount": st.one_of(st.none(), st.integers(-3, 3).map(float), st.just(0.1)),
        ODD: st.sampled_from(["card", "cash", None]),
    }
)
tables = st.tuples(st.lists(row, min_size=1, max_size=8), st.lists(order, max_size=14))

ROWS = {"id": pl.String, "now": pl.Datetime("us")}
ORDERS = {"who": pl.String, "at": pl.Datetime("us"), "amount": pl.Float64, ODD: pl.String}


MOMENTS = (
    ("%Y", "2024", datetime(2024, 1, 1)),  # noqa: DTZ001
    ("%Y", "2024.0", datetime(2024, 1, 1)),  # noqa: DTZ001
    ("%Y%m", "202402", datetime(2024, 2, 1)),  # noqa: DTZ001
    ("%Y%m%d", "20240229", datetime(2024, 2, 29)),  # noqa: DTZ001
    ("%Y%m%d", "20230229", None),
    ("%Y%m%d", "20240431", None),
    ("%Y%m%d", "19000229", None),
    ("%Y%m%d", "20000229", datetime(2000, 2, 29)),  # noqa: DTZ001
    ("%Y%m%d%H%M%S", "20240229235958", datetime(2024, 2, 29, 23, 59, 58)),  # noqa: DTZ001
    ("%Y%m%d%H%M%S", "20240229256058", None),
    ("unix s", "1709251198", datetime(2024, 2, 29, 23, 59, 58)),  # noqa: DTZ001
    ("unix ms", "1709251198000", datetime(2024, 2, 29, 23, 59, 58)),  # noqa: DTZ001
    ("unix ns", "1709251198000000000", datetime(2024, 2, 29, 23, 59, 58)),  # noqa: DTZ001
)
"""How digits are written, such digits, and the moment that they tell."""


def home(database: str) -> Home:
    return Home("", database)


def relation(
    *, grain: Grain = "exact", delay_s: float = 0.0, zone: str = "", kept: str = ""
) -> Relation:
    moments = f"Datetime(time_unit='us', time_zone='{zone}')" if zone else ""
    who = key_column(Column(name="who", kind=Kind.ID, source_type="String"))
    mine = key_column(Column(name="id", kind=Kind.ID, source_type="String"))
    return Relation(
        name="orders",
        table="orders",
        columns=("id",),
        keys=("who",),
        moment="now",
        time="at",
        grain=grain,
        delay_s=delay_s,
        schema=Schema(
            columns=(
                who,
                Column(name="at", kind=Kind.DATETIME, source_type=moments, datetime_format=kept),
                Column(name="amount", kind=Kind.NUMERIC),
                Column(name=ODD, kind=Kind.CATEGORICAL),
            )
        ),
        asked=Schema(
            columns=(
                mine,
                Column(name="now", kind=Kind.DATETIME, source_type=moments, datetime_format=kept),
            )
        ),
    )


def every_feature() -> tuple[Feature, ...]:
    day = 86_400
    plain: list[Any] = [
        ("count", "", None),
        ("count", "", day),
        ("since", "", None),
        *((verb, "amount", None) for verb in ("sum", "mean", "min", "max", "last", "distinct")),
        ("sum", "amount", day),
        ("mean", "amount", 6 * 3600),
        ("distinct", ODD, day),
    ]
    made = [
        Feature(relation="orders", aggregate=verb, column=column, window_s=window)
        for verb, column, window in plain
    ]
    return (
        *made,
        Feature(relation="orders", aggregate="share", column=ODD, level="card"),
        Feature(relation="orders", aggregate="share", column=ODD, level="card", window_s=day),
        Feature(relation="orders", aggregate="last", column=ODD, text=True),
    )


def feature_set(
    *, grain: Grain = "exact", delay_s: float = 0.0, zone: str = "", kept: str = ""
) -> FeatureSet:
    made = relation(grain=grain, delay_s=delay_s, zone=zone, kept=kept)
    return FeatureSet(relations=(made,), features=every_feature())


def shop(customers: int = 60) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return customers with a moment, and their orders before and after it."""
    start = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    rows = pl.DataFrame(
        {
            "customer_id": [f"C{number:03}" for number in range(customers)],
            "asked_at": [start + timedelta(days=60 + number % 30) for number in range(customers)],
        }
    )
    orders = pl.DataFrame(
        {
            "customer": [f"C{number % customers:03}" for number in range(customers * 8)],
            "ordered_at": [
                start + timedelta(hours=(number * 37) % 3000) for number in range(customers * 8)
            ],
            "amount": [float(number % 17) + 0.5 for number in range(customers * 8)],
            "channel": ["web" if number % 3 else "shop" for number in range(customers * 8)],
        }
    )
    return rows, orders


def schema_of(frame: pl.DataFrame) -> Schema:
    return infer_schema(frame)


def drawn_rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return rows of the question and of orders, with gaps and odd names."""
    draw = np.random.default_rng(5)

    def some(values: list[Any]) -> Any:
        return values[int(draw.integers(len(values)))]

    moments = [None, *(BEGIN + timedelta(hours=6 * place) for place in range(12))]
    rows = [{"id": some(["a", "b", "c", None]), "now": some(moments)} for _ in range(40)]
    orders = [
        {
            "who": some(["a", "b", "x", None]),
            "at": some(moments),
            "amount": some([None, -1.0, 0.1, 2.0, 3.0]),
            ODD: some(["card", "cash", None]),
        }
        for _ in range(60)
    ]
    return rows, orders
