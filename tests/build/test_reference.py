from types import SimpleNamespace

import numpy as np
import polars as pl

from modelwright.build.reference import _with_seasons, make_reference, time_order
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.splitting.splits import Split
from modelwright.learners.base import Rows
from modelwright.predictor.reference.reference import Roughness, reference_of
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


def referred(rows: Rows, *, held: int, order=None):
    """Return a reference of a model that is surer than those of the folds."""
    built = SimpleNamespace(
        watched=None,
        scored=np.arange(_ROWS),
        answers=np.zeros((_ROWS, 1)),
        program=SimpleNamespace(run=lambda columns: columns["warm"][:, None] + 7.0),
    )
    rows_held = rows.take(np.arange(held))
    return make_reference(built, rows, held=rows_held, moment="", order=order)


def test_usual_answers_are_those_of_the_program_that_ships():
    rows = rows_of_a_year()
    assert referred(rows, held=100).answers.edges == (7.0,)
    # Of a few rows of a holdout, those out of fold are told.
    assert referred(rows, held=10).answers.counts == (_ROWS, 0)


def test_only_in_the_order_of_time_windows_are_rough():
    rows = rows_of_a_year()
    order = np.argsort(rows.columns["warm"], kind="stable")
    assert referred(rows, held=10, order=order).roughness.columns["warm"] > 10
    mixed = np.random.default_rng(0).permutation(_ROWS)
    assert referred(rows, held=10, order=mixed).roughness.columns.get("warm", 0.0) < 1
    assert referred(rows, held=10).roughness.losses is None


def test_the_order_is_that_of_the_plan():
    table = pl.DataFrame({"day": [3, 1, 1, 2], "made": [1, 2, 3, 0]})
    by_day, shuffled = Split(kind="time", column="day"), Split(kind="random")
    assert time_order(table, SimpleNamespace(split=by_day, moment="")).tolist() == [1, 2, 3, 0]
    assert time_order(table, SimpleNamespace(split=shuffled, moment="made"))[0] == 3
    assert time_order(table, SimpleNamespace(split=shuffled, moment="")) is None


def test_windows_of_training_say_how_much_live_ones_may_miss_otherwise():
    rows = rows_of_a_year()
    in_time = referred(rows, held=10, order=np.arange(_ROWS)).roughness
    assert (len(in_time.levels), len(in_time.moves)) == (5, 4)
    # In whatever order rows without a time come, live ones come in another.
    assert referred(rows, held=10).roughness == Roughness()
