"""A broken column is filled, or not looked at."""

from collections.abc import Iterator, Sequence

import numpy as np

from modelwright.data.schema import Kind
from modelwright.maintain.remedies.base import PlainRemedy, Situation, Treatment
from modelwright.maintain.remedies.columns import Then, changed_columns, is_binned, usual_value
from modelwright.predictor.mending import fill_column, hold_column, reads_codes_alone
from modelwright.predictor.program import Program
from modelwright.tasks.figures import figure

_MOST = 3
"""Columns that are tried one by one, those that changed most."""


def _plan(situation: Situation) -> Iterator[Treatment]:
    changed = [each for each in changed_columns(situation) if _can_hold(each, situation.program)]
    if len(changed) > 1:
        yield _held(changed[:_MOST], situation.program)
    for each in changed[:_MOST]:
        yield _held([each], situation.program)
    for each in changed[:_MOST]:
        if is_binned(each.trained) and _is_missing_more(each):
            yield _filled(each, situation.program)


def _held(columns: Sequence[Then], program: Program) -> Treatment:
    names = tuple(each.name for each in columns)
    said = " and ".join(f"{each.name!r} for {_shown(each)}" for each in columns)
    for each in columns:
        program = hold_column(program, each.name, value=usual_value(each.trained))
    return Treatment(
        option="hold " + ", ".join(sorted(names)),
        sentence=f"Take {said} in every row, whatever comes.",
        program=program,
        columns=names,
    )


def _filled(column: Then, program: Program) -> Treatment:
    value = usual_value(column.trained)
    assert isinstance(value, float)
    return Treatment(
        option=f"fill {column.name}",
        sentence=f"Take {column.name!r} for {figure(value)} where it is missing.",
        program=fill_column(program, column.name, value=value),
        columns=(column.name,),
    )


def _can_hold(column: Then, program: Program) -> bool:
    if usual_value(column.trained) is None:
        return False
    numeric = column.column.kind in (Kind.NUMERIC, Kind.BOOLEAN)
    return (numeric and is_binned(column.trained)) or reads_codes_alone(program, column.name)


def _is_missing_more(column: Then) -> bool:
    trained = column.trained.counts[-1] / max(1, sum(column.trained.counts))
    return float(np.isnan(column.values).mean()) > trained + 0.1


def _shown(column: Then) -> str:
    value = usual_value(column.trained)
    return figure(value) if isinstance(value, float) else repr(value)


IMPUTE = PlainRemedy(
    "impute",
    "Fills a broken column with its usual value, or does not look at it.",
    _plan,
)
