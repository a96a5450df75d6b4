"""Levels that have another name are read as those that the model knows."""

from collections import Counter
from collections.abc import Iterator, Mapping

from modelwright.maintain.remedies.base import PlainRemedy, Situation, Treatment
from modelwright.maintain.remedies.columns import Then, read_columns
from modelwright.maintain.wording import FEWEST_NAMED
from modelwright.predictor.mending import known_levels, reads_codes_alone, rename_levels
from modelwright.predictor.operations.base import Value
from modelwright.predictor.program import Program
from modelwright.predictor.reference.distribution import Levels

_FEWEST_SHARE = 0.02
"""Of the rows that a new level must have; rarer ones have too little to be known by."""
_VANISHED = 0.3
"""A level whose share fell to this part of what it was may have gone by another name."""
_MOST_APART = 0.4
"""How much the shares of an old and a new name may differ, as a part of the larger."""


def _plan(situation: Situation) -> Iterator[Treatment]:
    found = {
        each.name: renamed
        for each in read_columns(situation)
        if reads_codes_alone(situation.program, each.name)
        and (renamed := _renamed(each, known_levels(situation.program, each.name)))
    }
    if found:
        said = (f"{new!r} as {old!r}" for each in found.values() for new, old in each.items())
        yield Treatment(
            option="rename levels of " + ", ".join(sorted(found)),
            sentence=f"Read {', '.join(said)} in {', '.join(map(repr, found))}.",
            program=_mapped(situation.program, found),
            columns=tuple(found),
            # Of several names, which stands for which is a guess by their shares.
            is_evident={*found} <= {*situation.broken}
            and all(len(of) == 1 for of in found.values()),
        )


def _mapped(program: Program, found: Mapping[str, Mapping[str, str]]) -> Program:
    for name, levels in found.items():
        program = rename_levels(program, name, levels)
    return program


def _renamed(column: Then, known: frozenset[str]) -> dict[str, str]:
    """Return which old level each new one stands for: those whose shares are alike."""
    if not isinstance(column.trained, Levels):
        return {}
    new, gone = _new_levels(column, known), _vanished(column)
    found: dict[str, str] = {}
    for level, share in sorted(new.items(), key=lambda each: -each[1]):
        if not gone:
            break
        old = min(gone, key=lambda each: abs(gone[each] - share))
        if abs(gone[old] - share) <= _MOST_APART * max(gone[old], share):
            found[level] = old
            del gone[old]
    return found


def _new_levels(column: Then, known: frozenset[str]) -> dict[str, float]:
    assert isinstance(column.trained, Levels)
    before = {*column.trained.levels}
    least = max(_FEWEST_SHARE, FEWEST_NAMED / max(1, len(column.values)))
    return {
        level: share
        for level, share in _shares(column.values).items()
        if level not in known and level not in before and share >= least
    }


def _vanished(column: Then) -> dict[str, float]:
    assert isinstance(column.trained, Levels)
    total, now = max(1, sum(column.trained.counts)), _shares(column.values)
    then = {
        level: count / total
        for level, count in zip(column.trained.levels, column.trained.counts, strict=False)
    }
    return {
        level: share - now.get(level, 0.0)
        for level, share in then.items()
        if share >= _FEWEST_SHARE and now.get(level, 0.0) <= _VANISHED * share
    }


def _shares(values: Value) -> dict[str, float]:
    counts = Counter(value for value in values.tolist() if value is not None)
    return {level: count / max(1, len(values)) for level, count in counts.items()}


MAP_LEVELS = PlainRemedy(
    "map levels",
    "Reads a level that has another name as the level that the model knows.",
    _plan,
)
