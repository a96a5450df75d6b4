"""Two columns that changed places are read from where they are."""

from collections.abc import Iterator
from itertools import combinations

from modelwright.maintain.remedies.base import PlainRemedy, Situation, Treatment
from modelwright.maintain.remedies.columns import Then, distance_between, read_columns
from modelwright.predictor.mending import swap_columns

_CHANGED = 0.1
_NEARER = 0.5
"""How much nearer two columns must lie to where the other was than to where they were."""


def _plan(situation: Situation) -> Iterator[Treatment]:
    changed = [each for each in read_columns(situation) if each.distance > _CHANGED]
    fits = {
        (one.name, other.name): ratio
        for one, other in combinations(changed, 2)
        if one.column.value_type == other.column.value_type != "datetime"
        and (ratio := _ratio(one, other)) < _NEARER
    }
    for one, other in sorted(fits, key=lambda pair: fits[pair])[:1]:
        yield Treatment(
            option=f"swap {one} and {other}",
            sentence=f"Read {one!r} where {other!r} was read, and the other way round.",
            program=swap_columns(situation.program, one, other),
            columns=(one, other),
        )


def _ratio(one: Then, other: Then) -> float:
    """Return how far each lies from the training of the other, beside its own."""
    crossed = distance_between(other.trained, one.values) + distance_between(
        one.trained, other.values
    )
    return crossed / (one.distance + other.distance)


SWAP_BACK = PlainRemedy(
    "swap back",
    "Reads two columns that changed places from where they are now.",
    _plan,
    needs_labels=False,
)
