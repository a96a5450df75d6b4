"""Values that go missing."""

from collections.abc import Iterator

import numpy as np

from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.past import Tally
from modelwright.maintain.look.stays import Stays
from modelwright.maintain.look.such_rows import share_missing_of_such
from modelwright.maintain.wording import percent

_JUMP = 0.1
"""By how much the share must grow to be a fault rather than a mix of rows."""
_OFTEN = 0.3
"""The share from which on values may all be missing for a while: gusts of wind, on calm days."""
_ALL = 0.98
"""The share that is taken for all."""


def find_missing(look: Look, least: float) -> Iterator[Finding]:
    """Yield the columns that lost values, although the past had them."""
    for column in look.sketch.columns:
        aspect = look.aspect("missing", column.name)
        evidence = look.surprise("missing", column.name)
        if aspect and aspect.usual_share >= _OFTEN and aspect.share >= _ALL:
            evidence = min(evidence, _stays_missing(look, column.name))
        if aspect and evidence >= least and aspect.share - aspect.usual_share >= _JUMP:
            if aspect.share - share_missing_of_such(look, column.name) < _JUMP:
                # Such rows miss it anyway.
                continue
            often = "mostly" if aspect.share > 0.5 else "often"
            yield Finding(
                kind="missing values",
                columns=(column.name,),
                evidence=evidence,
                sentence=f"{column.name!r} is {often} missing: in {percent(aspect.share)} of rows, "
                f"in {percent(aspect.usual_share)} before.",
                is_broken=True,
            )


def _stays_missing(look: Look, name: str) -> float:
    """Return how surprising it is that no value comes where often none does, as a logarithm."""
    tally = f"missing {name}"
    counts: list[Tally] = [window.tallies.get(tally, (0, 0)) for window in look.sketch.past]
    missing, known = np.array(counts).T
    return Stays(missing, missing + known).log_stuck(look.tallies[tally][0])
