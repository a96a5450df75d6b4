"""What clients would notice of another bundle, as text for a terminal."""

from modelwright.predictor.compatibility import Compatibility
from modelwright.report.terminal.layout import field, left_out, title
from modelwright.report.words import plural

_SIGNS = {"refused": "✗", "changed": "!", "note": "·"}
_SHOWN = 15


def describe_compatibility(found: Compatibility) -> str:
    """Return what clients must change, the worst first.

    Examples
    --------
    >>> same = Compatibility(old="a1", new="b2", changes=(), replayed=20, refused=0)
    >>> print(describe_compatibility(same))  # doctest: +ELLIPSIS
    ── Clients ──...
    Verdict   ✓ Clients need not change anything.
    Tried     20 requests of today's clients; 0 refused
    """
    verdict = (
        "✗ Requests that are answered today would be refused"
        if not found.is_compatible
        else "✓ Every request that is answered today is answered; see what changes"
        if found.changes
        else "✓ Clients need not change anything"
    )
    tried = f"{plural(found.replayed, 'request')} of today's clients; {found.refused:,} refused"
    first = [f"The first: {found.first_refusal}"] if found.first_refusal else []
    lines = [f"{_SIGNS[each.severity]} {each.sentence}" for each in found.changes[:_SHOWN]]
    return "\n".join(
        [
            title("Clients"),
            *field("Verdict", f"{verdict}."),
            *field("Changes", *lines, *left_out(len(found.changes) - _SHOWN, "with --json")),
            *field("Tried", tried, *first),
        ]
    )
