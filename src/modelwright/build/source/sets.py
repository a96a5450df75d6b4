"""What members read, written once for those that read the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelwright.build.source.members import Member
from modelwright.build.source.origin import Origin
from modelwright.build.source.writing import write_feature

_WORDS = {"Cross(": "pairs of categories", "Flags(": "flags of tokens"}
"""What some members read and others do not."""


@dataclass(frozen=True)
class FeatureSet:
    """What some members read, as lines of code, and what puts it together."""

    encoder: str
    lines: tuple[str, ...]


def set_of(member: Member, origin: Origin) -> FeatureSet:
    """Return what a member reads."""
    lines = tuple(write_feature(each, origin, indent=12) for each in member.features)
    return FeatureSet("Designer" if member.is_linear else "Encoder", lines)


def names_of(sets: Sequence[FeatureSet]) -> list[str]:
    """Return ``features`` or ``lines``, with numbers where there are several of a kind."""
    names: list[str] = []
    for each in sets:
        name = "lines" if each.encoder == "Designer" else "features"
        alike = [other for other in sets if other.encoder == each.encoder]
        names.append(name if len(alike) == 1 else f"{name}_{alike.index(each) + 1}")
    return names


def endings_of(sets: Sequence[FeatureSet]) -> list[str]:
    """Return what is said of each set, after "the features"."""
    several = sum(each.encoder == "Encoder" for each in sets) > 1
    alone = " of each member" if len(sets) == 1 else " that the other members read"
    known = [word for each in sets for word in _words(each)]
    absent = " or ".join(dict.fromkeys(known)) or _WORDS["Cross("]
    return [_ending(each, alone="" if several else alone, absent=absent) for each in sets]


def _words(of: FeatureSet) -> list[str]:
    return [_WORDS[call] for call in _WORDS if any(line.startswith(call) for line in of.lines)]


def _ending(of: FeatureSet, *, alone: str, absent: str) -> str:
    if of.encoder == "Designer":
        return " that a linear model reads"
    if alone:
        return alone
    words = _words(of)
    return f", {' and '.join(words)} among them" if words else f" without {absent}"
