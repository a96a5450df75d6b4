"""Settings that members have in common: written once, and each member adds its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from modelwright.build.source.fitting import fit_name
from modelwright.build.source.literals import added_literal, literal
from modelwright.build.source.members import Member

_FEWEST_SHARED = 3
"""Settings: fewer are read sooner where they are used."""
_OF_LOSS = ("smoothing", "level")
"""Settings of a network that its loss holds in the project."""


def shared_settings(members: Sequence[Member]) -> dict[str, dict[str, Any]]:
    """Return by the name of a constant what all members with the same fit have in common."""
    alike: dict[str, list[Mapping[str, Any]]] = {}
    for member in members:
        alike.setdefault(_constant(member), []).append(_settings(member))
    found = {name: _common(each) for name, each in alike.items() if len(each) > 1}
    return {name: common for name, common in found.items() if len(common) >= _FEWEST_SHARED}


def write_settings(
    member: Member, shared: Mapping[str, Mapping[str, Any]], *, indent: int, taken: int
) -> str:
    """Return the settings of a member as source code.

    Parameters
    ----------
    member
        Whose settings they are.
    shared
        As `shared_settings` returns them.
    indent, taken
        As `literal` takes them.
    """
    name, settings = _constant(member), _settings(member)
    if name not in shared:
        return literal(settings, indent=indent, taken=taken)
    own = {key: value for key, value in settings.items() if key not in shared[name]}
    return added_literal(name, own, indent=indent, taken=taken)


def _constant(member: Member) -> str:
    return fit_name(member).removeprefix("fit_").upper()


def _settings(member: Member) -> Mapping[str, Any]:
    if not member.is_network:
        return member.settings
    embedded = sum(feature.kind == "Code" for feature in member.features)
    kept = {key: value for key, value in member.settings.items() if key not in _OF_LOSS}
    return {
        "loss": member.recipe.estimator,
        **kept,
        **({"embedded": embedded} if embedded else {}),
    }


def _common(settings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what all say alike; a whole number and a fraction that are equal are not alike."""
    first, *others = settings
    return {
        key: value
        for key, value in first.items()
        if all(key in each and repr(each[key]) == repr(value) for each in others)
    }
