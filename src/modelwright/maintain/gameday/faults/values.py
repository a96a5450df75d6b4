"""Values that are not what they were: other units, swapped columns, stuck and missing values."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import polars as pl

from modelwright.data.schema import Kind
from modelwright.maintain.gameday.faults.base import Injection, PlainFault, Scene
from modelwright.maintain.gameday.traffic import Span

_CONVERSIONS = ((1.8, 32.0), (1000.0, 0.0), (0.45359237, 0.0), (60.0, 0.0), (3.6, 0.0))
"""Factor and offset: degrees, thousandths, pounds, minutes, metres per second."""


def _change_units(scene: Scene) -> Iterator[Injection]:
    for number, name in enumerate(scene.aimed(Kind.NUMERIC)):
        factor, offset = _CONVERSIONS[(scene.seed + number) % len(_CONVERSIONS)]
        yield Injection(
            columns=(name,),
            causes=("unit change",),
            change=partial(_convert, name=name, factor=factor, offset=offset),
        )


def _convert(span: Span, *, name: str, factor: float, offset: float) -> Span:
    return span.with_columns(**{name: pl.col(name) * factor + offset})


def _swap_columns(scene: Scene) -> Iterator[Injection]:
    for kinds in ((Kind.NUMERIC,), (Kind.CATEGORICAL, Kind.CODED)):
        names = scene.of_kind(*kinds)[: scene.columns_aimed_at + 1]
        for one, other in list(pairwise(names))[:1]:
            yield Injection(
                columns=(one, other),
                causes=("swapped columns",),
                change=partial(_swap, one=one, other=other),
            )


def _swap(span: Span, *, one: str, other: str) -> Span:
    return span.with_columns(**{one: pl.col(other), other: pl.col(one)})


def _stick(scene: Scene) -> Iterator[Injection]:
    for name in scene.aimed(Kind.NUMERIC, Kind.CATEGORICAL, Kind.CODED):
        known = scene.before.table[name].drop_nulls()
        yield Injection(
            columns=(name,),
            causes=("stuck values",),
            change=partial(_hold, name=name, value=known[-1]),
        )


def _hold(span: Span, *, name: str, value: object) -> Span:
    kept = pl.lit(value, dtype=span.table.schema[name])
    return span.with_columns(**{name: kept})


def _lose(scene: Scene) -> Iterator[Injection]:
    for number, column in enumerate(scene.columns[: scene.columns_aimed_at]):
        share = (1.0, 0.5)[number % 2]
        lost = partial(_blank, name=column.name, share=share, seed=scene.seed)
        yield Injection(columns=(column.name,), causes=("missing values",), change=lost)


def _blank(span: Span, *, name: str, share: float, seed: int) -> Span:
    blank = pl.int_range(pl.len()).shuffle(seed=seed) < pl.len() * share
    return span.with_columns(**{name: pl.when(blank).then(None).otherwise(pl.col(name))})


UNIT_CHANGE = PlainFault("unit change", "A column comes in another unit.", _change_units)
SWAPPED_COLUMNS = PlainFault("swapped columns", "Two columns change places.", _swap_columns)
STUCK_VALUES = PlainFault("stuck values", "A feed is stale: its last value stays.", _stick)
MISSING_VALUES = PlainFault("missing values", "A column is lost, all or half of it.", _lose)
