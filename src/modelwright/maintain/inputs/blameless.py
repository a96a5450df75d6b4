"""Rules that a handful of rows break, where a model does worse and does so without them too."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from modelwright.data.checks.base import RowCheck
from modelwright.data.checks.readable import readable
from modelwright.documents import BrokenRule
from modelwright.maintain.inputs.costly_levels import part_carried
from modelwright.maintain.inputs.rules import Breach
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.look.live_rules import HARM, rules_of
from modelwright.maintain.remedies.past import rows_at
from modelwright.maintain.score.performance import Performance
from modelwright.predictor.bundle import Bundle

_CARRIED = 0.5
"""The part of what is lost that the rows must carry for the rule to be a cause."""


def rules_to_blame(
    bundle: Bundle,
    rows: LiveRows,
    breaches: Sequence[Breach],
    performance: Performance,
    measure: Callable[[LiveRows], Performance],
) -> tuple[BrokenRule, ...]:
    """Return the broken rules that are a reason for an alarm.

    Where a model does worse, a rule that so few rows break that the watch would take it for a note
    is none, unless these rows carry at least half of what is lost.

    Parameters
    ----------
    bundle
        Holds the contract.
    rows
        The live rows.
    breaches
        What they break.
    performance
        How well they were answered.
    measure
        Says how well some of them were.
    """
    news = (each for each in breaches if each.is_news)
    if not performance.is_worse:
        return tuple(each.rule for each in news)
    return tuple(_blamed(bundle, rows, news, performance, measure))


def _blamed(
    bundle: Bundle,
    rows: LiveRows,
    news: Iterator[Breach],
    performance: Performance,
    measure: Callable[[LiveRows], Performance],
) -> Iterator[BrokenRule]:
    rules = rules_of(bundle)
    weights = {each.check: each.weight for each in rules.rows}
    table = readable(rows.table, rules.schema)
    for breach in news:
        check = breach.check
        if isinstance(check, RowCheck) and check in weights:
            fails = table.select(check.failing(table.schema).fill_null(False)).to_series()
            kept = np.flatnonzero(~fails.to_numpy())
            if (1 - len(kept) / len(rows)) * weights[check] < HARM:
                without = measure(rows_at(rows, kept))
                if without.is_worse and part_carried(performance, without) < _CARRIED:
                    continue
        yield breach.rule
