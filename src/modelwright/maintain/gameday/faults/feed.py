"""A feed that sends rows twice, or mixes them up, or whose clock is off."""

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


def _mix_up(scene: Scene) -> Iterator[Injection]:
    names = [column.name for column in scene.columns if column.kind != Kind.DATETIME]
    if len(names) > 1:
        borrowed = tuple(names[::2])
        change = partial(_borrow, names=borrowed, seed=scene.seed)
        yield Injection(columns=tuple(names), causes=("mixed-up rows",), change=change)


def _borrow(span: Span, *, names: tuple[str, ...], seed: int) -> Span:
    others = np.random.default_rng(seed).permutation(len(span)).tolist()
    return span.with_columns(**{name: span.table[name].gather(others) for name in names})


def _shift_clock(scene: Scene) -> Iterator[Injection]:
    for name in scene.aimed(Kind.DATETIME):
        change = partial(_shift, name=name)
        yield Injection(columns=(name,), causes=("shifted clock",), change=change, harm="always")


def _shift(span: Span, *, name: str) -> Span:
    return span.with_columns(**{name: pl.col(name) + _OFF})


REPEATED_ROWS = PlainFault("repeated rows", "Each row is sent twice.", _repeat)
RESENT_ROWS = PlainFault("resent rows", "Batches of rows are sent again later.", _resend)
MIXED_UP_ROWS = PlainFault(
    "mixed-up rows", "Every second column comes from other rows, as by a wrong key.", _mix_up
)
SHIFTED_CLOCK = PlainFault("shifted clock", "Moments come nine hours early.", _shift_clock)
