"""A feed that sends rows twice, or whose clock is off."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl

from modelwright.data.schema import Kind
from modelwright.maintain.gameday.faults.base import Injection, PlainFault, Scene
from modelwright.maintain.gameday.traffic import Span

_OFF = pl.duration(hours=-9)


def _repeat(_: Scene) -> Iterator[Injection]:
    yield Injection(causes=("repeated rows",), change=_send_twice, harm="always", is_paired=False)


def _send_twice(span: Span) -> Span:
    rows = np.arange(len(span)) // 2
    return replace(span.taken(rows), times=span.times)


def _shift_clock(scene: Scene) -> Iterator[Injection]:
    for name in scene.aimed(Kind.DATETIME):
        change = partial(_shift, name=name)
        yield Injection(columns=(name,), causes=("shifted clock",), change=change, harm="always")


def _shift(span: Span, *, name: str) -> Span:
    return span.with_columns(**{name: pl.col(name) + _OFF})


REPEATED_ROWS = PlainFault("repeated rows", "Each row is sent twice.", _repeat)
SHIFTED_CLOCK = PlainFault("shifted clock", "Moments come nine hours early.", _shift_clock)
