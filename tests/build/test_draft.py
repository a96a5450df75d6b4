import numpy as np

from modelwright.build.draft import _with_seasons
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.predictor.reference import reference_of
from modelwright.tasks.task import Task

_ROWS = 4000
_TASK = Task(kind="regression")


def rows_of_a_year(*kinds: Kind) -> Rows:
    names = ("warm", "planned", "made")[: 1 + len(kinds)]
    schema = Schema(
        columns=tuple(
            Column(name=name, kind=kind)
            for name, kind in zip(names, (Kind.NUMERIC, *kinds), strict=True)
        )
    )
    moments = np.arange(_ROWS) * (366 * 86_400_000_000 // _ROWS)
    columns = dict.fromkeys(names, moments) | {"warm": np.arange(_ROWS) % 2.0}
    return Rows(schema, columns, target=np.ones(_ROWS), task=_TASK)


def seasons(rows: Rows, moment: str = ""):
    later = rows.take(np.arange(_ROWS // 2, _ROWS))
    answers = np.full((_ROWS // 2, 1), 3.0)
    reference = reference_of(dict(later.columns), rows.schema, answers, _TASK)
    return _with_seasons(reference, rows, (later, answers), moment=moment).seasons


def test_all_rows_are_counted_by_season_and_those_out_of_fold_say_what_is_lost():
    found = seasons(rows_of_a_year(Kind.DATETIME))
    assert found.moment == "planned"
    assert sorted(found.columns) == ["warm"]
    losses = {season.name: season.loss for season in found.known}
    assert (losses["month 1"], losses["month 12"]) == (None, 2.0)


def test_only_a_column_of_moments_tells_the_season():
    assert seasons(rows_of_a_year(Kind.NUMERIC)) is None
    # Of two nobody knows which one, unless the plan says it.
    two = rows_of_a_year(Kind.DATETIME, Kind.DATETIME)
    assert seasons(two) is None
    assert seasons(two, "made").moment == "made"
