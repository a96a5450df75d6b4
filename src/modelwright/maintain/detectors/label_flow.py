"""Labels that stop coming."""

from collections.abc import Iterator

from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.tallies import LABELLED
from modelwright.maintain.wording import percent

_DROP = 0.3


def find_late_labels(look: Look, least: float) -> Iterator[Finding]:
    """Yield that fewer rows have a label than windows had when they were judged before."""
    aspect, evidence = look.aspect(LABELLED), look.surprise(LABELLED)
    if aspect and evidence >= look.of_feed(least) and aspect.usual_share - aspect.share >= _DROP:
        yield Finding(
            kind="late labels",
            evidence=evidence,
            sentence=f"{percent(aspect.share)} of rows have a label; "
            f"{percent(aspect.usual_share)} had one before, when they were as old.",
            is_broken=True,
        )
