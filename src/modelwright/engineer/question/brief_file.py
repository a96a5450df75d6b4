"""`modelwright.toml`: the only file that a person edits."""

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from modelwright.compute.budget import parse_duration
from modelwright.compute.limits import limits_of
from modelwright.data.relations.names import heading_of
from modelwright.data.relations.table import RelatedSource
from modelwright.documents import Brief, Deputy, Tracking, Upkeep
from modelwright.engineer.question.address import refuse_password, refuse_secret
from modelwright.errors import BriefError, nearest
from modelwright.maintain.messages.registry import channels_of
from modelwright.tasks.costs import Costs
from modelwright.tasks.goal import parse_goal
from modelwright.workspace.folder import Workspace
from modelwright.workspace.rollout_policy import RolloutPolicy

BRIEF_FILE = "modelwright.toml"
PREVIOUS_BRIEF = "modelwright.toml.previous"

_HEADER = """\
# The brief: what modelwright is asked. Edit it and run `modelwright run` again.
# A relative path in `data` begins at this folder. Every key: docs/reference/brief.md

"""


def write_brief(brief: Brief, workspace: Workspace) -> None:
    """Write a brief as `modelwright.toml`; what has its default is left out."""
    workspace.write_text(BRIEF_FILE, _HEADER + tomli_w.dumps(fields_of(brief)))


def fields_of(brief: Brief) -> dict[str, Any]:
    """Return what a brief says beyond the defaults, by the keys of `modelwright.toml`.

    Examples
    --------
    >>> fields_of(Brief(data="flights.csv", target="late", budget_s=90.0))
    {'data': 'flights.csv', 'target': 'late', 'budget': '90s'}
    """
    fields: dict[str, Any] = msgspec.to_builtins(brief)
    said = {
        key: value
        for key, value in fields.items()
        if key in ("data", "target") or value != _DEFAULTS[key]
    }
    if "budget_s" in said:
        said["budget"] = _duration(said.pop("budget_s"))
    if "related" in said:
        said["related"] = {name: _said_of(each) for name, each in said["related"].items()}
    return said


def question_of(brief: Brief) -> bytes:
    """Return what a brief asks, without what is said of the life after the release."""
    fields = msgspec.to_builtins(brief)
    return msgspec.json.encode({key: fields[key] for key in fields if key not in APART})


def _said_of(related: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in related.items() if key == "data" or value}


def has_brief(workspace: Workspace) -> bool:
    """Say whether the workspace has been asked something."""
    return workspace.has(BRIEF_FILE)


def keep_brief(workspace: Workspace) -> None:
    """Keep the brief that is about to be replaced: a misspelt question must not lose a good one."""
    if has_brief(workspace):
        workspace.write_bytes(PREVIOUS_BRIEF, workspace.read_bytes(BRIEF_FILE))


def read_brief(workspace: Workspace) -> Brief:
    """Read the brief of a workspace.

    Raises
    ------
    BriefError
        With the line or the key at fault.
    """
    if not has_brief(workspace):
        raise BriefError(
            f"{workspace.path} has no {BRIEF_FILE}.",
            f"Run: modelwright run DATA --target COLUMN --workspace {workspace.path}",
        )
    path = workspace.path / BRIEF_FILE
    try:
        return brief_of(tomllib.loads(workspace.read_bytes(BRIEF_FILE).decode()))
    except UnicodeDecodeError as error:
        raise BriefError(f"{path} is not in UTF-8: {error}.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise BriefError(f"{path} is no valid TOML: {error}.", "Mend that line.") from error


def brief_of(fields: Mapping[str, Any]) -> Brief:
    """Return the brief that keys and values say.

    Parameters
    ----------
    fields
        As in `modelwright.toml`; `budget` may be text such as ``"5m"``.

    Raises
    ------
    BriefError
        When a key is unknown, a value has the wrong type or the address holds a password.

    Examples
    --------
    >>> brief_of({"data": "flights.csv", "target": "late", "budget": "5m"}).budget_s
    300.0
    >>> brief_of({"data": "flights.csv", "tagret": "late"})
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: The brief has an unknown key 'tagret'. Did you mean 'target'?
    """
    _refuse_unknown(fields, KEYS, where="The brief")
    for key, (kind, where) in _TABLES.items():
        if isinstance(said := fields.get(key), Mapping):
            _refuse_unknown(said, kind.__struct_fields__, where=where)
    for name, said in _related_in(fields).items():
        _refuse_unknown(said, RelatedSource.__struct_fields__, where=heading_of(name))
    known = {key: _plain(value) for key, value in fields.items()}
    if "budget" in known:
        known["budget_s"] = _seconds(known.pop("budget"))
    try:
        brief = msgspec.convert(known, Brief)
    except msgspec.ValidationError as error:
        raise BriefError(f"The brief {_in_words(error)}.") from error
    for address in (brief.data, *(table.data for table in brief.related.values())):
        refuse_password(address)
    for table in brief.related.values():
        parse_delay(table.delay)
    refuse_secret(brief.tracking.to)
    _check_sizes(brief)
    channels_of(brief.messages)
    if brief.goal:
        parse_goal(brief.goal)
    return brief


def parse_delay(delay: str | float) -> float:
    """Return a delay in seconds; text may count days too.

    Raises
    ------
    BriefError
        When it is no duration.

    Examples
    --------
    >>> parse_delay("2h"), parse_delay("1d"), parse_delay("")
    (7200.0, 86400.0, 0.0)
    """
    if isinstance(delay, str):
        days = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*d(?:ays?)?\s*", delay)
        if days:
            return float(days[1]) * 86_400
        if not delay:
            return 0.0
    elif not delay:
        return 0.0
    return parse_duration(delay)


def _related_in(fields: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    related = fields.get("related", {})
    tables = related if isinstance(related, Mapping) else {}
    return {name: table for name, table in tables.items() if isinstance(table, Mapping)}


def _seconds(budget: Any) -> float:
    if not isinstance(budget, str | int | float):
        raise BriefError(f"The budget {budget!r} is no duration.", "Write '5m' or '90s'.")
    return parse_duration(budget)


def _duration(seconds: float) -> str | float:
    text = f"{seconds:g}s"
    exact = "e" not in text and parse_duration(text) == seconds
    return text if exact else seconds


def _plain(value: Any) -> Any:
    """Return a moment of TOML as text: a person may leave out its quotes."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def _check_sizes(brief: Brief) -> None:
    _ = brief.work_bytes
    limits_of(brief.max_latency, size=brief.max_size, memory=brief.max_memory)


def _refuse_unknown(fields: Mapping[str, Any], known: Collection[str], *, where: str) -> None:
    for key in fields:
        if key not in known:
            raise BriefError(f"{where} has an unknown key {key!r}.", nearest(key, known))


def _in_words(error: msgspec.ValidationError) -> str:
    """Put the key first, in the words of TOML.

    Examples
    --------
    >>> _in_words(msgspec.ValidationError("Expected `int`, got `str` - at `$.seed`"))
    "has a value for 'seed' that is no int but str"
    """
    said = str(error)
    match = re.fullmatch(r"Expected `(.*)`, got `(.*)` - at `\$\.(.*)`", said)
    if match is None:
        return "is not valid: " + said.replace("`", "'")
    expected, found, key = match.groups()
    return f"has a value for {key!r} that is no {expected} but {found}"


KEYS = tuple("budget" if key == "budget_s" else key for key in Brief.__struct_fields__)
"""What `modelwright.toml` may say."""

_TABLES: dict[str, tuple[type[msgspec.Struct], str]] = {
    "costs": (Costs, "`costs` in the brief"),
    "maintain": (Upkeep, "[maintain] in the brief"),
    "agent": (Deputy, "[agent] in the brief"),
    "rollout": (RolloutPolicy, "[rollout] in the brief"),
    "tracking": (Tracking, "[tracking] in the brief"),
}

APART = ("messages", "maintain", "agent", "rollout", "tracking")
"""Keys that ask nothing of the model: what was made stands when they change."""

_DEFAULTS = msgspec.to_builtins(Brief(data="", target=""))


def standing_brief(folder: Path) -> Brief | None:
    """Return the brief that is there; None where there is none."""
    workspace = Workspace(folder)
    return read_brief(workspace) if has_brief(workspace) else None
