"""The whole project, or why there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from modelwright.build.engine import Built
from modelwright.build.source.describing import describe
from modelwright.build.source.members import members_of
from modelwright.build.source.needs import requirements
from modelwright.build.source.origin import Origin
from modelwright.build.source.rendering import render
from modelwright.learners.base import Rows
from modelwright.predictor.bundle import Case, Facts
from modelwright.predictor.operations.folding import TABLE

_RECORDED = 24
"""Rows whose answers the project's test asks for."""
_LARGEST_BYTES = 200_000
"""More nobody would read."""
_LARGEST_LEARNED_BYTES = 1_500_000
"""Of one member that is carried over."""
_ALL_LEARNED_BYTES = 3 * _LARGEST_LEARNED_BYTES
"""Of all of them: one may have learned with three seeds."""


@dataclass(frozen=True)
class Left:
    """A project that is left out.

    Parameters
    ----------
    reason
        Why, as a clause.
    """

    reason: str


@dataclass(frozen=True)
class Written:
    """A project.

    Parameters
    ----------
    files
        The text of each file by its name.
    carried
        Titles of the members that it carries over as they were learned.
    """

    files: Mapping[str, str]
    carried: tuple[str, ...] = ()


def write_source(
    built: Built, rows: Rows, origin: Origin, *, facts: Facts, cases: Sequence[Case]
) -> Written | Left:
    """Return a project that learns a model again without modelwright.

    Parameters
    ----------
    built
        The model.
    rows
        What it learned from.
    origin
        The table that these are of.
    facts
        For the project's README.
    cases
        Rows with recorded answers, for its test.

    Returns
    -------
    Written or Left
        The files, or why there are none.
    """
    reason = _reason_against(rows, origin)
    if reason:
        return Left(reason)
    members = members_of(built)
    if isinstance(members, str):
        return Left(members)
    if origin.split is None and any(member.fold is not None for member in members.learned):
        return Left("it is not known how rows were divided into folds")
    described = describe(built, members, rows, origin, facts)
    files = {
        **render(described),
        "requirements.txt": "\n".join(requirements(_libraries(described))) + "\n",
        "recorded.json": _recorded(cases, rows),
    }
    if _bytes(files) > _LARGEST_BYTES:
        return Left("the table has so many columns that nobody would read the code")
    if described["has_texts"]:
        files["folding.txt"] = TABLE.read_text(encoding="ascii")
    titles = tuple(sorted({each.title for each in members.carried}))
    learned = {f"learned/{each.name}.json": each.numbers() for each in members.carried}
    largest = max((len(text.encode()) for text in learned.values()), default=0)
    if largest > _LARGEST_LEARNED_BYTES or _bytes(learned) > _ALL_LEARNED_BYTES:
        return Left(f"{' and '.join(titles)} would be carried over, with too many numbers")
    return Written({**files, **learned}, titles)


def _bytes(files: Mapping[str, str]) -> int:
    return sum(len(text.encode(errors="replace")) for text in files.values())


def _libraries(described: Mapping[str, Any]) -> set[str]:
    topics = {"scikit-learn"} if described["has_topics"] else set()
    texts = {"scipy"} if described["has_texts"] else set()
    threads = {"threadpoolctl"} if described["one_thread"] else set()
    sheets = {"fastexcel"} if described["has_workbook"] else set()
    return {*described["libraries"], *topics, *texts, *threads, *sheets}


def _reason_against(rows: Rows, origin: Origin) -> str:
    if rows.task.is_classification:
        seen = np.bincount(rows.target.astype(np.int64), minlength=rows.task.n_outputs)
        if (seen == 0).any():
            return "the training rows lack a class, which only modelwright can answer with"
    if origin.target not in origin.schema:
        return "it is not known what the target was called in a table"
    split = origin.split
    if split is not None and split.kind == "time" and not split.boundary:
        return "it is not known where the holdout begins"
    return ""


def _recorded(cases: Sequence[Case], rows: Rows) -> str:
    """Return rows spread evenly over the recorded ones, with what the model answers."""
    whole = [case for case in cases if case.record]
    chosen = np.unique(np.linspace(0, len(whole) - 1, min(_RECORDED, len(whole))).astype(int))
    picked = [whole[place] for place in chosen]
    names = rows.schema.names
    content: Mapping[str, Any] = {
        "rows": [{name: case.record.get(name) for name in names} for case in picked],
        "answers": [list(case.expected) for case in picked],
    }
    return msgspec.json.encode(content).decode() + "\n"
