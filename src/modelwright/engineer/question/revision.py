"""A brief that is there meets a person who asks again."""

from collections.abc import Collection, Mapping
from typing import Any

from modelwright.documents import Brief
from modelwright.engineer.question.brief_file import APART, brief_of, fields_of

_ROWS = ("data", "table", "query")
"""They say together which rows: a new one of them drops the others, and the sample."""

_CHOICE = (*_ROWS, "sample")


def revise(standing: Brief, asked: Mapping[str, Any]) -> Brief:
    """Return the brief after a person asked again.

    With the same target, what is asked replaces those keys and what was edited by hand stays.
    Another target is another question: nothing of the old brief counts but its data, and what it
    says of the life after the release.

    Parameters
    ----------
    standing
        What `modelwright.toml` says.
    asked
        Keys and values as in `modelwright.toml`, only those that the person gave.

    Raises
    ------
    BriefError
        When a key is unknown or a value has the wrong type.

    Examples
    --------
    >>> standing = Brief(data="may.csv", target="late", exclude=("tail",))
    >>> revise(standing, {"data": "june.csv", "seed": 1}).exclude
    ('tail',)
    >>> revise(standing, {"target": "cancelled"})
    Brief(data='may.csv', target='cancelled', ...exclude=(), ...)
    """
    fields = fields_of(standing)
    if any(asked.get(key, fields.get(key)) != fields.get(key) for key in _ROWS):
        kept = "data" if "data" not in asked else ""
        fields = {key: fields[key] for key in fields if key not in _CHOICE or key == kept}
    if asked.get("target", standing.target) != standing.target:
        fields = {key: fields[key] for key in fields if key in (*_CHOICE, *APART)}
    return brief_of({**fields, **asked, **_related(fields, asked)})


def _related(standing: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Join related tables by their names: what was said by hand of one of them stays."""
    if "related" not in asked:
        return {}
    before, now = standing.get("related", {}), asked["related"]
    joined = {name: {**before.get(name, {}), **said} for name, said in now.items()}
    return {"related": {**before, **joined}}


def compare(before: Brief, after: Brief, *, asked: Collection[str]) -> tuple[str, ...]:
    """Return sentences about what a person might not expect of a brief that was revised.

    Parameters
    ----------
    before, after
        The two briefs.
    asked
        The keys that the person gave.

    Examples
    --------
    >>> before = Brief(data="may.csv", target="late", exclude=("tail",))
    >>> after = revise(before, {"data": "may.csv", "target": "late", "seed": 1})
    >>> compare(before, after, asked=("data", "target", "seed"))
    ("modelwright.toml still says exclude = ['tail']", 'modelwright.toml now says seed = 1')
    """
    old, new = fields_of(before), fields_of(after)
    sentences = []
    for key in dict.fromkeys([*old, *new]):
        if key not in new:
            sentences.append(f"{key} = {_listed(old[key])} is dropped from modelwright.toml")
        elif old.get(key) != new[key]:
            was = f", not {_listed(old[key])}" if key in old else ""
            sentences.append(f"modelwright.toml now says {key} = {_listed(new[key])}{was}")
        elif key not in (*asked, *APART):
            sentences.append(f"modelwright.toml still says {key} = {_listed(new[key])}")
    return tuple(sentences)


def _listed(value: Any) -> str:
    return repr(list(value) if isinstance(value, tuple) else value)
