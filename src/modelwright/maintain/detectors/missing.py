"""Values that go missing."""

from collections.abc import Iterator

from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look import Look
from modelwright.maintain.wording import percent

_JUMP = 0.1
"""By how much the share must grow to be a fault rather than a mix of rows."""


def find_missing(look: Look, least: float) -> Iterator[Finding]:
    """Yield the columns that lost values, although the past had them."""
    for column in look.sketch.columns:
        aspect = look.aspect("missing", column.name)
        evidence = look.surprise("missing", column.name)
        if aspect and evidence >= least and aspect.share - aspect.usual_share >= _JUMP:
            often = "mostly" if aspect.share > 0.5 else "often"
            yield Finding(
                kind="missing values",
                columns=(column.name,),
                evidence=evidence,
                sentence=f"{column.name!r} is {often} missing: in {percent(aspect.share)} of rows, "
                f"in {percent(aspect.usual_share)} before.",
                is_broken=True,
            )
