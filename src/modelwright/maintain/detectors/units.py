"""Numbers that come in another unit."""

from collections.abc import Iterator

import numpy as np

from modelwright.data.schema import Kind
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look import Look
from modelwright.maintain.units import CONVERSIONS
from modelwright.predictor.operations.base import Floats

_EXPLAINED = 0.8
"""The part of the evidence that must vanish when values are converted back."""
_PLACES = np.linspace(0.1, 0.9, 9)
_FEWEST_VALUES = 5
"""A column of fewer has no unit."""


def find_other_units(look: Look, least: float) -> Iterator[Finding]:
    """Yield the columns that are as before once they are converted back."""
    for column in look.sketch.columns:
        evidence = look.surprise("values", column.name)
        if column.kind != Kind.NUMERIC or evidence < least:
            continue
        values = look.values[column.name]
        if len(np.unique(values[~np.isnan(values)])) < _FEWEST_VALUES:
            continue
        left, said, back = min(
            (look.recount(column.name, (values - offset) / factor), said, (factor, offset))
            for said, factor, offset in CONVERSIONS
        )
        converted = (values - back[1]) / back[0]
        if (
            left < (1 - _EXPLAINED) * evidence
            and _is_sudden(look, column.name, values, converted)
            and not _is_within(look, column.name, values)
        ):
            yield Finding(
                kind="unit change",
                columns=(column.name,),
                evidence=evidence,
                sentence=f"{column.name!r} looks {said}: converted back it is as before.",
                is_broken=True,
            )


def _is_sudden(look: Look, name: str, values: Floats, converted: Floats) -> bool:
    """Say whether the first rows follow the last ones better when they are converted back.

    A season comes row by row, another unit from one row to the next.
    """
    before = look.sketch.past[-1].columns[name]
    before = _quantiles(before[-len(before) // 3 :])
    first = slice(0, len(values) // 5)
    raw, back = _quantiles(values[first]), _quantiles(converted[first])
    return bool(np.abs(back - before).sum() <= 0.5 * np.abs(raw - before).sum())


def _quantiles(values: Floats) -> Floats:
    known = values[~np.isnan(values)]
    return np.quantile(known, _PLACES) if len(known) else np.zeros(len(_PLACES))


def _is_within(look: Look, name: str, values: Floats) -> bool:
    """Say whether the values are among those that the past had: then other rows came."""
    before = np.unique(look.sketch.values[name])
    known = values[~np.isnan(values)]
    usual = look.sketch.values[name]
    on_grid = np.isin(known, before).mean() if len(known) else 0.0
    # Of a column of many values hardly any comes twice, whatever happens.
    repeats = 1 - len(before) / max(1, len(usual))
    return bool(repeats > 0.5 and on_grid > 0.9)
