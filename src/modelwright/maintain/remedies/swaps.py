"""Two columns that changed places are read from where they are."""

from collections.abc import Iterator
from itertools import combinations

from modelwright.maintain.remedies.base import PlainRemedy, Situation, Treatment
from modelwright.maintain.remedies.columns import Then, distance_between, read_columns
from modelwright.predictor.mending import swap_columns

_CHANGED = 0.1
_NEARER = 0.6
"""How much nearer two columns must lie to where the other was than to where they were."""


def swapped_pair(situation: Situation) -> tuple[str, str] | tuple[()]:
    """Return the two columns that changed places; none where no two did."""
    changed = [each for each in read_columns(situation) if each.distance > _CHANGED]
    broken = {*situation.broken} or {each.name for each in changed}
    fits = {
        (one.name, other.name): ratio
        for one, other in combinations(changed, 2)
        if broken & {one.name, other.name}
        and one.column.value_type == other.column.value_type != "datetime"
        and (ratio := _ratio(one, other)) < _NEARER
    }
    return min(fits, key=lambda pair: fits[pair], default=())


def _plan(situation: Situation) -> Iterator[Treatment]:
    if pair := swapped_pair(situation):
        one, other = pair
        yield Treatment(
            option=f"swap {one} and {other}",
            sentence=f"Read {one!r} where {other!r} was read, and the other way round.",
            program=swap_columns(situation.program, one, other),
            columns=(one, other),
            is_evident=bool(situation.broken),
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
)
