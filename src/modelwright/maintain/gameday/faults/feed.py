"""A feed that sends rows twice, or whose clock is off."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl

from modelwright.data.schema import Kind
from modelwright.maintain.gameday.faults.base import Injection, PlainFault, Scene
from modelwright.maintain.gameday.traffic import Span

_BATCH = 40
_OFF = pl.duration(hours=-9)


def _repeat(_: Scene) -> Iterator[Injection]:
    yield Injection(causes=("repeated rows",), change=_send_twice, harm="always", is_paired=False)


def _send_twice(span: Span) -> Span:
    rows = np.arange(len(span)) // 2
    return replace(span.taken(rows), times=span.times)


def _resend(_: Scene) -> Iterator[Injection]:
    yield Injection(causes=("repeated rows",), change=_send_later, harm="always", is_paired=False)


def _send_later(span: Span) -> Span:
    """Let every second batch of rows come in place of the batch after it, too."""
    rows = np.arange(len(span))
    again = np.where(rows // _BATCH % 2 == 1, rows - _BATCH, rows)
    return replace(span.taken(again), times=span.times)


def _shift_clock(scene: Scene) -> Iterator[Injection]:
    for name in scene.aimed(Kind.DATETIME):
        change = partial(_shift, name=name)
        yield Injection(columns=(name,), causes=("shifted clock",), change=change, harm="always")


def _shift(span: Span, *, name: str) -> Span:
    return span.with_columns(**{name: pl.col(name) + _OFF})


REPEATED_ROWS = PlainFault("repeated rows", "Each row is sent twice.", _repeat)
RESENT_ROWS = PlainFault("resent rows", "Batches of rows are sent again later.", _resend)
SHIFTED_CLOCK = PlainFault("shifted clock", "Moments come nine hours early.", _shift_clock)
