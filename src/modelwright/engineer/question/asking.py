"""A question is asked: the brief of a workspace is written, or changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from modelwright.documents import Brief
from modelwright.engineer.archive import Report
from modelwright.engineer.question.address import (
    address_in_brief,
    metric_in_brief,
    related_in_brief,
)
from modelwright.engineer.question.brief_file import (
    BRIEF_FILE,
    PREVIOUS_BRIEF,
    brief_of,
    keep_brief,
    read_brief,
    standing_brief,
    write_brief,
)
from modelwright.engineer.question.intake import FRAME
from modelwright.engineer.question.revision import compare, revise
from modelwright.workspace.folder import Workspace


@dataclass(frozen=True)
class Asked:
    """A question that was just asked, and has not been read beside its table yet.

    Parameters
    ----------
    before
        What the brief said; None where there was none.
    brief
        What it says since.
    """

    before: Brief | None
    brief: Brief

    def take_back(self, key: str, workspace: Workspace, *, report: Report) -> None:
        """Let the brief say of a key what it said before: it names what is not there.

        Otherwise what was misspelt once would stay, for no option takes a key away. Who misspells
        the first target says it again anyway. What a person has written since stays.
        """
        now, before = read_brief(workspace), self.before
        if getattr(now, key) != getattr(self.brief, key):
            return
        if before is not None and key == "target":
            restored = before  # to ask for another target drops what was said of the one before
        elif key == "target":
            return
        else:
            kept = before or Brief(data=now.data, target=now.target)
            restored = msgspec.structs.replace(now, **{key: getattr(kept, key)})
        if restored != now:
            with workspace.lock("change the brief"):
                write_brief(restored, workspace)
            report("brief", f"`{key}` is taken back: {BRIEF_FILE} says of it what it said before")


def ask(folder: Path, asked: Mapping[str, Any], *, report: Report) -> Asked:
    """Write the brief of a workspace, or change the one that is there.

    Parameters
    ----------
    folder
        Of the workspace; it is made when it is missing.
    asked
        Keys and values as in `modelwright.toml`; a relative path begins at the present folder.
    report
        Told each key that changes, and each that stays though nobody asked for it now.
    """
    # Who only asks what is released need not wait for what reads tables.
    from modelwright.engineer.question.neighbours import look_around

    standing = standing_brief(folder)
    keys = look_around(_from(folder, asked), standing, folder, report=report)
    brief = brief_of(keys) if standing is None else revise(standing, keys)
    _try_related(asked.get("related", {}), brief, standing, folder)
    workspace = Workspace.create(folder)
    if brief != standing:
        with workspace.lock("change the brief"):
            keep_brief(workspace)
            write_brief(brief, workspace)
    for sentence in compare(standing, brief, asked=keys) if standing else ():
        report("brief", sentence)
    if standing not in (None, brief):
        report("brief", f"what it said before is kept in {PREVIOUS_BRIEF}")
    return Asked(standing, brief)


def _try_related(
    named: Collection[str], brief: Brief, standing: Brief | None, folder: Path
) -> None:
    """Open the related tables that are named anew, so that none is kept that cannot be opened."""
    before = {} if standing is None else standing.related
    new = [brief.related[name] for name in named if brief.related[name] != before.get(name)]
    if new:
        # Who names none need not wait for what reads tables.
        from modelwright.engineer.question.related import try_related

        for source in new:
            try_related(source, folder)


def _from(folder: Path, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return keys with the paths that a workspace's brief has, which begin at its folder."""
    keys = dict(asked)
    if keys.get("data", FRAME) != FRAME:
        keys["data"] = address_in_brief(keys["data"], folder)
    if "related" in keys:
        keys["related"] = related_in_brief(keys["related"], folder)
    if isinstance(keys.get("metric"), str):
        keys["metric"] = metric_in_brief(keys["metric"], folder)
    return keys
