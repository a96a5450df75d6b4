"""A text that was written by a program holds the answer in one of its parts.

"case 4711 closed as refunded" and "R-0815" have the same form in nearly every row, words and
numbers in a fixed order. Each of these parts is judged as a column of its own: one that alone gives
the answer is a copy, though no two texts are the same. What people write has no such form.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from modelwright.data.schema import Column, Kind, Schema
from modelwright.documents import Leak
from modelwright.explore.association import Strength, measure_column
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.copies import (
    MOST_UNEXPLAINED,
    has_enough_rows,
    stands_apart,
    what_is_told,
)
from modelwright.explore.leaks.doubts import doubts_about
from modelwright.explore.sample import Sample

_MOST_ROWS, _MOST_PARTS = 5_000, 12
_LEAST_OF_FORM = 0.9
_PART = re.compile(r"[^\W\d_]+|(?<![^\s:=(])[+-]?\d+(?:\.\d+)?|\d+(?:\.\d+)?")
"""A sign belongs to a number that stands alone, not to one of a code."""
_LONGEST = 300
"""Characters that are looked at: a text of few parts is short, and letters fill megabytes."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_SHOWN = 40


def find_parts(case: Case) -> list[Leak]:
    """Return the texts of one form of which a part gives the answer."""
    if not has_enough_rows(case):
        return []
    return [leak for name in case.texts if (leak := _judge(case, name))]


def _judge(case: Case, name: str) -> Leak | None:
    cut = _of_parts(case.sample.take(np.arange(min(len(case.sample), _MOST_ROWS))), name)
    if cut is None:
        return None
    shown, sample = cut
    told = {part: measure_column(sample, part) for part in sample.names}
    part = min(told, key=lambda each: told[each].unexplained)
    if told[part].unexplained > MOST_UNEXPLAINED[sample.task.kind]:
        return None
    rest = case.rest_without([name])
    if not stands_apart(told[part].unexplained, rest):
        return None
    what = (
        f"In {sample.in_words()} the texts of {name} have one form, such as {shown!r}: their {part}"
    )
    return _leak(case, name, what, (told[part], rest))


def _leak(case: Case, name: str, what: str, strengths: tuple[Strength, Strength]) -> Leak:
    kind, (alone, rest) = case.sample.task.kind, strengths
    verb = "explains" if kind == "regression" else "avoids"
    others = f"all weaker columns together {what_is_told(rest, kind)}."
    doubt = doubts_about(case, [name], {name: alone}).get(name, "")
    return Leak(
        columns=(name,),
        verdict="suspicious" if doubt else "certain",
        evidence=f"{what} alone {verb} {what_is_told(alone, kind)} on rows that it was not fitted "
        f"to; {others}{doubt}",
    )


def _of_parts(sample: Sample, name: str) -> tuple[str, Sample] | None:
    """Return a text and the rows with the parts as their columns; None where there is no form."""
    texts = [text[:_LONGEST] for text in sample.frame[name].fill_null("").to_list()]
    cut = [_PART.findall(text) for text in texts]
    forms = Counter(_form(parts) for parts in cut if parts)
    if not forms:
        return None
    form, rows = forms.most_common(1)[0]
    if rows < _LEAST_OF_FORM * forms.total() or not 1 < len(form) <= _MOST_PARTS:
        return None
    has_form = [_form(parts) == form for parts in cut]
    columns = list(
        _columns([parts if one else None for parts, one in zip(cut, has_form, strict=True)], form)
    )
    if not columns:
        return None
    kinds = (Kind.NUMERIC if each.dtype == pl.Float64 else Kind.CATEGORICAL for each in columns)
    schema = Schema(
        columns=tuple(
            Column(name=each.name, kind=kind) for each, kind in zip(columns, kinds, strict=True)
        )
    )
    text = texts[has_form.index(True)]
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return shown, replace(sample, frame=pl.DataFrame(columns), schema=schema)


def _form(parts: Sequence[str]) -> tuple[bool, ...]:
    """Return which of the parts are numbers."""
    return tuple(part[-1].isdecimal() for part in parts)


def _columns(cut: Sequence[Sequence[str] | None], form: Sequence[bool]) -> Iterator[pl.Series]:
    """Yield the parts that are not the same in every row, each by what it is called."""
    counted: Counter[bool] = Counter()
    for place, is_number in enumerate(form):
        counted[is_number] += 1
        cells = [None if parts is None else parts[place] for parts in cut]
        name = _called(counted[is_number], is_number=is_number)
        if len(set(cells)) > 1:
            yield _numbers(name, cells) if is_number else pl.Series(name, cells)


def _numbers(name: str, cells: Sequence[str | None]) -> pl.Series:
    # Polars reads the digits of English only.
    found = [None if cell is None else float(cell) for cell in cells]
    return pl.Series(name, found, dtype=pl.Float64)


def _called(count: int, *, is_number: bool) -> str:
    what = "number" if is_number else "word"
    return f"{_ORDINALS[count - 1]} {what}" if count <= len(_ORDINALS) else f"{what} {count}"
