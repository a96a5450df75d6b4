"""Categories that have another name, or that nobody knew."""

from collections.abc import Iterator
from functools import partial

import polars as pl

from modelwright.data.schema import Kind
from modelwright.maintain.gameday.faults.base import Injection, PlainFault, Scene, text
from modelwright.maintain.gameday.traffic import Span

_SHARE_OF_NEW = 0.4
_CATEGORIES = (Kind.CATEGORICAL, Kind.CODED)


def _rename(scene: Scene) -> Iterator[Injection]:
    for name in scene.aimed(*_CATEGORIES):
        common = scene.before.table[name].drop_nulls().alias("").value_counts(sort=True)[""][0]
        yield Injection(
            columns=(name,),
            causes=("renamed categories", "new categories"),
            change=partial(_call, name=name, old=common, new=f"{common} (new)"),
        )


def _call(span: Span, *, name: str, old: str, new: str) -> Span:
    return span.with_columns(
        **{name: pl.when(text(name) == old).then(pl.lit(new)).otherwise(text(name))}
    )


def _add(scene: Scene) -> Iterator[Injection]:
    for name in scene.aimed(*_CATEGORIES):
        yield Injection(
            columns=(name,),
            causes=("new categories", "renamed categories"),
            change=partial(_replace_some, name=name, seed=scene.seed),
        )


def _replace_some(span: Span, *, name: str, seed: int) -> Span:
    chosen = pl.int_range(pl.len()).shuffle(seed=seed) < pl.len() * _SHARE_OF_NEW
    fresh = pl.concat_str(pl.lit("level "), (pl.int_range(pl.len()) % 3).cast(pl.String))
    return span.with_columns(**{name: pl.when(chosen).then(fresh).otherwise(text(name))})


RENAMED_CATEGORIES = PlainFault(
    "renamed categories", "The commonest level of a column gets another name.", _rename
)
NEW_CATEGORIES = PlainFault(
    "new categories", "Four rows in ten have a level that training did not have.", _add
)
