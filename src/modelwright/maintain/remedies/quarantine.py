"""Bad rows: those that break the contract, with the rule that each breaks."""

from collections import Counter

import numpy as np

from modelwright.data.checks.readable import readable
from modelwright.data.checks.run import failing_rows
from modelwright.documents import Proposal
from modelwright.maintain.inputs.rules import broken_checks
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.proposals import share_spared
from modelwright.predictor.bundle import Bundle


def find_bad_rows(bundle: Bundle, rows: LiveRows, *, false_alarm_rate: float) -> dict[int, str]:
    """Return the rows that break a rule of the contract that is broken, with the rule.

    A rule that a fraction of rows may break, and that no more rows break than that, marks none.

    Parameters
    ----------
    bundle
        Holds the contract.
    rows
        The live rows.
    false_alarm_rate
        As for `find_broken_rules`.

    Returns
    -------
    dict
        By the place of a row, from 0, in the order of the rows.
    """
    broken, schema = broken_checks(bundle, rows, false_alarm_rate=false_alarm_rate)
    table = readable(rows.table, schema)
    reasons: dict[int, str] = {}
    for check, places in failing_rows(table, [check for check, _ in broken], most=len(rows)):
        for place in places.to_list():
            reasons.setdefault(place, check.rule)
    return dict(sorted(reasons.items()))


def propose_quarantine(
    situation: Situation, *, false_alarm_rate: float, level: float = 0.95
) -> Proposal | None:
    """Return what it would spare to set bad rows aside; None where no row is bad.

    The rules are those of the contract, which no live row has changed, so that the past judges them
    without having taught them. What is spared is the loss of rows that are not judged any more;
    they still want an answer.

    Parameters
    ----------
    situation
        As `situation_of` makes it.
    false_alarm_rate
        As for `find_broken_rules`.
    level
        Of the interval.
    """
    rows = situation.rows
    bad = find_bad_rows(situation.bundle, rows, false_alarm_rate=false_alarm_rate)
    if not bad:
        return None
    losses = situation.judge.losses(situation.program, rows.answers, rows.truth)
    is_bad = np.isin(np.arange(len(rows)), list(bad))
    rules = Counter(bad.values())
    told = "; ".join(f"{rule} ({count:,})" for rule, count in rules.most_common(3))
    return Proposal(
        remedy="quarantine rows",
        sentence=(
            f"Set {len(bad):,} of {len(rows):,} rows aside, which break the contract: {told}. "
            "Nobody judges them or learns from them; the server refuses such rows with --contract "
            "refuse."
        ),
        saves=share_spared(np.where(is_bad, losses, 0.0), losses, level),
        rows=len(rows),
    )
