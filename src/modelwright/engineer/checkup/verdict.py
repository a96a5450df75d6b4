"""One verdict over all items, and as text."""

import msgspec

from modelwright.engineer.checkup.base import Finding, Scene
from modelwright.engineer.checkup.registry import ITEMS
from modelwright.report.terminal.layout import aligned, field, title
from modelwright.report.words import clip

_MARKS = {True: "✓", False: "✗", None: "?"}


class Checkup(msgspec.Struct, frozen=True, kw_only=True):
    """What the items found.

    Parameters
    ----------
    made_at
        ISO 8601, UTC.
    items
        By name, in their order.
    """

    made_at: str
    items: dict[str, Finding]

    @property
    def passed(self) -> bool:
        """Whether no item found a fault; what was not checked is no fault."""
        return all(each.passed is not False for each in self.items.values())


def check_up(scene: Scene) -> Checkup:
    """Ask every item."""
    items = {name: check(scene) for name, check in ITEMS.items()}
    return Checkup(made_at=scene.now.isoformat(), items=items)


def describe_checkup(checkup: Checkup) -> str:
    """Return a checkup as text for a terminal, without a final newline."""
    faults = sum(each.passed is False for each in checkup.items.values())
    unseen = sum(each.passed is None for each in checkup.items.values())
    said = f"{faults} of {len(checkup.items)} items {'is' if faults == 1 else 'are'} at fault"
    verdict = f"✗ {said}" if faults else "✓ no fault"
    rows = [
        (_MARKS[each.passed], name, clip(_told(each), 400)) for name, each in checkup.items.items()
    ]
    return "\n".join(
        [
            title("Checkup"),
            *field("Verdict", f"{verdict}; {unseen} not checked"),
            *field("Items", *aligned(rows)),
        ]
    )


def _told(finding: Finding) -> str:
    seen = "not checked: " if finding.passed is None else ""
    remedy = f". {finding.remedy}." if finding.remedy else "."
    return f"{seen}{finding.evidence.rstrip('.')}{remedy}"
