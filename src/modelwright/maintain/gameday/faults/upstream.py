"""A model before this one is trained again, and what it hands on means something else."""

from collections.abc import Iterator, Mapping
from functools import partial

import polars as pl

from modelwright.data.schema import Kind
from modelwright.maintain.gameday.faults.base import Injection, PlainFault, Scene, text
from modelwright.maintain.gameday.traffic import Span

_MOST_LEVELS = 20
_BEND = 0.5
"""The power by which a score is bent: the order of its values stays."""


def _retrain(scene: Scene) -> Iterator[Injection]:
    for name in scene.aimed(Kind.CATEGORICAL, Kind.CODED):
        counted = scene.before.table[name].drop_nulls().alias("").value_counts(sort=True)
        levels = counted[""].cast(pl.String).to_list()[:_MOST_LEVELS]
        yield Injection(
            columns=(name,),
            causes=("renamed categories", "covariate drift", "concept drift"),
            change=partial(_recode, name=name, codes=_turned(levels)),
        )
    for name in scene.aimed(Kind.NUMERIC):
        values = scene.before.table[name].drop_nulls().drop_nans().cast(pl.Float64).to_numpy()
        low, high = float(values.min()), float(values.max())
        yield Injection(
            columns=(name,),
            causes=("unit change", "covariate drift"),
            change=partial(_bend, name=name, low=low, high=high),
        )


def _turned(levels: list[str]) -> Mapping[str, str]:
    """Return what each level is called now: what the next rarer one was called."""
    return dict(zip(levels, [*levels[1:], levels[0]], strict=True))


def _recode(span: Span, *, name: str, codes: Mapping[str, str]) -> Span:
    return span.with_columns(**{name: text(name).replace(codes)})


def _bend(span: Span, *, name: str, low: float, high: float) -> Span:
    place = ((pl.col(name) - low) / (high - low)).clip(0.0, 1.0)
    return span.with_columns(**{name: low + (high - low) * place**_BEND})


RETRAINED_ENCODER = PlainFault(
    "retrained encoder",
    "What codes mean changes places, and a score comes on a bent scale, as after an upstream "
    "model was trained again.",
    _retrain,
)
