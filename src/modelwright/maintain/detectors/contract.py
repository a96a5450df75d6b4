"""Rules of the contract that more rows break than did before."""

from collections.abc import Iterator

from modelwright.data.checks.presence import NotMissing
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.live_rules import HARM, LiveRule, rules_of
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.such_rows import share_missing_of_such
from modelwright.maintain.wording import percent

_JUMP = 0.1
"""By how much more rows must miss a value than such rows do anyway."""


def find_broken_contract(look: Look, least: float) -> Iterator[Finding]:
    """Yield the rules that are broken more than in the past, of each column the surest one.

    A rule is weighed by the importance that the contract tells of its column: what hardly matters
    to the score is a note. So are the rows in which a column goes on beyond training as it did
    within.
    """
    surest = dict[tuple[str, ...], Finding]()
    for rule in rules_of(look.bundle).rows:
        finding = _find(look, rule, least)
        if finding is None:
            continue
        known = surest.get(finding.columns)
        if known is None or known.evidence < finding.evidence:
            surest[finding.columns] = finding
    yield from surest.values()


def _find(look: Look, rule: LiveRule, least: float) -> Finding | None:
    aspect, evidence = look.aspect(rule.tally), look.surprise(rule.tally)
    if aspect is None or evidence < least or aspect.share <= aspect.usual_share:
        return None
    more = aspect.share - aspect.usual_share
    return Finding(
        kind="broken rule",
        columns=rule.check.columns,
        evidence=evidence,
        sentence=f"{rule.check.rule}: not so in {percent(aspect.share)} of rows; in "
        f"{percent(aspect.usual_share)} before.",
        is_broken=rule.left_of(more, look.bundle, look.rows.columns) * rule.weight >= HARM
        and not _is_of_such_rows(look, rule, aspect.share),
    )


def _is_of_such_rows(look: Look, rule: LiveRule, share: float) -> bool:
    """Say whether rows like these miss about as many values anyway."""
    check = rule.check
    if not isinstance(check, NotMissing) or check.column not in look.sketch.values:
        return False
    return share - share_missing_of_such(look, check.column) < _JUMP
