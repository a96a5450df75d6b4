"""The one thing to do, from what the contract, the drift and the performance say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from modelwright.documents import BrokenRule, Cause
from modelwright.maintain.inputs.drift import ANSWERS, FEWEST_ROWS, Change
from modelwright.maintain.score.performance import Performance
from modelwright.maintain.wording import too_few

Action = Literal["keep", "wait for labels", "fix input", "recalibrate", "retrain", "call a person"]


@dataclass(frozen=True)
class Advice:
    """What to do, and why, in words for people who are not engineers."""

    action: Action
    sentence: str


def advise(
    broken: Sequence[BrokenRule],
    changes: Sequence[Change],
    performance: Performance,
    *,
    costly: Cause | None = None,
    rows: int,
) -> Advice:
    """Choose one action, the first of these that applies.

    ================================================  =================
    what was found                                    what to do
    ================================================  =================
    no row                                            keep
    a rule of the contract is broken, or an input     fix input
    looks broken (missing, other units, new levels)
    the score is worse than promised, and as promised fix input
    without the rows of levels that training had not
    only the probabilities are off                    recalibrate
    the score is worse than promised                  retrain
    the score is known and as promised                keep
    the answers changed, and no score is known        call a person
    a column changed, and no score is known           wait for labels
    nothing of all this                               keep
    ================================================  =================

    Parameters
    ----------
    broken
        Rules of the contract that live rows break.
    changes
        What `measure_drift` found.
    performance
        What `measure_performance` found.
    costly
        What `find_costly_levels` found where the score is worse.
    rows
        How many live rows there are.
    """
    if not rows:
        return Advice("keep", "Nothing was asked of the model here, so there is nothing to judge.")
    if fault := _input_fault(broken, changes):
        return Advice("fix input", fault)
    if costly is not None:
        why = f"The model does worse than promised. {costly.sentence} {performance.sentence}"
        return Advice("fix input", why)
    if performance.is_off:
        why = "Only the probabilities of the model are off, and a correction would mend them."
        return Advice("recalibrate", f"{why} {performance.sentence}")
    if performance.is_worse:
        return Advice("retrain", f"The model does worse than promised. {performance.sentence}")
    alarms = [change for change in changes if change.is_alarm]
    if performance.is_judged:
        although = ", although the rows changed" if alarms else ""
        why = f"The model does as well as promised{although}. {performance.sentence}"
        return Advice("keep", why)
    if alarms:
        return _without_score(alarms, performance)
    if rows < FEWEST_ROWS:
        few = f"{too_few(rows)} to see a change. {performance.sentence}"
        return Advice("keep", few)
    return Advice("keep", f"The rows hardly differ from training. {performance.sentence}")


def _input_fault(broken: Sequence[BrokenRule], changes: Sequence[Change]) -> str:
    """Say what is wrong with the inputs; a fault with a cause first, for it explains the rules."""
    faulty = [(change.drift, change.fault) for change in changes if change.fault]
    if faulty:
        drift, fault = faulty[0]
        more = _and_more(len(faulty) - 1, "column looks", "columns look", "broken too")
        return f"{drift.column!r} {fault.sentence}. {drift.sentence}{more}"
    if broken:
        more = _and_more(len(broken) - 1, "rule is", "rules are", "broken too")
        return f"Live rows break the data contract. {broken[0].sentence}{more}"
    return ""


def _without_score(alarms: Sequence[Change], performance: Performance) -> Advice:
    first = next((each for each in alarms if each.drift.column == ANSWERS), alarms[0])
    more = _and_more(len(alarms) - 1, "column has", "columns have", "changed too")
    why = f"{first.drift.sentence}{more} {performance.sentence}"
    if first.drift.column == ANSWERS:
        return Advice("call a person", f"The answers changed, and nobody knows if they hold. {why}")
    return Advice("wait for labels", f"The rows changed, the answers hardly did. {why}")


def _and_more(count: int, one: str, several: str, what: str) -> str:
    return "" if not count else f" {count} other {one if count == 1 else several} {what}."
