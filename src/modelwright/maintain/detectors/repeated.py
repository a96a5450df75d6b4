"""A feed that sends rows again: twice in a row, or a batch of them later."""

from collections.abc import Iterator

from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.tallies import AGAIN, BATCHES, COPIED, REPEATED
from modelwright.maintain.wording import percent

_JUMP = 0.1
_OFTEN, _CHANGED = 0.1, 5.0
"""The share from which on rows are alike by nature, and the nats by which a column is another: then
other rows may be more alike."""
_SAID = {
    REPEATED: "equal the row before them in everything",
    COPIED: "equal an earlier one in everything",
    BATCHES: "come after the same two rows as an earlier one, beyond chance",
    AGAIN: "equal one of the window before in everything",
}


def find_repeated(look: Look, least: float) -> Iterator[Finding]:
    """Yield that rows came before, where that is new, in the way that says it most surely."""
    found = [each for kind in _SAID if (each := _find(look, kind, look.of_feed(least)))]
    if found:
        yield max(found, key=lambda each: each.evidence)


def _are_others(look: Look) -> bool:
    """Say whether other rows come: some column is another."""
    names = (column.name for column in look.sketch.columns)
    return any(look.surprise("values", name) >= _CHANGED for name in names)


def _find(look: Look, kind: str, least: float) -> Finding | None:
    aspect, evidence = look.aspect(kind), look.surprise(kind)
    if aspect is None or evidence < least or aspect.share - aspect.usual_share < _JUMP:
        return None
    if kind != BATCHES and aspect.usual_share >= _OFTEN and _are_others(look):
        return None
    return Finding(
        kind="repeated rows",
        evidence=evidence,
        sentence=f"{percent(aspect.share)} of rows {_SAID[kind]}; "
        f"{percent(aspect.usual_share)} did before.",
        is_broken=True,
    )
