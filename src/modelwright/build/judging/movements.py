"""How much each column moves single answers: exact Shapley values, read from the program."""

from collections.abc import Iterator

import msgspec
import numpy as np

from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME, Columns
from modelwright.documents import Movement, Movements
from modelwright.predictor.attribution.shares import share_out
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.program import Input, Program

_ROWS, _OTHERS = 200, 50
_FEWEST = 30
"""Of fewer rows nothing is said."""
_FIRST, _BLOCK = 5, 25
"""Rows at once: few at first, because nobody knows how long the program takes."""
_SHOWN = 60
"""Rows whose parts are kept, for the picture."""
_PICTURED = 10
"""Columns whose parts are kept."""
_DIGITS = 4


def measure_movements(
    program: Program, columns: Columns, *, budget: Budget, seed: int
) -> Movements | None:
    """Measure how much each column moves the answers to single rows.

    At most 200 rows are compared with 50 others each, by `share_out`.

    Parameters
    ----------
    program
        What answers.
    columns
        Rows that the program has not learned from.
    budget
        No more rows are begun after it has ended.
    seed
        Draws the rows.

    Returns
    -------
    Movements, or None
        None where there are too few rows, no time, or the program has a step through which nothing
        can be led.
    """
    count = len(next(iter(columns.values()), ()))
    if count < _FEWEST:
        return None
    drawn = np.random.default_rng(seed).permutation(count)
    others = drawn[: min(_OTHERS, count // 3)]
    rows = drawn[len(others) : len(others) + _ROWS]
    blocks = list(_blocks(program, columns, rows, others, budget))
    if not blocks:
        return None
    parts = np.concatenate([each for each, _ in blocks])
    sample = {each.name: columns[each.name][rows[: len(parts)]] for each in program.inputs}
    task = program.task
    return Movements(
        rows=len(parts),
        others=len(others),
        exact=all(straight for _, straight in blocks),
        of=task.classes[1] if task.kind == "binary" else None,
        columns=_movements(program, sample, parts),
    )


def _blocks(
    program: Program, columns: Columns, rows: Value, others: Value, budget: Budget
) -> Iterator[tuple[Floats, bool]]:
    """Yield the parts of some rows after others, of shape (rows, inputs)."""
    compared = {each.name: columns[each.name][others] for each in program.inputs}
    starts = [0, *range(_FIRST, len(rows), _BLOCK)]
    for begin, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        if budget.remaining_s <= 0:
            return
        some = {name: columns[name][rows[begin:end]] for name in compared}
        found = share_out(program, some, compared, outputs=_outputs(program, some))
        if found is None or not np.isfinite(found.parts).all():
            return
        yield found.parts.mean(axis=1), found.straight


def _outputs(program: Program, rows: Columns) -> Value:
    """Return which output is meant: the positive class, the one that is answered, the number."""
    answers = program.run(rows)
    if program.task.kind == "binary":
        return np.ones(len(answers), dtype=np.int64)
    return program.rule.choose(answers)


def _movements(program: Program, sample: Columns, parts: Floats) -> tuple[Movement, ...]:
    means = np.abs(parts).mean(axis=0)
    found = [
        _movement(given, sample[given.name], parts[:, place], float(means[place]))
        for place, given in enumerate(program.inputs)
    ]
    found.sort(key=lambda each: -each.mean)
    rest = (msgspec.structs.replace(each, parts=(), places=()) for each in found[_PICTURED:])
    return (*found[:_PICTURED], *rest)


def _movement(given: Input, values: Value, parts: Floats, mean: float) -> Movement:
    places = _places(given, values)
    known = ~np.isnan(places)
    varied = known.any() and np.ptp(places[known]) > 0 and np.ptp(parts[known]) > 0
    rises = np.corrcoef(_ranks(places[known]), _ranks(parts[known]))[0, 1] if varied else None
    return Movement(
        column=given.name,
        mean=_short(mean),
        rises=None if rises is None else _short(rises),
        parts=tuple(map(_short, parts[:_SHOWN])),
        places=tuple(
            None if np.isnan(each) else round(each, 2) for each in places[:_SHOWN].tolist()
        ),
    )


def _places(given: Input, values: Value) -> Floats:
    """Return where each value stands among all, from 0 to 1; NaN without an order."""
    if given.type == "string":
        return np.full(len(values), np.nan)
    numbers = values.astype(np.float64)
    if given.type == "datetime":
        numbers[values == MISSING_DATETIME] = np.nan
    known = ~np.isnan(numbers)
    ranks = _ranks(numbers[known])
    places = np.full(len(values), np.nan)
    places[known] = ranks / max(1.0, ranks.max(initial=0.0))
    return places


def _ranks(values: Floats) -> Floats:
    """Return the rank of each value from 0 up; those that are equal share the middle one."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts + 1) / 2)[place])


def _short(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")
