"""A feed that sends rows twice."""

from collections.abc import Iterator

from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look import Look
from modelwright.maintain.tallies import REPEATED
from modelwright.maintain.wording import percent

_JUMP = 0.1


def find_repeated(look: Look, least: float) -> Iterator[Finding]:
    """Yield that rows equal the row before them, where that is new."""
    aspect, evidence = look.aspect(REPEATED), look.surprise(REPEATED)
    if aspect and evidence >= least and aspect.share - aspect.usual_share >= _JUMP:
        yield Finding(
            kind="repeated rows",
            evidence=evidence,
            sentence=f"{percent(aspect.share)} of rows equal the row before them in everything; "
            f"{percent(aspect.usual_share)} did before.",
            is_broken=True,
        )
